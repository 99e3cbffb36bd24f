"""The listening side of the web: the door, aiohttp behind it, and the live streams that end before both."""

import asyncio
import contextlib
import socket
from collections.abc import Iterable
from functools import partial

from aiohttp import web

from gateway.feed.live import LiveHub
from gateway.feed.wakeups import Wakeups
from gateway.web.providers import Answer
from gateway.web.state import Limits, Site
from gateway.web.webhook_door import WebhookDoor

LONGEST_LINE = 16 * 1024
"""Bytes of a request's first line: a search of 200 characters of any script is 2,400 of them."""


class Front:
    """A listening application. `stop` ends the live streams first, since they would outlast any patience."""

    def __init__(
        self,
        app: web.Application,
        webhooks: Answer,
        site: Site,
        limits: Limits,
        hubs: Iterable[LiveHub],
        wakeups: Wakeups,
    ) -> None:
        self._door_of = partial(WebhookDoor, answer=webhooks, site=site, limit=limits.webhook)
        # A body that unpacks itself is unpacked after its request was refused, too: two megabytes of it are two
        # gigabytes to go through, while nobody else is served. Nobody who talks to us sends one; `read_bytes` says so.
        self._runner = web.AppRunner(
            app,
            access_log=None,
            handle_signals=False,
            shutdown_timeout=10,
            max_line_size=LONGEST_LINE,
            auto_decompress=False,
        )
        self._hubs = tuple(hubs)
        self._wakeups = wakeups
        self._tasks: list[asyncio.Task[None]] = []
        self._door: WebhookDoor | None = None
        self._server: asyncio.Server | None = None

    async def start(self, listening: socket.socket, backlog: int) -> None:
        """Fans out, then takes requests from a socket that is bound already."""
        self._tasks = [asyncio.create_task(hub.run(self._wakeups), name="live") for hub in self._hubs]
        await self._runner.setup()
        assert self._runner.server is not None, "it was just set up"
        self._door = self._door_of(self._runner.server)
        self._server = await asyncio.get_running_loop().create_server(self._door, sock=listening, backlog=backlog)

    async def stop(self) -> None:
        """No new requests; those under way are answered."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._server is not None and self._door is not None:
            self._server.close()
            await self._door.stop()
        await self._runner.cleanup()
