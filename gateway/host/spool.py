"""What comes in while the database can't take it: appended to a file and fsynced before it is acknowledged.

One JSON line a record, with its checksum in front. A line torn by a crash was never acknowledged, and is cut off at the
next start. Once all is replayed the file is emptied; replaying some of it twice is harmless, since every record is
recognised by its provider key.
"""

import asyncio
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar
from zlib import crc32

import msgspec
import structlog

from gateway.domain.record import record
from gateway.host.batching import Batcher
from gateway.sdk.values import Inbound, Receipt, Unparsed

MOST_BYTES = 256 * 1024 * 1024
REPLAY_BATCH = 200
_PATTERN = "inbound-{}.spool"
_FILES = 64

T = TypeVar("T")
_log = structlog.get_logger(__name__)


@record
class SpoolRecord:
    """One item that came in, and when (milliseconds since the epoch). Exactly one of the last three is set."""

    workspace_id: int
    gateway_id: int
    account: str
    at: int
    inbound: Inbound | None = None
    receipt: Receipt | None = None
    unparsed: Unparsed | None = None

    @property
    def item(self) -> Inbound | Receipt | Unparsed:
        """What came in."""
        found = self.inbound or self.receipt or self.unparsed
        assert found is not None, "a record holds an item"
        return found


class SpoolFull(Exception):
    """The spool has its size, or the disk has no room. Nothing was stored."""


class Spool:
    """This process's file in a folder of such files; those of processes that are gone are taken over at the start."""

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._thread = ThreadPoolExecutor(1, "spool")
        self._append = Batcher[bytes, None](self._append_lines)
        self._path = folder
        self._file: BinaryIO | None = None
        self._size = 0
        self._given_from = 0
        self._given_to = 0
        self.damaged = 0

    @property
    def size(self) -> int:
        """How large the file is, in bytes; 0 when nothing waits in it."""
        return self._size

    async def open(self) -> None:
        """Finds what an earlier run left."""
        await self._do(self._open)

    async def close(self) -> None:
        """Leaves what is not replayed for the next start."""
        await self._do(self._close)
        self._thread.shutdown()

    async def add(self, records: Sequence[SpoolRecord]) -> None:
        """Durable when this returns. Raises SpoolFull, also for any fault of the disk."""
        await self._append(b"".join(map(_line, records)))

    async def next(self) -> list[SpoolRecord]:
        """The oldest records that were not taken yet, at most a few hundred; empties the file when there are none."""
        return await self._do(self._next)

    async def rewind(self) -> None:
        """The last records taken could not be stored: they are given out again."""
        await self._do(self._rewind)

    async def _do(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    # --- in the spool's own thread ---

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        orphans = []
        for number in range(_FILES):
            path = self._folder / _PATTERN.format(number)
            if self._file is not None and not path.exists():
                continue
            file = path.open("a+b")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            if self._file is None:
                self._file, self._path = file, path
            else:
                orphans.append((path, file))
        if self._file is None:
            raise OSError(f"{self._folder}: all {_FILES} spool files are in use")
        self._size = self._mend(self._file)
        for path, file in orphans:
            self._take_over(path, file)
        _sync_folder(self._folder)

    def _mend(self, file: BinaryIO) -> int:
        """Cuts off a torn last line; returns the size."""
        file.seek(0)
        whole = size = 0
        for line in file:
            size += len(line)
            whole = size if line.endswith(b"\n") else whole
        if whole < size:
            self.damaged += 1
            _log.warning("torn line in the spool cut off", bytes=size - whole)
            os.ftruncate(file.fileno(), whole)
            os.fsync(file.fileno())
        return whole

    def _take_over(self, path: Path, file: BinaryIO) -> None:
        with file:
            self._mend(file)
            file.seek(0)
            for line in file:
                self._write(line)
            path.unlink()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    async def _append_lines(self, lines: Sequence[bytes]) -> Sequence[None]:
        await self._do(lambda: self._write(b"".join(lines)))
        return [None] * len(lines)

    def _write(self, data: bytes) -> None:
        assert self._file is not None, "the spool is not open"
        if self._size + len(data) > self._most_bytes:
            raise SpoolFull(f"the spool holds {self._size} bytes already")
        descriptor = self._file.fileno()
        try:
            written = 0
            while written < len(data):
                written += os.write(descriptor, data[written:])
            os.fsync(descriptor)
        except OSError as error:
            os.ftruncate(descriptor, self._size)
            raise SpoolFull(str(error)) from error
        self._size += len(data)

    def _next(self) -> list[SpoolRecord]:
        assert self._file is not None, "the spool is not open"
        taken = []
        self._given_from = self._given_to
        for end, kept in self._records(self._given_from):
            self._given_to = end
            if kept is not None:
                taken.append(kept)
            if len(taken) == REPLAY_BATCH:
                break
        if not taken and self._size:
            os.ftruncate(self._file.fileno(), 0)
            os.fsync(self._file.fileno())
            self._size = self._given_from = self._given_to = 0
        return taken

    def _rewind(self) -> None:
        self._given_to = self._given_from

    def _records(self, start: int) -> Iterator[tuple[int, SpoolRecord | None]]:
        """Where each line ends and what it holds; None for one that is damaged."""
        with self._path.open("rb") as file:
            file.seek(start)
            end = start
            for line in file:
                end += len(line)
                record = _parse(line)
                if record is None:
                    self.damaged += 1
                    _log.error("damaged line in the spool", at=end - len(line))
                yield end, record


def _line(record: SpoolRecord) -> bytes:
    text = _encode(record)
    return b"%08x %s\n" % (crc32(text), text)


def _encode(record: SpoolRecord) -> bytes:
    """JSON; half characters, which UTF-8 has no octets for, are written as the escapes that JSON has for them."""
    try:
        return msgspec.json.encode(record)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(record), separators=(",", ":")).encode()


def _decode(text: bytes) -> SpoolRecord:
    try:
        return msgspec.json.decode(text, type=SpoolRecord)
    except msgspec.DecodeError:
        return msgspec.convert(json.loads(text), SpoolRecord)


def _parse(line: bytes) -> SpoolRecord | None:
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    try:
        if int(checksum, 16) != crc32(text):
            return None
        return _decode(text)
    except (ValueError, msgspec.DecodeError):
        return None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
