"""Settings in memory: as new as the database says, and still there while it says nothing."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

from gateway.core.directory import FRESH_MS, Directory
from gateway.domain.policy import AfterInbound
from gateway.storage.database import Database, StorageUnavailable
from gateway.storage.session import Session
from tests.core.running import Core, running_core

T = TypeVar("T")


class Interrupted(Database):
    """A real database that may be away."""

    def __init__(self, inner: Database) -> None:
        self.dialect, self.concurrent_writes = inner.dialect, inner.concurrent_writes
        self.away = False
        self._inner = inner

    async def open(self) -> None:
        await self._inner.open()

    async def close(self) -> None:
        await self._inner.close()

    async def read(self, function: Callable[[Session], T]) -> T:
        if self.away:
            raise StorageUnavailable("away")
        return await self._inner.read(function)

    async def write(self, function: Callable[[Session], T], *, durable: bool = True) -> T:
        return await self._inner.write(function, durable=durable)


@dataclass
class Watched:
    core: Core
    database: Interrupted
    directory: Directory
    now: float = 0.0

    def later(self) -> None:
        """Everything in memory is old now."""
        self.now += FRESH_MS / 1000 + 1


@pytest.fixture
async def watched(sqlite_url: str) -> AsyncIterator[Watched]:
    async with running_core(sqlite_url) as core:
        database = Interrupted(core.database)
        made = Watched(core, database, Directory(database, lambda: made.now))
        yield made


async def test_what_others_change_is_noticed_within_a_second(watched: Watched) -> None:
    before = await watched.directory.get(watched.core.workspace_id)
    await watched.core.policy(after_inbound=AfterInbound.NEW)
    assert await watched.directory.get(watched.core.workspace_id) is before
    watched.later()
    after = await watched.directory.get(watched.core.workspace_id)
    assert after.policy.after_inbound is AfterInbound.NEW


async def test_while_the_database_is_away_they_are_what_they_were(watched: Watched) -> None:
    view = await watched.directory.get(watched.core.workspace_id)
    gateway = view.gateways[watched.core.gateway_id]
    watched.database.away = True
    watched.later()
    assert await watched.directory.get(watched.core.workspace_id) is view
    assert await watched.directory.gateway_by_token(gateway.token) is gateway


async def test_afterwards_they_are_read_again(watched: Watched) -> None:
    await watched.directory.get(watched.core.workspace_id)
    watched.database.away = True
    watched.later()
    await watched.directory.get(watched.core.workspace_id)
    await watched.core.policy(after_inbound=AfterInbound.NEW)
    watched.database.away = False
    watched.later()
    after = await watched.directory.get(watched.core.workspace_id)
    assert after.policy.after_inbound is AfterInbound.NEW


async def test_what_was_never_read_is_not_made_up(watched: Watched) -> None:
    watched.database.away = True
    with pytest.raises(StorageUnavailable):
        await watched.directory.get(watched.core.workspace_id)
    with pytest.raises(StorageUnavailable):
        await watched.directory.gateway_by_token("token")
