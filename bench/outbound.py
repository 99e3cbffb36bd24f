"""Scenario: from the API's request to "delivered" through a real message centre, at a steady rate."""

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

from bench.centre import message_centre
from bench.effort import Effort
from bench.machine import cores, on_core
from bench.product import Product, serving
from bench.report import Finding, Section
from bench.spread import short, spread
from gateway.domain.events import EventType
from gateway.domain.ids import parse_id
from gateway.storage.connect import open_database
from gateway.storage.query import Query
from gateway.storage.records import EVENTS
from gateway.storage.schema import events
from gateway.storage.session import Session

RATE = 100
_SENDER = "+12025550177"
_PATIENCE_S = 20.0
_CHANGES = Query(
    EVENTS.select()
    .where(events.c.type == bindparam("type"), events.c.message_id.is_not(None))
    .order_by(events.c.position)
)


def measure(effort: Effort) -> Section:
    """Sends for a while, then looks in the log when each was delivered."""
    with tempfile.TemporaryDirectory(prefix="onethread-bench-") as name, message_centre(receipts=True) as port:
        folder = Path(name)
        with serving(folder, None, "--config", str(_config(folder))) as product:
            waits = asyncio.run(_send(product, port, effort))
    p50, p99 = (waits[int(len(waits) * share)] for share in (0.5, 0.99))
    return Section(
        "Outbound",
        f"POST /api/v1/messages at {RATE} a second, durable, submit_sm to node-smpp, its receipt, and the "
        f"event that says delivered; {len(waits)} messages, all of them delivered.",
        [
            Finding("request to delivered, p50", spread([p50]), "ms", 50, 20, most=True, detail=f"p99 {short(p99)} ms"),
        ],
    )


def _config(folder: Path) -> Path:
    """The centre is on this machine, which a server otherwise doesn't connect to."""
    path = folder / "gateway.toml"
    path.write_text('allow_hosts = ["127.0.0.1"]\n', encoding="ascii")
    return path


async def _send(product: Product, port: int, effort: Effort) -> list[float]:
    """Milliseconds each message took, sorted."""
    token = _token(product)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(product.url, headers=headers) as http:
        await _settle(http, port)
        await _steady(http, int(RATE * effort.warm_up), offset=0)
        asked = await _steady(http, int(RATE * effort.seconds * effort.rounds), offset=100_000)
    delivered = await _delivered(product, set(asked))
    return sorted(delivered[message_id] - at for message_id, at in asked.items())


def _token(product: Product) -> str:
    words = [sys.executable, "-m", "gateway", "token", "create", "--role", "administrator"]
    words += ["--data", str(product.folder), "--database", product.database]
    made = subprocess.run(on_core(cores().generator, words), capture_output=True, text=True, check=True)
    return made.stdout.split()[-1]


async def _settle(http: aiohttp.ClientSession, port: int) -> None:
    """A gateway bound to the centre, and a sender on it."""
    settings = {"host": "127.0.0.1", "port": port, "system_id": "bench", "password": "bench", "window": 50}
    gateway = await _post(http, "gateways", {"plugin": "sms_smpp", "name": "Centre", "settings": settings})
    await _post(http, "senders", {"kind": "long_code", "value": _SENDER, "gateway_ids": [gateway["id"]]})


async def _steady(http: aiohttp.ClientSession, count: int, offset: int) -> dict[int, float]:
    """One request every 10 ms, whatever became of the ones before: when each was made, in ms since the epoch."""
    begun = asyncio.get_running_loop().time()
    tasks = []
    for number in range(count):
        await asyncio.sleep(begun + number / RATE - asyncio.get_running_loop().time())
        tasks.append(asyncio.create_task(_message(http, offset + number)))
    return dict(await asyncio.gather(*tasks))


async def _message(http: aiohttp.ClientSession, number: int) -> tuple[int, float]:
    at = time.time() * 1000
    body = {"to": f"+1555{number:07}", "from": _SENDER, "body": "Your parcel arrives tomorrow."}
    made = await _post(http, "messages", body)
    return parse_id(made["id"], "msg"), at


async def _post(http: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with http.post(
        f"/api/v1/{path}", data=msgspec.json.encode(body), headers={"Content-Type": "application/json"}
    ) as answer:
        content = await answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"POST {path}: {answer.status} {content.decode()}")
        found: dict[str, Any] = msgspec.json.decode(content)
        return found


async def _delivered(product: Product, wanted: set[int]) -> dict[int, int]:
    """When the log says each was delivered, in ms since the epoch. RuntimeError when some never are."""
    database = open_database(product.database)
    await database.open()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                found = await database.read(_changes)
                if wanted <= found.keys():
                    return found
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise RuntimeError(f"{len(wanted - found.keys())} of {len(wanted)} messages were never delivered") from None
    finally:
        await database.close()


def _changes(session: Session) -> dict[int, int]:
    found = EVENTS.fetch(session, _CHANGES, type=str(EventType.MESSAGE_STATUS_CHANGED))
    return {one.message_id: one.at for one in found if one.message_id and one.data.get("status") == "delivered"}
