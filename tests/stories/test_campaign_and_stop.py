"""A campaign racing STOP: two nodes on one PostgreSQL send it, people opt out at either, and one dies meanwhile."""

import asyncio
import itertools
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.sdk.channel import SEND_DEADLINE_S
from tests.conftest import Serve
from tests.stories.levers import end_leases, look
from tests.stories.outside import LOOK_AGAIN_S, PATIENCE_S, Join, Outside
from tests.support.gateway import RunningGateway
from tests.support.ports import find_free_port

PEOPLE = 200
DESK = "+14155550171"
NUMBER = "+1202556{:04d}"
KILLED_AT = 60
STATES = ("sent", "failed", "uncertain", "skipped")
# How far behind the one who just got it the next one stands who opts out: got it, is next, is queued, waits.
AHEAD = (0, 1, 2, 4, 7, 12, 20, 33, 50, 90)
# What was `sending` when STOP was stored may be that far from the wire: then a send is given up.
UNDER_WAY_S = SEND_DEADLINE_S


@dataclass
class Race:
    """The far side of both nodes: takes messages, and has people text STOP to one node or the other meanwhile."""

    session: aiohttp.ClientSession
    got: list[tuple[float, str]] = field(default_factory=list)
    stopped: dict[str, float] = field(default_factory=dict)
    doors: list[str] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)
    running: set["asyncio.Task[None]"] = field(default_factory=set)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        """A message arrives; somebody near it in the queue opts out at the same moment."""
        to = (await request.json())["to"]
        self.got.append((time.monotonic(), to))
        place = int(to[-4:]) + AHEAD[len(self.got) % len(AHEAD)]
        if place < PEOPLE and len(self.got) % 2 and place not in self.asked:
            self.asked.add(place)
            task = asyncio.create_task(self._stop(NUMBER.format(place), len(self.asked)))
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        if len(self.got) >= KILLED_AT:
            self.came.set()
        await asyncio.sleep(0.01)
        return web.json_response({})

    async def _stop(self, number: str, turn: int) -> None:
        """As a provider delivers it: the same again, at the other door, until one answers 200."""
        words = {"from": number, "to": DESK, "body": "STOP", "id": f"stop-{number}"}
        for door in itertools.cycle(self.doors[turn % 2 :] + self.doors[: turn % 2]):
            try:
                async with self.session.post(door, json=words) as answer:
                    if answer.status == 200:
                        self.stopped[number] = time.monotonic()
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(LOOK_AGAIN_S)


async def settled(outside: Outside, path: str) -> Any:
    return await outside.until(path, lambda one: one["state"] == "completed" and not one["results"]["queued"])


@pytest.mark.timeout(300)
async def test_nobody_who_stopped_is_written_to_and_nobody_twice(
    serve: Serve, join: Join, postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    database = postgres_database()

    async def node(name: str, port: int) -> RunningGateway:
        env = {"ONETHREAD_ALLOW_HOSTS": "127.0.0.1"}
        return await asyncio.to_thread(serve, "--database", database, data=tmp_path / name, port=port, env=env)

    ports = find_free_port(), find_free_port()
    one = await node("one", ports[0])
    (tmp_path / "two").mkdir()
    shutil.copy(tmp_path / "one" / "secret.key", tmp_path / "two")
    two = await node("two", ports[1])
    outside = await asyncio.to_thread(join, one, database)
    async with aiohttp.ClientSession() as session:
        race = Race(session)
        app = web.Application()
        app.router.add_post("/send", race.take)
        async with TestServer(app) as far:
            path = await prepared(outside, str(far.make_url("/send")), race, one, two)
            await outside.post(f"{path}/start", None)
            await asyncio.wait_for(race.came.wait(), 3 * PATIENCE_S)
            os.kill(two.process.pid, signal.SIGKILL)
            await asyncio.to_thread(two.process.kill)
            await end_leases(database)
            await node("two", ports[1])
            done = await settled(outside, path)
            await asyncio.wait_for(asyncio.gather(*race.running), PATIENCE_S)
    assert len(race.stopped) > PEOPLE / 5, "there was hardly a race"
    await check(outside, database, path, race, done["results"])


async def prepared(outside: Outside, url: str, race: Race, *nodes: RunningGateway) -> str:
    """A gateway to the far side, people on a list, and a campaign for them that was not started."""
    settings = {"send_url": url, "secret": "", "idempotency_header": ""}
    gateway = await outside.post("/gateways", {"plugin": "http", "name": "Far side", "settings": settings})
    race.doors = [f"{node.url}/c/{gateway['token']}/inbound" for node in nodes]
    await outside.add_sender(DESK, gateway)
    people = ({"name": f"Person {n}", "addresses": [NUMBER.format(n)]} for n in range(PEOPLE))
    made = await asyncio.gather(*(outside.post("/contacts", one) for one in people))
    chosen = await outside.post("/lists", {"name": "Everybody"})
    await outside.call("POST", f"/lists/{chosen['id']}/members", {"add": [one["id"] for one in made]})
    words = {"name": "Sale", "lists": [chosen["id"]], "body": "Sale today.", "from": DESK}
    return f"/campaigns/{(await outside.post('/campaigns', words))['id']}"


async def check(outside: Outside, database: str, path: str, race: Race, results: dict[str, Any]) -> None:
    """Of everybody: what reached them, what they said, what the campaign says of them."""
    reached = Counter(to for _, to in race.got)
    assert [to for to, times in reached.items() if times > 1] == [], "somebody got it twice"
    late = {to: at - race.stopped[to] for at, to in race.got if to in race.stopped and at > race.stopped[to]}
    assert all(seconds < UNDER_WAY_S for seconds in late.values()), late
    begun_after = await look(
        database,
        "SELECT s.position, b.position FROM events s JOIN events b ON b.contact_id = s.contact_id"
        " AND b.position > s.position AND b.type = 'message_status_changed'"
        """ AND b.data LIKE '%"status":"sending"%' WHERE s.type = 'contact_opted_out'""",
    )
    assert begun_after == [], "a send began after STOP was stored"
    rows = {NUMBER.format(int(row["name"].split()[1])): row for row in await outside.everything(f"{path}/recipients")}
    by_state = {state: {to for to, row in rows.items() if row["state"] == state} for state in STATES}
    refused = by_state["skipped"] | by_state["failed"]
    assert (len(rows), sum(map(len, by_state.values()))) == (PEOPLE, PEOPLE)
    assert by_state["sent"] <= set(reached) <= by_state["sent"] | by_state["uncertain"]
    assert refused <= set(race.stopped), "somebody who never said STOP was left out"
    assert {rows[to]["code"] for to in refused} == {"recipient-opted-out"}
    counted: dict[str, Any] = {state: len(by_state[state]) for state in ("sent", "failed", "uncertain")}
    counted["skipped"] = {"recipient-opted-out": len(by_state["skipped"])}
    assert {name: results[name] for name in counted} == counted
    answered = len(set(race.stopped) - by_state["skipped"])
    await outside.until(path, lambda one: one["results"]["opted_out"] == answered)
