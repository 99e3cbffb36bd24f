"""kill -9 while texts come in and go out: nothing acknowledged is lost, nothing is doubled in silence."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import pytest

from plugins.sms_smpp.tests.centre import Centre
from tests.conftest import Serve
from tests.stories.outside import Outside
from tests.support.gateway import RunningGateway
from tests.support.ports import find_free_port

Join = Callable[[RunningGateway], Outside]

DESK = "+14155550132"
KILLS = 3
ENOUGH = 40
AT_ONCE = 8
# Destinations whose last two digits dial no fault at the centre.
NUMBERS = tuple(f"+1415555{n:04d}" for n in range(200) if n % 100 < 79)


@dataclass
class Load:
    """What was asked for, and what was promised."""

    outside: Outside
    inbound_url: str
    numbers: Iterator[int] = field(default_factory=itertools.count)
    received: set[str] = field(default_factory=set)
    accepted: dict[str, str] = field(default_factory=dict)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def text_in(self) -> None:
        """A provider delivers until it is refused the connection."""
        while True:
            n = next(self.numbers)
            words = {"from": NUMBERS[n % len(NUMBERS)], "to": "+12025550100", "body": f"in {n}", "id": f"in-{n}"}
            async with self.outside.session.post(self.inbound_url, json=words) as answer:
                if answer.status == 200:
                    self.received.add(words["body"])
                    self.more.set()

    async def text_out(self) -> None:
        """A program sends until it is refused the connection."""
        while True:
            n = next(self.numbers)
            message = {"to": NUMBERS[n % len(NUMBERS)], "from": DESK, "body": f"out {n}"}
            status, answer = await self.outside.call("POST", "/messages", message)
            if status == 202:
                self.accepted[answer["id"]] = message["body"]
                self.more.set()

    async def until(self, received: int, accepted: int) -> None:
        """Until that much was promised."""
        async with asyncio.timeout(60):
            while len(self.received) < received or len(self.accepted) < accepted:
                self.more.clear()
                await self.more.wait()


@asynccontextmanager
async def under_way(load: Load) -> AsyncIterator[None]:
    """The load while the block runs; whoever loses their connection has had enough."""

    async def once(what: Callable[[], object]) -> None:
        with suppress(aiohttp.ClientError, ConnectionError):
            await what()  # type: ignore[misc]

    tasks = [asyncio.create_task(once(what)) for what in (load.text_in, load.text_out) for _ in range(AT_ONCE)]
    yield
    async with asyncio.timeout(30):
        await asyncio.gather(*tasks)


@pytest.mark.timeout(300)
async def test_nothing_promised_is_lost_or_doubled(serve: Serve, join: Join, centre: Centre) -> None:
    port = find_free_port()
    allowed = {"ONETHREAD_ALLOW_HOSTS": "127.0.0.1"}
    running = await asyncio.to_thread(serve, port=port, env=allowed)
    outside = join(running)
    await outside.add_sender(DESK, await outside.add_smpp(centre))
    [simulator] = [one for one in await outside.everything("/gateways") if one["plugin"] == "simulator"]
    load = Load(outside, f"{running.url}/c/{simulator['token']}/inbound")

    for _ in range(KILLS):
        async with under_way(load):
            await load.until(len(load.received) + ENOUGH, len(load.accepted) + ENOUGH)
            running.process.kill()
        running = await asyncio.to_thread(serve, data=running.data, port=port, env=allowed)

    bodies = Counter([await body_of(outside, event) for event in await log(outside, "message_received")])
    assert load.received <= bodies.keys()
    assert [body for body, count in bodies.items() if count > 1] == []

    queued = {event["message_id"] for event in await log(outside, "message_queued")}
    assert load.accepted.keys() <= queued
    statuses = {one: await settled(outside, one) for one in queued}
    submitted = Counter(event["text"] for event in centre.events.items if event["event"] == "submit_sm")
    assert [body for body, count in submitted.items() if count > 1] == []
    # A receipt that the centre sent into the cut connection is lost at the centre: "sent" is all that is known then.
    assert set(statuses.values()) <= {"sent", "delivered", "uncertain"}
    for message_id, body in load.accepted.items():
        assert submitted[body] == 1 or statuses[message_id] == "uncertain"


async def log(outside: Outside, kind: str) -> list[dict[str, str]]:
    """All events of a type, in order."""
    found: list[dict[str, str]] = []
    after = 0
    while page := (await outside.get(f"/events?types={kind}&after={after}&limit=200"))["items"]:
        found += page
        after = page[-1]["position"]
    return found


async def body_of(outside: Outside, event: dict[str, str]) -> str:
    body: str = (await outside.get(f"/messages/{event['message_id']}"))["body"]
    return body


async def settled(outside: Outside, message_id: str) -> str:
    """The status of a message once it has come to rest."""
    resting = {"sent", "delivered", "uncertain", "failed", "undelivered", "expired"}
    message = await outside.until(f"/messages/{message_id}", lambda one: one["status"] in resting)
    status: str = message["status"]
    return status
