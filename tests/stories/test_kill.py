"""kill -9 while texts come in and go out: nothing acknowledged is lost, nothing is doubled in silence.

Whoever got no answer asks again, as providers, centres and careful programs do.
"""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from plugins.sms_smpp.tests.centre import Centre
from tests.conftest import Serve
from tests.stories.outside import PATIENCE_S, Join
from tests.stories.promises import check_promises
from tests.stories.site import Site

KILLS = 3  # on each database
ENOUGH = 40  # promises of each kind between two kills, at most
AT_ONCE = 8
SEED = 5

Ask = Callable[[str, str], Awaitable[bool]]


@dataclass
class Client:
    """Somebody with texts to bring. What was not answered is brought again, first of all."""

    name: str
    ask: Ask
    site: Site
    count: int = 0
    promised: int = 0
    open: deque[tuple[str, str]] = field(default_factory=deque)

    async def run(self) -> None:
        """Brings one after the other until the connection is lost."""
        while True:
            text = self.open.popleft() if self.open else self._next()
            try:
                if not await self.ask(*text):
                    self.open.append(text)
                    return
            except (aiohttp.ClientError, ConnectionError):
                self.open.append(text)
                return
            self.promised += 1

    def _next(self) -> tuple[str, str]:
        self.count += 1
        return f"{self.name} {self.count}", self.site.number()


@dataclass
class Load:
    """Everybody who asks."""

    site: Site
    clients: list[Client]
    dead: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def on(cls, site: Site) -> "Load":
        load = cls(site, [])
        for n in range(AT_ONCE):
            for name, ask in (("in", load.webhook), ("out", load.api), ("sms", load.sms)):
                load.clients.append(Client(f"{name} {n}", ask, site))
        return load

    async def webhook(self, body: str, number: str) -> bool:
        return await self.site.text_in(body, number) == 200

    async def api(self, body: str, number: str) -> bool:
        await self.site.send(body, number, key=body)
        return True

    async def sms(self, body: str, number: str) -> bool:
        """The centre waits for its answer, or for the end of the server."""
        self.site.text_in_over_smpp(body, number)
        answered = asyncio.create_task(self.site.answered_over_smpp(body))
        dead = asyncio.create_task(self.dead.wait())
        await asyncio.wait({answered, dead}, return_when=asyncio.FIRST_COMPLETED)
        dead.cancel()
        if not answered.done():
            answered.cancel()
            return False
        return True

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        """All of them at once while the block runs; it ends with the server."""
        self.dead.clear()
        tasks = [asyncio.create_task(client.run()) for client in self.clients]
        yield
        self.dead.set()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*tasks)

    async def until(self, more: int) -> None:
        """Until so much more was promised to everybody together."""
        wanted = self.promised + more
        await self.site.sees(lambda: self.promised >= wanted)

    @property
    def promised(self) -> int:
        return sum(client.promised for client in self.clients)

    async def finish(self) -> None:
        """What is still open is brought a last time."""
        for client in self.clients:
            while client.open:
                body, number = client.open.popleft()
                if client.name.startswith("sms"):
                    await self.site.bring_again(body, number)
                else:
                    assert await client.ask(body, number)


@pytest.mark.timeout(200 + 40 * KILLS)
async def test_nothing_promised_is_lost_or_doubled(
    serve: Serve, join: Join, centre: Centre, database_url: str, tmp_path: Path
) -> None:
    site = Site(serve, join, centre, database_url, tmp_path / "data")
    await site.open()
    load, dice = Load.on(site), random.Random(SEED)
    for _ in range(KILLS):
        async with load.under_way():
            await load.until(dice.randrange(1, 3 * ENOUGH))
            await site.kill()
        await site.revive()
        await bring_sms_again(load)
    await load.finish()
    await check_promises(site)
    assert len(site.received) + len(site.accepted) >= load.promised


async def bring_sms_again(load: Load) -> None:
    """A centre delivers first what it had no answer for."""
    for client in load.clients:
        if client.name.startswith("sms"):
            while client.open:
                await load.site.bring_again(*client.open.popleft())
