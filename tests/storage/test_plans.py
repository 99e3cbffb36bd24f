"""What must stay flat reads an index in its order: no sort, and no look at rows that another view shows."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from gateway.domain.conditions import parse_filter
from gateway.domain.policy import Visibility
from gateway.storage import families, inbox, send_queue, work_queue
from gateway.storage.condition_sql import Conditions
from gateway.storage.database import Database
from gateway.storage.orders import Half, Leg, Sort, legs_of
from gateway.storage.query import Compiled, Query
from gateway.storage.ranges import OPEN_VIEWS, Range, RangeKind, View, ranges_of
from gateway.storage.session import Session
from gateway.storage.sight import Sight
from gateway.storage.thread_reads import LAST, _statement
from gateway.storage.view_query import Stretch, ViewQuery, end_of, parameters_for, statement_for
from tests.storage.conftest import Fill
from tests.storage.world import ANN, BEN, CARE, SALES, World

SEES_ALL = Sight(1, ANN, frozenset({SALES, CARE}))
SIGHTS = [
    SEES_ALL,
    replace(SEES_ALL, live=Visibility.GROUP),
    replace(SEES_ALL, live=Visibility.OWNER, closed=False),
]
QUERIES = [
    *(ViewQuery(sight, view) for sight in SIGHTS for view in View),
    *(ViewQuery(SEES_ALL, view, sort=Sort.OLDEST) for view in View),
    *(ViewQuery(SEES_ALL, view, sort=sort) for view in View for sort in (Sort.ENDED, Sort.ENDED_DOWN)),
    *(ViewQuery(SEES_ALL, view, sort=sort) for view in View for sort in (Sort.WAITING, Sort.UNREAD)),
    ViewQuery(SEES_ALL, View.OPEN, user_id=BEN),
    ViewQuery(SEES_ALL, View.OPEN, group_id=SALES),
    ViewQuery(SEES_ALL, View.OPEN, sender_id=31),
    ViewQuery(SEES_ALL, View.INBOX, unread_only=True),
    ViewQuery(SEES_ALL, View.INBOX, natural=True, needs_reply=True, tag_id=41),
    *(
        ViewQuery(SEES_ALL, view, sort=sort, conditions=Conditions(parse_filter(asked).conditions))
        for view in (View.INBOX, View.CLOSED, View.ALL)
        for sort in (Sort.NEWEST, Sort.ENDED_DOWN, Sort.WAITING)
        for asked in (
            "text:contains:x",
            "contact:contains:x,number:contains:@x",
            "owner:missing,channel:is:sms,sender:missing",
            "tag:exists,messages:is:4",
        )
    ),
]
# With a table this small PostgreSQL would read it whole; what is asked here is what it can do when it is large.
_LARGE = Query(text("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"))


def _plan(session: Session, query: Query, **parameters: Any) -> str:
    compiled = query.compiled(session.dialect)
    explain = "EXPLAIN QUERY PLAN " if session.dialect == "sqlite" else "EXPLAIN "
    explained = Query(query.statement)
    explained._compiled[session.dialect] = Compiled(explain + compiled.sql, compiled.names, compiled.given)
    if session.dialect != "sqlite":
        session.rows(_LARGE)
    return "\n".join(str(row[-1]) for row in session.rows(explained, **parameters))


def _view_plans(session: Session, query: ViewQuery) -> list[str]:
    """Of every range in every leg: its first page, a later one, one look at it, and how far that goes."""
    given = parameters_for(session, query) | {"limit": 50, "key": 5_000, "id": 5, "end_key": 6_000, "end_id": 6}
    stretches = [Stretch(), Stretch(later=True), Stretch(until=True), Stretch(later=True, until=True, backwards=True)]
    plans = []
    for leg in _legs(query):
        for one in leg.ranges:
            statements = [statement_for(query, leg, one, stretch) for stretch in stretches]
            ends = [end_of(query, leg, one, stretch) for stretch in stretches[:2]]
            plans += [_plan(session, query, **given, slice=10, **one.values) for query in (*statements, *ends)]
    return plans


def _legs(query: ViewQuery) -> list[Leg]:
    ranges = ranges_of(
        query.view, query.sight, user_id=query.user_id, group_id=query.group_id, sender_id=query.sender_id
    )
    waiting = [Range(RangeKind.STATE, {"range_state": "open"})] if query.view in OPEN_VIEWS else ranges
    return legs_of(query.sort, ranges, waiting, few=False)


def _store(session: Session) -> None:
    world = World()
    for number in range(1, 300):
        world.contact(number, f"name {number}", at=2000 + number, user=(None, ANN, BEN)[number % 3])
    world.store(session)


@pytest.fixture(scope="module")
def filled_url(fill: Fill) -> str:
    return fill(_store)


def _count(session: Session) -> None:
    """Lets PostgreSQL know that the table has more rows than are asked for."""
    if session.dialect != "sqlite":
        session.run(Query(text("ANALYZE")))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: f"{query.view}-{query.sort}-{query.sight.live}")
async def test_no_view_is_sorted(filled: Database, query: ViewQuery) -> None:
    for plan in await filled.read(partial(_view_plans, query=query)):
        _assert_ordered(plan)


def _assert_ordered(plan: str) -> None:
    assert "TEMP B-TREE" not in plan, plan
    assert "Sort" not in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "SCAN conversations\n" not in plan + "\n", plan


async def test_what_is_sorted_is_the_check_that_sorting_would_be_seen(filled: Database) -> None:
    query, one = ViewQuery(SEES_ALL, View.OPEN, sort=Sort.WAITING), Range(RangeKind.STATE, {"range_state": "open"})
    statement = statement_for(query, Leg(Half.WHOLE, [one], ordered=False), one, Stretch())
    given = {"workspace_id": 1, "limit": 50, **one.values}
    plan = await filled.read(lambda session: _plan(session, statement, **given))
    with pytest.raises(AssertionError):
        _assert_ordered(plan)


@pytest.mark.parametrize("view", [View.INBOX, View.OPEN, View.CLOSED, View.ALL])
async def test_what_a_search_found_is_all_that_is_read(database: Database, view: View) -> None:
    await database.write(_store)
    await database.write(_count)

    def plans(session: Session) -> list[str]:
        query = ViewQuery(SEES_ALL, view, q="x")
        given = parameters_for(session, query) | {"limit": 50}
        these = session.set_of([1001, 1002])
        found = (Range(RangeKind.THREADS, {"range_threads": these}), Range(RangeKind.IDS, {"range_ids": these}))
        leg = Leg(Half.WHOLE, found, ordered=False)
        return [_plan(session, statement_for(query, leg, one, Stretch()), **given, **one.values) for one in found]

    by_thread, by_id = await database.read(plans)
    assert "ix_conversations_thread" in by_thread or "uq_conversations_live" in by_thread, by_thread
    assert "pk_conversations" in by_id or "sqlite_autoindex_conversations_1" in by_id, by_id


async def test_a_thread_and_those_merged_into_it_are_looked_up(filled: Database) -> None:

    def plans(session: Session) -> list[str]:
        these, given = session.set_of([1001]), {"workspace_id": 1}
        return [
            *(_plan(session, query, ids=these, **given) for query in (families._THESE, families._LOSERS)),
            *(_plan(session, query, contacts=these, **given) for query in inbox._MERGED),
        ]

    for plan in await filled.read(plans):
        assert "Seq Scan" not in plan, plan
        assert "SCAN threads" not in plan, plan
        assert "SCAN contacts" not in plan, plan


@pytest.mark.parametrize("backwards", [True, False])
async def test_entries_are_read_in_the_order_of_their_key(filled: Database, backwards: bool) -> None:
    given = {"workspace_id": 1, "thread_id": 1001, "seq": LAST, "floor": 0, "limit": 50}
    _assert_ordered(await filled.read(lambda s: _plan(s, _statement(backwards, False, False), **given)))


async def test_due_work_is_read_in_its_order(database: Database) -> None:
    given: dict[str, Any] = {"kind": "hook", "now": 5, "limit": 10}
    plan = await database.write(lambda session: _plan(session, work_queue._DUE, **given))
    _assert_ordered(plan)
    assert "ix_work_due" in plan
    assert "ix_work_lane" in plan


async def test_each_queue_of_sends_is_read_in_its_order(database: Database) -> None:
    given: dict[str, Any] = {"now": 5, "limit": 10, "gateway_id": 1, "sender_id": 2, "bulk": True}
    plan = await database.write(lambda session: _plan(session, send_queue._DUE, **given))
    _assert_ordered(plan)
    # Of an empty table PostgreSQL finds every index in the right order as good.
    assert ("ix_work_due_send" if database.dialect == "sqlite" else "ix_work_due") in plan
    assert "ix_work_lane" in plan


async def test_whether_a_queue_has_something_due_is_a_seek(database: Database) -> None:
    def plan(session: Session) -> str:
        return _plan(session, send_queue._WAITING, gateways=session.set_of([1]), now=5, bulk=False)

    assert "ix_work_due_send" in await database.write(plan)
