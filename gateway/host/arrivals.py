"""Files that came with a message itself, into the blob store before the message is; and its HTML, sanitised.

A provider that keeps files for us is asked for them later, as work. Mail brings them along, so they must be as durable
as the message when it is acknowledged.
"""

import asyncio
import contextlib
from collections.abc import Iterator

from gateway.core.commands.messages import StoredFile
from gateway.domain.record import record
from gateway.host.sniff import HEAD, UNKNOWN, UnsafeImage, check_image, content_type_of
from gateway.sdk.html import TooWildHtml, sanitise
from gateway.sdk.values import Inbound
from gateway.storage.blobs import FileBlobs

_FORMATTED = "message.html"


@record
class Arrived:
    """What is stored of one message; nothing for most."""

    files: tuple[StoredFile, ...] = ()
    html: StoredFile | None = None

    def __iter__(self) -> Iterator[StoredFile]:
        """Every file, the HTML among them."""
        yield from self.files
        if self.html is not None:
            yield self.html


NOTHING = Arrived()


def brings_files(inbound: Inbound) -> bool:
    """Whether there is anything to keep beside the message itself."""
    return inbound.html is not None or any(one.content is not None for one in inbound.media)


class Arrivals:
    """Keeps them, or throws them away again where the message turns out to be known."""

    def __init__(self, blobs: FileBlobs) -> None:
        self._blobs = blobs

    async def keep(self, inbound: Inbound) -> Arrived:
        """Stores what came along; durable when this returns. Raises StorageUnavailable, and then nothing is left."""
        if not brings_files(inbound):
            return NOTHING
        stored: list[StoredFile] = []
        try:
            for one in inbound.media:
                if one.content:
                    kept = await self._file(one.content, one.content_type, one.name, one.content_id)
                    stored.append(kept)
            formatted = await self._html(inbound.html) if inbound.html else None
        except BaseException:
            await self.discard(Arrived(tuple(stored)))
            raise
        if formatted is not None and formatted.name is not None:  # too wild to be shown: a file like others
            return Arrived((*stored, formatted))
        return Arrived(tuple(stored), formatted)

    async def discard(self, arrived: Arrived) -> None:
        """Nobody needs them after all."""
        for one in arrived:
            with contextlib.suppress(OSError):
                await self._blobs.delete(one.blob)

    async def _file(self, content: bytes, declared: str, name: str | None, content_id: str | None) -> StoredFile:
        """What it is, its bytes say; a picture that can't be shown safely is a file like any other."""
        kind = content_type_of(content[:HEAD], declared)
        blob = await self._blobs.put(content)
        try:
            await asyncio.to_thread(check_image, self._blobs.path(blob), kind)
        except UnsafeImage:
            kind = UNKNOWN
        return StoredFile(kind, len(content), blob, name, content_id)

    async def _html(self, html: str) -> StoredFile | None:
        try:
            clean = await asyncio.to_thread(sanitise, html)
        except TooWildHtml:
            return await self._file(html.encode("utf-8", "replace"), "text/html", _FORMATTED, None)
        content = clean.encode("utf-8", "replace")
        return StoredFile("text/html", len(content), await self._blobs.put(content)) if content else None
