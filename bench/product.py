"""The product itself: `gateway serve` in a folder of its own, and a look into its database."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from bench.served import Served
from gateway.domain.settings import Gateway
from gateway.storage import schema
from gateway.storage.connect import open_database
from gateway.storage.query import Query
from gateway.storage.records import GATEWAYS
from gateway.storage.session import Session
from tests.support.gateway import serve_command
from tests.support.ports import find_free_port

T = TypeVar("T")

_READY = r"ready at (http://\S+)"
_GATEWAYS = Query(GATEWAYS.select().order_by(schema.gateways.c.id))
_MESSAGES = Query(select(func.count()).select_from(schema.messages))


@dataclass(frozen=True, slots=True)
class Product:
    """A server that is ready. `database` is its URL."""

    served: Served
    url: str
    folder: Path
    database: str

    def gateways(self) -> list[Gateway]:
        """What is configured, oldest first; the simulator is there from the start."""
        return asyncio.run(_read(self.database, _gateways))

    def inbound_url(self) -> str:
        """Where the simulator's phones post."""
        return f"{self.url}/c/{self.gateways()[0].token}/inbound"

    def stored(self) -> int:
        """How many messages are in the database."""
        return asyncio.run(_read(self.database, _count))


@contextmanager
def serving(folder: Path, database: str | None = None, *flags: str) -> Iterator[Product]:
    """Starts the server on the server's core and waits until it is ready; stops it afterwards."""
    url = database or f"sqlite:///{folder / 'gateway.db'}"
    words = serve_command(find_free_port(), folder, "--database", url, "--log-level", "warning", *flags)
    with Served(words) as served:
        ready = served.process.wait_for_line(_READY, seconds=60)
        yield Product(served, ready[1], folder, url)


async def _read(url: str, function: Callable[[Session], T]) -> T:
    database = open_database(url)
    await database.open()
    try:
        return await database.read(function)
    finally:
        await database.close()


def _gateways(session: Session) -> list[Gateway]:
    return GATEWAYS.fetch(session, _GATEWAYS)


def _count(session: Session) -> int:
    found: int = session.scalar(_MESSAGES)
    return found
