"""The limit of this way of storing: aiohttp, one writing thread, a commit for all that wait, and no rules at all.

Contact, message and event in three set-based statements on the driver's own cursor, as durable as ours. What is above
this line is what a conversation's rules and its read models cost.

`python -m bench.peers.group_commit PORT FOLDER`
"""

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import uvloop
from aiohttp import web

from bench.peers.empty import Text

BATCH = 256
_FILE = "bare.db"
_TABLES = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE contacts (id INTEGER PRIMARY KEY, address TEXT UNIQUE, unread INTEGER, last_at REAL, preview TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY, provider_id TEXT UNIQUE, body TEXT, at REAL, contact_id INTEGER);
CREATE TABLE events (position INTEGER PRIMARY KEY, type TEXT, at REAL, message_id INTEGER);
"""
_GIVEN = """WITH given AS (
    SELECT row.value ->> 0 AS address, row.value ->> 1 AS provider_id, row.value ->> 2 AS body FROM json_each(?) AS row
) """
_CONTACTS = f"""INSERT INTO contacts (address, unread, last_at, preview)
{_GIVEN} SELECT address, count(*), ?, substr(max(body), 1, 160) FROM given WHERE true GROUP BY address
ON CONFLICT (address) DO UPDATE
SET unread = unread + excluded.unread, last_at = excluded.last_at, preview = excluded.preview
"""
_MESSAGES = f"""INSERT INTO messages (provider_id, body, at, contact_id)
{_GIVEN} SELECT provider_id, body, ?, contacts.id FROM given JOIN contacts USING (address) WHERE true
ON CONFLICT (provider_id) DO NOTHING RETURNING id
"""
_EVENTS = """INSERT INTO events (type, at, message_id)
SELECT 'message_received', ?, value FROM json_each(?)
"""

_decoder = msgspec.json.Decoder(Text)


class Store:
    """Takes texts, and answers each when it is on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[Text, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()

    async def put(self, text: Text) -> None:
        """Waits for the commit."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((text, done))
        self._wake.set()
        await done

    async def run(self) -> None:
        """Commits whatever waits, until it is cancelled."""
        loop = asyncio.get_running_loop()
        connection = await loop.run_in_executor(self._thread, self._open)
        while True:
            await self._wake.wait()
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if not self._waiting:
                self._wake.clear()
            await loop.run_in_executor(self._thread, _write, connection, [text for text, _ in batch])
            for _, done in batch:
                if not done.done():
                    done.set_result(None)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.executescript(_TABLES)
        return connection


def stored(folder: Path) -> int:
    """How many messages are in the peer's database."""
    with closing(sqlite3.connect(folder / _FILE)) as connection:
        found: int = connection.execute("SELECT count(*) FROM messages").fetchone()[0]
    return found


def _write(connection: sqlite3.Connection, texts: list[Text]) -> None:
    given = json.dumps([(one.sender, one.id, one.body) for one in texts])
    now = time.time()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_CONTACTS, (given, now))
    stored = connection.execute(_MESSAGES, (given, now)).fetchall()
    connection.execute(_EVENTS, (now, json.dumps([made for (made,) in stored])))
    connection.execute("COMMIT")


_STORE: web.AppKey[Store] = web.AppKey("store", Store)


async def inbound(request: web.Request) -> web.Response:
    """Stores one message."""
    await request.app[_STORE].put(_decoder.decode(await request.read()))
    return web.Response(body=b'{"accepted": 1}', content_type="application/json")


def main() -> None:
    """Serves until it is stopped."""

    async def opened(app: web.Application) -> AsyncIterator[None]:
        app[_STORE] = store = Store(Path(sys.argv[2]) / _FILE)
        running = asyncio.get_running_loop().create_task(store.run())
        yield
        running.cancel()

    app = web.Application()
    app.cleanup_ctx.append(opened)
    app.router.add_post("/c/{token}/inbound", inbound)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
