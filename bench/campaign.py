"""Scenario: a campaign of 100,000: how long it takes to write its recipients down, and what people's replies notice."""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from sqlalchemy import bindparam

from bench.effort import Effort
from bench.machine import cores, on_core
from bench.product import Product, serving
from bench.report import Finding, Section
from bench.spread import short, spread
from gateway.domain.address import AddressKind
from gateway.domain.events import EventType
from gateway.domain.ids import IdSource, parse_id
from gateway.domain.lists import ListMember
from gateway.domain.model import Contact, ContactAddress, Thread
from gateway.storage.connect import open_database
from gateway.storage.query import Query
from gateway.storage.records import ADDRESSES, CONTACTS, EVENTS, LIST_MEMBERS, THREADS
from gateway.storage.schema import events
from gateway.storage.session import Session
from gateway.storage.workspaces import workspace_ids

RECIPIENTS = 100_000
QUICK = 20_000
RATE = 10
_NODE = 900
_PIECE = 2_000
_PATIENCE_S = 300.0
_SENT = Query(
    EVENTS.select()
    .where(events.c.type == bindparam("type"), events.c.message_id.is_not(None))
    .order_by(events.c.position)
)


def measure(effort: Effort) -> Section:
    """Replies alone, then the same replies while the campaign is loaded and while it sends."""
    count = QUICK if effort.quick else RECIPIENTS
    with tempfile.TemporaryDirectory(prefix="onethread-bench-") as name, serving(Path(name)) as product:
        replies = int(RATE * effort.seconds * effort.rounds)
        load, alone, loading, beside = asyncio.run(_measure(product, _token(product), count, replies))
    return Section(
        "Campaign",
        f"{count} contacts on one list, on SQLite. Replies of people by POST /api/v1/messages, {RATE} a second, each "
        "from the request to the event that says sent: alone, while recipients are written down, and while the "
        "campaign sends without a pace.",
        [
            Finding(f"writing {count} recipients down", spread([load]), "s", 30, 10, most=True),
            Finding("reply, alone, p50", spread([_at(alone, 0.5)]), "ms", detail=f"p95 {short(_at(alone, 0.95))} ms"),
            _against(alone, loading, "reply while it loads, of alone, p50"),
            _against(alone, beside, "reply while it sends, of alone, p50"),
        ],
    )


def _token(product: Product) -> str:
    words = [sys.executable, "-m", "gateway", "token", "create", "--role", "administrator"]
    words += ["--data", str(product.folder), "--database", product.database]
    made = subprocess.run(on_core(cores().generator, words), capture_output=True, text=True, check=True)
    return made.stdout.split()[-1]


def _against(alone: list[float], beside: list[float], what: str) -> Finding:
    ratio = _at(beside, 0.5) / _at(alone, 0.5)
    detail = f"p50 {short(_at(beside, 0.5))} ms, p95 {short(_at(beside, 0.95))} ms, {len(beside)} replies"
    return Finding(what, spread([ratio]), detail=detail)


def _at(waits: list[float], share: float) -> float:
    return sorted(waits)[int(len(waits) * share)]


