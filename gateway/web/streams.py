"""Open live streams, counted: so many for a user, the oldest closed for a newer one; so many for a node, then 503."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gateway.web.problems import Problem


@dataclass(eq=False, slots=True)
class OpenStream:
    """One browser or program that listens. `closing` is set when it must end: replaced, or the server stops."""

    user_id: int
    closing: asyncio.Event = field(default_factory=asyncio.Event)


class Streams:
    """The streams of this node."""

    def __init__(self, per_user: int, most: int, counted: Callable[[int], None]) -> None:
        self._per_user = per_user
        self._most = most
        self._counted = counted
        self._open: dict[int, list[OpenStream]] = defaultdict(list)
        self._count = 0
        self._closed = False

    @asynccontextmanager
    async def open(self, user_id: int) -> AsyncIterator[OpenStream]:
        """Counts a stream for as long as the block runs. Problem 503 when the node has enough."""
        if self._count >= self._most or self._closed:
            raise Problem(503, "too-many-streams", "Too many live streams are open.", headers={"Retry-After": "10"})
        stream = OpenStream(user_id)
        mine = self._open[user_id]
        mine.append(stream)
        self._change(1)
        if len(mine) > self._per_user:
            mine.pop(0).closing.set()
        try:
            yield stream
        finally:
            self._change(-1)
            if stream in mine:
                mine.remove(stream)
            if not mine:
                self._open.pop(user_id, None)

    def close(self) -> None:
        """The server stops: every stream ends, none begins."""
        self._closed = True
        for streams in list(self._open.values()):
            for stream in streams:
                stream.closing.set()

    def _change(self, by: int) -> None:
        self._count += by
        self._counted(self._count)
