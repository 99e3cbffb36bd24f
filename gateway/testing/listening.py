"""A TCP server on a free loopback port that can close its door, hold its answers, and let go of everybody."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Self

from gateway.sdk.faults import Dials, Fault, draw_fate, draw_fault

LOOPBACK = "127.0.0.1"


class Listening:
    """What the fakes that don't speak HTTP share. A connection is a Protocol that `connection` makes."""

    def __init__(
        self,
        *,
        chance: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.port = 0
        self.dials = Dials()
        self.transports: set[asyncio.Transport] = set()
        self._chance = chance or random.Random(1).random  # noqa: S311  the same faults in every run
        self._sleep = sleep
        self._server: asyncio.Server | None = None
        self._going = asyncio.Event()
        self._ended = asyncio.Event()
        self._going.set()

    def connection(self) -> asyncio.BaseProtocol:
        """What takes a new connection."""
        raise AssertionError("a fake says what takes its connections")

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Listens, on the port it had before if there was one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self.connection, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Ends, and lets go of whoever still waits."""
        self._ended.set()
        self._going.set()
        await self._shut()

    async def turn(self, dials: Dials) -> None:
        """From now on its network behaves so. Any share of `refuse` closes the port; 0 opens the same one again."""
        self.dials = dials
        if dials.refuse and self._server is not None:
            await self._shut()
        elif not dials.refuse and self._server is None and not self._ended.is_set():
            await self.open()

    def hold(self) -> None:
        """Answers wait, while requests are heard, until `release`."""
        self._going.clear()

    def release(self) -> None:
        """Answers go out."""
        self._going.set()

    async def spoil(self) -> Fault | None:
        """What becomes of one request, once its turn has come. HANG has waited until the end already."""
        fault = draw_fault(self.dials, self._chance)
        await self._going.wait()
        await self._sleep(self.dials.delay)
        if fault is Fault.HANG:
            await self._ended.wait()
        return fault

    def write(self, transport: asyncio.WriteTransport, octets: bytes) -> None:
        """Says something, byte by byte where the dials split it."""
        step = 1 if draw_fate(self.dials, self._chance).splits else max(1, len(octets))
        for place in range(0, len(octets), step):
            transport.write(octets[place : place + step])

    async def _shut(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
            for transport in list(self.transports):
                transport.abort()
            await server.wait_closed()