async def _measure(
    product: Product, token: str, count: int, replies: int
) -> tuple[float, list[float], list[float], list[float]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(product.url, headers=headers) as http:
        named = await _ask(http, "POST", "lists", {"name": "Everybody"})
        await _fill(product, parse_id(named["id"], "lst"), count)
        await _replies(http, RATE, 0)
        alone = await _replies(http, replies, 1_000)
        body = {"name": "Everybody", "lists": [named["id"]], "body": "Hello, this is news."}
        campaign = await _ask(http, "POST", "campaigns", body)
        begun = time.monotonic()
        await _ask(http, "POST", f"campaigns/{campaign['id']}/start", None)
        writing = asyncio.create_task(_replies(http, replies, 100_000, f"campaigns/{campaign['id']}"))
        load = await _loaded(http, campaign["id"], begun)
        loading = await writing
        beside = await _replies(http, replies, 200_000)
        state = (await _ask(http, "GET", f"campaigns/{campaign['id']}", None))["state"]
        if state != "running":
            raise RuntimeError(f"the campaign is {state}: nothing was measured beside it")
        await _ask(http, "POST", f"campaigns/{campaign['id']}/cancel", None)
    sent = await _when_sent(product, {*alone, *loading, *beside})
    return load, *([sent[one] - at for one, at in asked.items()] for asked in (alone, loading, beside))  # type: ignore[return-value]


async def _loaded(http: aiohttp.ClientSession, campaign: str, begun: float) -> float:
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            await asyncio.sleep(0.5)
            if (await _ask(http, "GET", f"campaigns/{campaign}", None))["state"] != "loading":
                return time.monotonic() - begun


async def _replies(
    http: aiohttp.ClientSession, count: int, offset: int, until_loaded: str | None = None
) -> dict[int, float]:
    """When each was asked for, in ms since the epoch; only as long as the campaign loads, where one is named."""
    begun = asyncio.get_running_loop().time()
    tasks = []
    for number in range(count):
        await asyncio.sleep(begun + number / RATE - asyncio.get_running_loop().time())
        if (
            until_loaded
            and number % RATE == RATE - 1
            and (await _ask(http, "GET", until_loaded, None))["state"] != "loading"
        ):
            break
        tasks.append(asyncio.create_task(_reply(http, offset + number)))
    return dict(await asyncio.gather(*tasks))


async def _reply(http: aiohttp.ClientSession, number: int) -> tuple[int, float]:
    at = time.time() * 1000
    made = await _ask(http, "POST", "messages", {"to": f"+1556{number:07}", "body": "Your table is ready."})
    return parse_id(made["id"], "msg"), at


async def _ask(http: aiohttp.ClientSession, method: str, path: str, body: Any) -> dict[str, Any]:
    data = None if body is None else msgspec.json.encode(body)
    headers = {} if body is None else {"Content-Type": "application/json"}
    async with http.request(method, f"/api/v1/{path}", data=data, headers=headers) as answer:
        content = await answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content.decode()}")
        found: dict[str, Any] = msgspec.json.decode(content)
        return found


async def _fill(product: Product, list_id: int, count: int) -> None:
    """Contacts with a number and a thread each, all on the list."""
    database = open_database(product.database)
    await database.open()
    (workspace_id,) = await database.read(workspace_ids)
    ids = IdSource(_NODE, lambda: round(time.time() * 1000))
    now = round(time.time() * 1000)
    try:
        for start in range(0, count, _PIECE):
            people = [Contact(workspace_id, ids.next(), now, f"Person {start + n}", saved=True) for n in range(_PIECE)]

            def write(session: Session, people: list[Contact] = people, start: int = start) -> None:
                CONTACTS.insert(session, people)
                numbers = (f"+1557{start + n:07}" for n in range(len(people)))
                ADDRESSES.insert(
                    session,
                    [
                        ContactAddress(workspace_id, ids.next(), one.id, AddressKind.PHONE, number, now)
                        for one, number in zip(people, numbers, strict=True)
                    ],
                )
                THREADS.insert(session, [Thread(workspace_id, ids.next(), one.id, now) for one in people])
                LIST_MEMBERS.insert(session, [ListMember(workspace_id, list_id, one.id, now) for one in people])

            await database.write(write)
    finally:
        await database.close()


async def _when_sent(product: Product, wanted: set[int]) -> dict[int, int]:
    """When the log says each was sent, in ms since the epoch."""
    database = open_database(product.database)
    await database.open()
    try:
        async with asyncio.timeout(60):
            while True:
                found = await database.read(_sent)
                if wanted <= found.keys():
                    return found
                await asyncio.sleep(0.2)
    finally:
        await database.close()


def _sent(session: Session) -> dict[int, int]:
    found = EVENTS.fetch(session, _SENT, type=str(EventType.MESSAGE_SENT))
    return {one.message_id: one.at for one in found if one.message_id}
