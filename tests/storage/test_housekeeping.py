"""Cursors that two nodes can't both move, drafts, and what is removed when its time is over."""

from dataclasses import replace
from typing import Any

from gateway.domain.automation import AutomationMark
from gateway.domain.people import LoginSession
from gateway.storage import cursors, drafts
from gateway.storage.database import Database
from gateway.storage.facts import BUCKET_MS, Draft, IdempotencyKey, InboundKey, ParkedReceipt, ProviderKey
from gateway.storage.purge import DAY, Purged, purge
from gateway.storage.query import Query
from gateway.storage.record_table import RecordTable
from gateway.storage.records import (
    AUTOMATION_MARKS,
    DRAFTS,
    IDEMPOTENCY_KEYS,
    INBOUND_KEYS,
    LOGIN_SESSIONS,
    PARKED_RECEIPTS,
    PROVIDER_KEYS,
)
from gateway.storage.session import Session
from tests.storage.samples import full

NOW = 100 * BUCKET_MS + 5 * DAY


async def test_a_cursor_moves_for_one_node_only(database: Database) -> None:
    assert await database.read(lambda session: cursors.position(session, "to_work", 1)) == 0
    assert await database.write(lambda session: cursors.advance(session, "to_work", 1, 0, 5))
    assert not await database.write(lambda session: cursors.advance(session, "to_work", 1, 0, 7))
    assert await database.write(lambda session: cursors.advance(session, "to_work", 1, 5, 9))
    assert await database.write(lambda session: cursors.advance(session, "to_work", 2, 0, 3))
    assert await database.read(cursors.all_positions) == [("to_work", 1, 9), ("to_work", 2, 3)]


async def test_drafts_are_each_users_own(database: Database) -> None:
    mine, other, elsewhere = Draft(1, 5, 7, "Dear", 0), Draft(1, 6, 7, "Hi", 0), Draft(1, 5, 8, "Hm", 0)
    await database.write(lambda session: DRAFTS.insert(session, [mine, other, elsewhere]))
    assert await database.read(lambda session: drafts.draft(session, 1, 5, 7)) == mine
    assert await database.read(lambda session: drafts.draft(session, 1, 5, 9)) is None
    assert await database.read(lambda session: drafts.drafts_of(session, 1, 5, [7, 8, 9])) == {7: mine, 8: elsewhere}


async def test_what_is_past_its_time_goes_and_the_rest_stays(database: Database) -> None:
    keys = [replace(full(IdempotencyKey), user_id=age, at=NOW - age * DAY) for age in (6, 8)]
    parked = [ParkedReceipt("a", age, 1, NOW - age * DAY) for age in (6, 8)]
    inbound = [InboundKey(bucket, "k", 1) for bucket in (100, 99, 98)]
    provider = [ProviderKey(bucket, "k", 1, 1, 0) for bucket in (100, 99, 98, 3)]
    sessions = [
        replace(full(LoginSession), id=n, digest=str(n), expires_at=expires, ended_at=ended)
        for n, (expires, ended) in enumerate([(NOW + 1, None), (NOW - 1, None), (NOW + 1, NOW - 5)])
    ]
    tables: dict[RecordTable[Any], list[Any]] = {
        IDEMPOTENCY_KEYS: keys,
        PARKED_RECEIPTS: parked,
        INBOUND_KEYS: inbound,
        PROVIDER_KEYS: provider,
        LOGIN_SESSIONS: sessions,
        AUTOMATION_MARKS: [
            AutomationMark(1, key, 1, NOW - age * DAY)
            for key, age in (("1|event|7", 31), ("1|event|8", 29), ("1|once|cnt", 400))
        ],
        DRAFTS: [
            Draft(1, 5, thread_id, body, NOW - age * DAY)
            for thread_id, (body, age) in enumerate([("", 32), ("", 30), ("Dear", 400)])
        ],
    }

    def store(session: Session) -> None:
        for table, rows in tables.items():
            table.insert(session, rows)

    await database.write(store)
    assert await database.write(lambda session: purge(session, NOW)) == Purged(1, 1, 1, 2, 2, 1, 1)
    assert await database.write(lambda session: purge(session, NOW)) == Purged(0, 0, 0, 0, 0, 0, 0)
    left = await database.read(lambda session: [len(session.rows(Query(table.table.select()))) for table in tables])
    assert left == [1, 1, 2, 2, 1, 2, 2]


def test_a_full_bite_says_that_there_is_more() -> None:
    assert Purged(0, 5_000, 0, 0, 0, 0, 0).more
    assert not Purged(1, 2, 3, 4, 4_999, 0, 0).more
