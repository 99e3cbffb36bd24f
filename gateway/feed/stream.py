"""One open page's or client's live stream: a bounded queue of ready-made octets."""

import asyncio
from collections import deque

from gateway.domain.visibility import Viewer

QUEUE = 64  # chunks; each holds all that happened within one coalescing pause
RELOAD = b"event: reload\ndata: {}\n\n"


class Stream:
    """What one listener is to be written. `credential` names what it signed in with, to be checked again and again.

    A listener that doesn't read is told to reload, once, and then has nothing more kept for it.
    """

    def __init__(self, workspace_id: int, viewer: Viewer, credential: str, start: int, queue: int = QUEUE) -> None:
        self.workspace_id = workspace_id
        self.viewer = viewer
        self.credential = credential
        self.start = start
        self.closed = False
        self.reloading = False
        self._limit = queue
        self._chunks: deque[bytes] = deque()
        self._ready = asyncio.Event()

    def offer(self, chunk: bytes) -> bool:
        """Queues a chunk. False when the listener did not keep up, and was told to reload instead."""
        if self.closed or self.reloading:
            return True
        if len(self._chunks) >= self._limit:
            self.reload()
            return False
        self._chunks.append(chunk)
        self._ready.set()
        return True

    def begin_with(self, chunk: bytes) -> None:
        """What happened before the stream was opened goes in front."""
        if chunk and not self.reloading:
            self._chunks.appendleft(chunk)
            self._ready.set()

    def reload(self) -> None:
        """Everything queued gives way to the word that the page is out of date; then the stream ends."""
        self._chunks.clear()
        self._chunks.append(RELOAD)
        self.reloading = True
        self._ready.set()

    def close(self) -> None:
        """Ends the stream at once, with nothing more written: whoever listens may not any longer."""
        self.closed = True
        self._chunks.clear()
        self._ready.set()

    async def read(self, seconds: float) -> bytes | None:
        """All that is queued; `b""` after so many quiet ones (time for a heartbeat); None when it is over."""
        if not self._chunks and not self.closed and not self.reloading:
            self._ready.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._ready.wait()
            except TimeoutError:
                return b""
        if self.closed or not self._chunks:
            return None
        joined = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        return joined
