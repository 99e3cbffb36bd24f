"""The product between a message centre and a database, killed and started again in one place."""

import asyncio
import itertools
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from gateway.domain.ids import parse_id
from plugins.sms_smpp.tests.centre import Centre
from tests.conftest import Serve
from tests.stories.levers import look
from tests.stories.outside import LOOK_AGAIN_S, PATIENCE_S, Join, Outside
from tests.support.gateway import RunningGateway
from tests.support.ports import find_free_port

DESK = "+14155550132"
SLOW = "+14155550133"  # takes a message in four seconds
SIMULATED = "+12025550100"
NAMED_WITHIN_S = 2  # what the centre says now has its name by then
PLAIN = 0  # a destination that ends in 00 dials no fault at the centre


@dataclass
class Site:
    """What was promised to those outside is remembered here, over all lives of the server."""

    serve: Serve
    join: Join
    centre: Centre
    database: str
    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    port: int = field(default_factory=find_free_port)
    kills: int = 0
    received: set[str] = field(default_factory=set)
    accepted: dict[str, str] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _told: dict[str, int] = field(default_factory=dict)
    _events: Counter[str] = field(default_factory=Counter)
    _submissions: Counter[str] = field(default_factory=Counter)
    _answered: Counter[str] = field(default_factory=Counter)
    _lives: int = 0
    _running: RunningGateway | None = None
    _outside: Outside | None = None

    async def open(self) -> None:
        """The first start: a gateway bound to the centre with two senders, and the simulator beside it."""
        await self._start()
        assert self._running is not None
        self._outside = await asyncio.to_thread(self.join, self._running, self.database)
        gateway = await self.outside.add_smpp(self.centre, **self.settings)
        self._lives = 1
        await self.outside.add_sender(DESK, gateway)
        slow = {"kind": "long_code", "value": SLOW, "gateway_ids": [gateway["id"]], "rate": 0.25}
        await self.outside.post("/senders", slow)
        [simulator] = [one for one in await self.outside.everything("/gateways") if one["plugin"] == "simulator"]
        self.inbound_url = f"{self._running.url}/c/{simulator['token']}/inbound"

    @property
    def outside(self) -> Outside:
        assert self._outside is not None, "the site is not open"
        return self._outside

    async def kill(self) -> None:
        """As a power cut would."""
        assert self._running is not None
        os.kill(self._running.process.pid, signal.SIGKILL)
        await asyncio.to_thread(self._running.process.kill)
        self.kills += 1

    async def stop(self) -> int:
        """As an operator would; the exit status."""
        assert self._running is not None
        return await asyncio.to_thread(self._running.process.stop)

    async def revive(self) -> None:
        """Starts it again, and waits until the centre sees it."""
        await self._start()
        self._lives += 1
        await self.sees(lambda: self.count("bind_transceiver") == self._lives)
        await self.heard()

    async def _start(self) -> None:
        self._running = await self.node(self.folder, self.port)

    async def node(self, folder: Path, port: int | None = None) -> RunningGateway:
        """A process on the database; all have the key of the first."""
        env = {"ONETHREAD_ALLOW_HOSTS": "127.0.0.1"}
        if folder != self.folder:
            await asyncio.to_thread(self._share_key, folder)
        return await asyncio.to_thread(self.serve, "--database", self.database, data=folder, port=port, env=env)

    def _share_key(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        shutil.copy(self.folder / "secret.key", folder)

    def move_to(self, node: RunningGateway) -> None:
        """From now on those outside ask another node."""
        self._running = node
        self.inbound_url = self.inbound_url.replace(self.outside.url, node.url)
        self.outside.url = node.url

    async def heard(self) -> None:
        """The server has read all that the centre said so far: it answers in order."""
        answers = self.count("enquire_link_resp")
        self.centre.tell("enquire")
        await self.sees(lambda: self.count("enquire_link_resp") > answers)

    def count(self, event: str) -> int:
        """How often the centre said that."""
        self._catch_up()
        return self._events[event]

    def _catch_up(self) -> None:
        """Reads what the centre said since the last time."""
        for one in self.centre.events.items[self._events.total() :]:
            self._events[one["event"]] += 1
            if one["event"] == "submit_sm":
                self._submissions[one["text"]] += 1
            elif one["event"] == "deliver_sm_resp" and one["status"] == 0 and not one["text"].startswith("id:"):
                self._answered[one["text"]] += 1

    def number(self, ending: int = PLAIN) -> str:
        """A number nobody has heard of; its last two digits dial what the centre does with it."""
        n = next(self._numbers)
        return f"+1415{200 + n // 100:03d}{n % 100:02d}{ending:02d}"

    async def text_in(self, body: str, sender: str) -> int:
        """A provider delivers a webhook, and would deliver the same again."""
        words = {"from": sender, "to": SIMULATED, "body": body, "id": body}
        async with self.outside.session.post(self.inbound_url, json=words) as answer:
            if answer.status == 200:
                self.received.add(body)
            return answer.status

    def text_in_over_smpp(self, body: str, sender: str, **facts: Any) -> None:
        """The centre delivers a message. It counts as received when the centre has its answer."""
        self._told.setdefault(body, int(time.time()))
        self.centre.tell(
            "deliver", source_addr=sender[1:], source_addr_ton=1, destination_addr=DESK[1:], dest_addr_ton=1,
            **({"short_message": body} | facts),
        )  # fmt: skip

    async def bring_again(self, body: str, sender: str) -> None:
        """The centre had no answer and delivers the same again.

        A deliver_sm has no id: after a restart it is known by its octets within the minute in which it first came, and
        the plugin's README says so. So what is stored is not brought again when that minute is over.
        """
        if self._told[body] // 60 == int(time.time() + NAMED_WITHIN_S) // 60 or await self.copies(body) == 0:
            answers = self.delivered_over_smpp()[body]
            self.text_in_over_smpp(body, sender)
            await self.sees(lambda: self.delivered_over_smpp()[body] > answers)
            self.received.add(body)

    async def answered_over_smpp(self, body: str) -> None:
        """Until the centre has a good answer for that message."""
        await self.sees(lambda: body in self.delivered_over_smpp())
        self.received.add(body)

    def delivered_over_smpp(self) -> Counter[str]:
        """Texts that the centre may forget, and how often they were answered with status 0."""
        self._catch_up()
        return self._answered

    def report(self, provider_id: str) -> None:
        """The centre's receipt for a message it took."""
        text = (
            f"id:{provider_id} sub:001 dlvrd:001 submit date:2611211030 done date:2611211031 stat:DELIVRD err:000 text:"
        )
        self.centre.tell(
            "deliver", esm_class=4, short_message=text, destination_addr=DESK[1:], source_addr="14155550100"
        )

    async def send(self, body: str, to: str, key: str | None = None, sender: str = DESK) -> str:
        """A program sends; the id of its message once that is promised."""
        headers = {} if key is None else {"Idempotency_Key": key}
        message = {"to": to, "from": sender, "body": body}
        status, answer = await self.outside.call("POST", "/messages", message, **headers)
        assert status == 202, (status, answer)
        self.accepted[answer["id"]] = body
        message_id: str = answer["id"]
        return message_id

    async def submitted(self, body: str) -> None:
        """Until the centre has it."""
        await self.sees(lambda: self.submissions()[body] > 0)

    def submissions(self) -> Counter[str]:
        """How often the centre got each text."""
        self._catch_up()
        return self._submissions

    async def becomes(self, message_id: str, *statuses: str) -> Any:
        """The message, once the API says that it is one of those."""
        return await self.outside.until(f"/messages/{message_id}", lambda one: one["status"] in statuses)

    async def stored(self, message_id: str) -> tuple[str, str | None]:
        """What is committed of a message: its status, and the state of its work. No server is needed for it."""
        question = (
            "SELECT m.status, w.state FROM messages m LEFT JOIN work w ON w.subject_id = m.id AND w.kind = 'send'"
            f" WHERE m.id = {parse_id(message_id, 'msg')}"
        )
        [(status, work)] = await look(self.database, question)
        return status, work

    async def copies(self, body: str) -> int:
        """How many messages with that text came in and are committed."""
        question = f"SELECT count(*) FROM messages WHERE direction = 'inbound' AND body = '{body}'"
        [(count,)] = await look(self.database, question)
        return int(count)

    async def sees(self, reached: Callable[[], bool]) -> None:
        """Looks again at what the centre said until it is so."""

        async def now() -> bool:
            return reached()

        await self.until(now)

    async def until(self, reached: Callable[[], Awaitable[bool]]) -> None:
        """Looks again until it is so."""
        deadline = time.monotonic() + PATIENCE_S
        while not await reached():
            assert time.monotonic() < deadline
            await asyncio.sleep(LOOK_AGAIN_S / 5)


async def unanswered(asked: "asyncio.Task[Any]") -> None:
    """Whoever asked lost the connection, and knows nothing."""
    try:
        await asked
    except (aiohttp.ClientError, ConnectionError):
        return
    raise AssertionError("it was answered")
