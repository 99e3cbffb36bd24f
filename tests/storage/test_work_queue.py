"""The queue: what is due, in order within a lane, each row once, whoever claims and whatever fails."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy.util import await_only

from gateway.domain.model import Work
from gateway.storage import work_queue, work_views
from gateway.storage.connect import open_database
from gateway.storage.database import Database
from gateway.storage.query import Query
from gateway.storage.records import WORK
from gateway.storage.session import Session
from gateway.storage.work_views import WorkCount

LEASE = 30_000


def _work(
    id_: int, lane: int | None = None, *, kind: str = "send", due_at: int = 0, gateway_id: int | None = 1
) -> Work:
    return Work(1, id_, kind, due_at=due_at, created_at=0, lane=lane, gateway_id=gateway_id)


async def _queue(database: Database, *rows: Work) -> None:
    await database.write(lambda session: WORK.insert(session, rows))


async def _claim(
    database: Database,
    *,
    now: int = 100,
    limit: int = 50,
    kinds: Sequence[str] = ("send",),
    owner: str = "node",
) -> list[Work]:
    return await database.write(lambda session: work_queue.claim(session, kinds, owner, now, limit, LEASE))


def _ids(rows: Sequence[Work]) -> list[int]:
    return [row.id for row in rows]


async def _stored(database: Database) -> dict[int, Work]:
    rows = await database.read(lambda session: WORK.fetch(session, Query(WORK.select())))
    return {row.id: row for row in rows}


async def test_only_what_is_due_and_asked_for_the_longest_due_first(database: Database) -> None:
    await _queue(
        database,
        _work(1, due_at=50),
        _work(2, due_at=10),
        _work(3, due_at=101),
        _work(4, kind="hook"),
        _work(5, due_at=20),
    )
    assert _ids(await _claim(database, limit=2)) == [2, 5]
    assert _ids(await _claim(database, kinds=["hook", "send"])) == [4, 1]
    assert _ids(await _claim(database, now=101)) == [3]


async def test_a_claimed_row_is_leased(database: Database) -> None:
    await _queue(database, _work(1))
    [row] = await _claim(database, now=100, owner="a")
    assert row == replace(_work(1), state="running", lease_owner="a", lease_until=100 + LEASE, lease_epoch=1)
    assert (await _stored(database))[1] == row


async def test_a_lane_goes_one_by_one_whatever_is_due(database: Database) -> None:
    await _queue(database, _work(1, 7), _work(2, 7), _work(3, 7, due_at=200), _work(4, 7), _work(9, 8))
    for expected in ([1, 9], [2]):
        rows = await _claim(database)
        assert _ids(rows) == expected
        assert await _claim(database) == []
        await database.write(partial(work_queue.finish, rows=rows))
    assert await _claim(database) == [], "4 waits for 3, which isn't due"
    assert _ids(await _claim(database, now=200)) == [3]


async def test_a_retry_keeps_its_place(database: Database) -> None:
    await _queue(database, _work(1, 7), _work(2, 7))
    [row] = await _claim(database)
    assert await database.write(lambda session: work_queue.retry_later(session, row, 500, "busy"))
    assert await _claim(database, now=499) == []
    [again] = await _claim(database, now=500)
    assert (again.id, again.attempts, again.last_error, again.lease_epoch) == (1, 1, "busy", 2)
    assert await database.write(lambda session: work_queue.retry_later(session, again, 600, None, count_attempt=False))
    assert (await _stored(database))[1] == replace(_work(1, 7), due_at=600, attempts=1, lease_epoch=2)


async def test_a_parked_row_holds_nobody_up_and_can_be_replayed(database: Database) -> None:
    await _queue(database, _work(1, 7), _work(2, 7))
    [row] = await _claim(database)
    assert await database.write(lambda session: work_queue.park(session, row, "no such account"))
    assert _ids(await _claim(database)) == [2]
    [parked] = await database.read(lambda session: work_views.parked(session, 1, 10))
    assert (parked.id, parked.last_error, parked.attempts, parked.lease_owner) == (1, "no such account", 1, None)
    assert await database.read(lambda session: work_views.parked(session, 1, 10, before=1)) == []
    assert await database.write(lambda session: work_queue.replay(session, 1, 1, 900))
    assert not await database.write(lambda session: work_queue.replay(session, 1, 1, 900))
    assert not await database.write(lambda session: work_queue.replay(session, 2, 1, 900))
    assert await _claim(database, now=900) == [], "2 still runs"
    assert (await _stored(database))[1].attempts == 0


async def test_a_late_row_with_an_older_id_waits_for_the_one_that_runs(database: Database) -> None:
    await _queue(database, _work(5, 7))
    rows = await _claim(database)
    await _queue(database, _work(3, 7))
    assert await _claim(database) == []
    await database.write(lambda session: work_queue.finish(session, rows))
    assert _ids(await _claim(database)) == [3]


async def test_an_expired_row_is_given_out_and_its_old_worker_can_do_nothing_more(database: Database) -> None:
    await _queue(database, _work(1, 7), _work(2, None))
    old = await _claim(database, now=100, owner="a")
    assert await database.write(lambda session: work_queue.expired(session, 100 + LEASE)) == []
    [kept] = await database.write(lambda session: work_queue.extend(session, old[1:], 200, LEASE))
    assert kept.lease_until == 200 + LEASE
    [gone] = await database.write(lambda session: work_queue.expired(session, 101 + LEASE))
    assert gone == old[0]
    assert await database.write(lambda session: work_queue.retry_later(session, gone, 300, "worker gone"))
    [new] = await _claim(database, now=300, owner="b")
    assert new.lease_epoch == 2
    assert not await database.write(lambda session: work_queue.retry_later(session, old[0], 1, "late"))
    assert not await database.write(lambda session: work_queue.park(session, old[0], "late"))
    assert await database.write(lambda session: work_queue.extend(session, old, 400, LEASE)) == [
        replace(kept, lease_until=400 + LEASE)
    ]
    assert await database.write(lambda session: work_queue.finish(session, [old[0], kept])) == [kept]
    assert (await _stored(database))[1] == new


async def test_counts(database: Database) -> None:
    await _queue(database, _work(1, due_at=5), _work(2, due_at=3), _work(3, kind="hook", due_at=9))
    await _claim(database, kinds=["hook"])
    assert sorted(await database.read(work_views.counts), key=lambda row: row.kind) == [
        WorkCount("hook", "running", 1, 9),
        WorkCount("send", "queued", 2, 3),
    ]


async def test_1200_rows_4_workers_40_lanes_each_once_and_in_order(database_url: str) -> None:
    nodes = [open_database(database_url) for _ in range(4)]
    for node in nodes:
        await node.open()
    await _queue(nodes[0], *(_work(id_, id_ % 40) for id_ in range(1, 1201)))
    done: list[Work] = []
    running: set[int] = set()
    chance = random.Random(7)

    async def worker(node: Database, name: str) -> None:
        while len(done) < 1200:
            for row in await _claim(node, owner=name, limit=10):
                assert row.lane is not None
                assert row.lane not in running, "two rows of one lane at once"
                running.add(row.lane)
                if chance.random() < 0.05 and row.attempts == 0:
                    running.discard(row.lane)
                    await node.write(partial(work_queue.retry_later, row=row, due_at=100, error="again"))
                    continue
                done.append(row)
                running.discard(row.lane)
                assert await node.write(partial(work_queue.finish, rows=[row])) == [row]

    await asyncio.gather(*(worker(node, f"node {n}") for n, node in enumerate(nodes)))
    assert await _stored(nodes[0]) == {}
    for node in nodes:
        await node.close()
    for lane in range(40):
        assert [row.id for row in done if row.lane == lane] == [id_ for id_ in range(1, 1201) if id_ % 40 == lane]


@pytest.mark.parametrize("late_id", [3, 8])
async def test_two_nodes_that_see_different_rows_never_run_one_lane_twice(
    postgres_database_open: Database, late_id: int
) -> None:
    """One node holds its claim open; a row that came meanwhile looks free to the other, and is left alone."""
    database = postgres_database_open
    await _queue(database, _work(5, 7))
    claimed, may_commit = asyncio.Event(), asyncio.Event()

    def claim_and_wait(session: Session) -> list[Work]:
        rows = work_queue.claim(session, ["send"], "a", 100, 10, LEASE)
        claimed.set()
        await_only(may_commit.wait())
        return rows

    first = asyncio.create_task(database.write(claim_and_wait))
    await claimed.wait()
    await _queue(database, _work(late_id, 7), _work(9, 8))
    assert _ids(await _claim(database, owner="b")) == [9]
    may_commit.set()
    assert _ids(await first) == [5]
    assert await _claim(database, owner="b") == []
