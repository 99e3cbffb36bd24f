"""Leases: one holder, takeover with a new epoch, and the old holder is found out."""

import asyncio

from gateway.storage import leases
from gateway.storage.connect import open_database
from gateway.storage.database import Database
from gateway.storage.leases import Lease

LONG = 3_600_000
OVER = 0  # a lease that has ended when the next statement asks


async def _acquire(database: Database, owner: str, ttl_ms: int = LONG) -> Lease | None:
    return await database.write(lambda session: leases.acquire(session, "bind:1", owner, ttl_ms))


async def _epoch(database: Database, owner: str, ttl_ms: int = LONG) -> int | None:
    lease = await _acquire(database, owner, ttl_ms)
    return None if lease is None else lease.epoch


async def test_one_holds_and_another_waits(database: Database) -> None:
    assert await _epoch(database, "a") == 1
    assert await _epoch(database, "b") is None
    assert await _epoch(database, "a") == 1
    assert [(held.owner, held.epoch) for held in await database.read(leases.held)] == [("a", 1)]


async def test_an_ended_lease_is_taken_over_and_the_old_holder_found_out(database: Database) -> None:
    old = await _acquire(database, "a", OVER)
    assert old is not None
    new = await _acquire(database, "b")
    assert new is not None
    assert new.epoch == old.epoch + 1
    assert await database.write(lambda session: leases.renew(session, old, LONG)) is None
    assert not await database.write(lambda session: leases.is_current(session, old))
    assert await database.write(lambda session: leases.is_current(session, new))
    await database.write(lambda session: leases.release(session, old))
    assert await _epoch(database, "a") is None


async def test_coming_back_after_the_end_is_a_new_epoch(database: Database) -> None:
    assert await _epoch(database, "a", OVER) == 1
    assert await _epoch(database, "a") == 2


async def test_renewing_holds_on_and_releasing_lets_go(database: Database) -> None:
    lease = await _acquire(database, "a", 60_000)
    assert lease is not None
    renewed = await database.write(lambda session: leases.renew(session, lease, LONG))
    assert renewed is not None
    assert renewed.epoch == lease.epoch
    assert renewed.expires_at > lease.expires_at
    await database.write(lambda session: leases.release(session, renewed))
    assert await database.read(leases.held) == []
    assert await _epoch(database, "b") == 2


async def test_of_many_who_ask_at_once_one_gets_it(database_url: str) -> None:
    nodes = [open_database(database_url) for _ in range(6)]
    for node in nodes:
        await node.open()
    got = await asyncio.gather(*(_acquire(node, f"node {n}") for n, node in enumerate(nodes)))
    for node in nodes:
        await node.close()
    assert [lease.epoch for lease in got if lease is not None] == [1]
