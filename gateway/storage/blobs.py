"""Stored files: bytes under random names in the data folder, durable before their name is known to anybody."""

import asyncio
import contextlib
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO

from gateway.storage.database import StorageUnavailable

_NAME = re.compile(r"[0-9a-f]{32}")


class BlobTooLarge(Exception):
    """More bytes came than may be kept; nothing was."""


class FileBlobs:
    """A folder of files, spread over 256 folders by the first two letters of their names."""

    def __init__(self, folder: Path, random: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._random = random

    async def put(self, content: bytes) -> str:
        """Stores bytes that are all there, and returns their name once they are on disk. Raises StorageUnavailable."""

        async def whole() -> AsyncIterator[bytes]:
            yield content

        return (await self.receive(whole(), len(content)))[0]

    async def receive(self, chunks: AsyncIterable[bytes], limit: int) -> tuple[str, int]:
        """Stores what comes and returns its name and size once it is on disk.

        Raises BlobTooLarge beyond `limit` bytes, StorageUnavailable when the disk can't take it.
        """
        name = self._random(16).hex()
        path = self.path(name)
        draft = path.with_suffix(".part")
        size = 0
        try:
            file = await asyncio.to_thread(_create, draft)
            with file:
                async for chunk in chunks:
                    size = _counted(size + len(chunk), limit)
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(_sync, file.fileno(), file.flush)
            await asyncio.to_thread(_publish, draft, path)
        except OSError as error:
            await self._discard(draft)
            raise StorageUnavailable(f"the file could not be stored: {error.strerror}") from error
        except BaseException:
            await self._discard(draft)
            raise
        return name, size

    async def get(self, name: str) -> bytes | None:
        """All of a file; None when it is gone."""
        path = self.path(name)
        with contextlib.suppress(FileNotFoundError):
            return await asyncio.to_thread(path.read_bytes)
        return None

    async def delete(self, name: str) -> None:
        """Gone for good; nothing happens when it was."""
        path = self.path(name)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def older_than(self, moment: float) -> AsyncIterator[list[str]]:
        """The names of files last changed before `moment` (seconds since the epoch), folder by folder.

        Drafts as old as that belong to nobody any more: they are removed on the way.
        """
        for folder in await asyncio.to_thread(lambda: sorted(self._folder.glob("[0-9a-f][0-9a-f]"))):
            if names := await asyncio.to_thread(_older, folder, moment):
                yield names

    def path(self, name: str) -> Path:
        """Where a file is. ValueError for a name that was not made here."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a stored file")
        return self._folder / name[:2] / name

    async def _discard(self, draft: Path) -> None:
        with contextlib.suppress(OSError):
            await asyncio.to_thread(draft.unlink, missing_ok=True)


def _older(folder: Path, moment: float) -> list[str]:
    names = []
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < moment:
                if _NAME.fullmatch(path.name):
                    names.append(path.name)
                elif path.suffix == ".part":
                    path.unlink()
    return names


def _counted(size: int, limit: int) -> int:
    if size > limit:
        raise BlobTooLarge
    return size


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


def _sync(descriptor: int, flush: Callable[[], None]) -> None:
    flush()
    os.fsync(descriptor)


def _publish(draft: Path, path: Path) -> None:
    """The name appears with its content, and the folder remembers it."""
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
