"""The list: every view for every kind of viewer, filters, orders, pages, unread, and the numbers beside the views."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from gateway.domain.conditions import Flag, parse_filter
from gateway.domain.conversation import State
from gateway.domain.model import ReadCursor
from gateway.domain.policy import Visibility
from gateway.storage import narrowing
from gateway.storage.condition_sql import Conditions
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.database import Database
from gateway.storage.inbox import conversation_page, conversation_row, cursor_before, rows_among
from gateway.storage.orders import Sort
from gateway.storage.page import BadCursor
from gateway.storage.ranges import View
from gateway.storage.records import READ_CURSORS
from gateway.storage.sight import Sight
from gateway.storage.totals import view_totals
from gateway.storage.view_query import ViewQuery
from tests.storage.conftest import Fill
from tests.storage.world import ANN, BEN, CARE, MADE, SALES, World

OPEN, DONE, SEALED = State.OPEN, State.COMPLETED, State.CLOSED
SEES_ALL = Sight(1, ANN, frozenset({SALES}))
SEES_GROUP = replace(SEES_ALL, live=Visibility.GROUP)
SEES_OWN = replace(SEES_ALL, live=Visibility.OWNER)
RESTRICTED = replace(SEES_OWN, closed=False)


def business() -> World:
    world = World()
    world.contact(1, "Alma", at=2010, inbound=3, tags=(41,), waiting=2001)
    world.contact(2, "bruno", at=2020, user=ANN, group=SALES, sender=32)
    world.contact(3, "Çelik", at=2030, user=BEN, closed_before=2, tags=(41, 42))
    world.contact(4, "Dora", at=2040, group=SALES, waiting=2005)
    world.contact(5, "Emil", at=2050, group=CARE, natural=False)
    world.contact(6, "Fritz", at=2060, user=BEN, group=SALES, waiting=2003)
    world.contact(7, "Gerda", at=2070, state=DONE, user=BEN)
    world.contact(8, "Hugo", at=2080, state=SEALED)
    world.contact(9, "Alma (old phone)", at=2090, merged_into=1, inbound=2)
    world.contact(10, "Ida", at=500, inbound=4, user=ANN, body="an old story")
    return world


@pytest.fixture(scope="module")
def filled_url(fill: Fill) -> str:
    return fill(business().store)


async def _numbers(database: Database, sight: Sight = SEES_ALL, **asked: Any) -> list[int]:
    page = await database.read(partial(conversation_page, query=ViewQuery(sight, **asked)))
    return [row.conversation.contact_id for row in page.items]


@pytest.mark.parametrize(
    ("sight", "view", "expected"),
    [
        (SEES_ALL, View.INBOX, [9, 4, 2, 1, 10]),
        (SEES_ALL, View.MINE, [2, 10]),
        (SEES_ALL, View.UNASSIGNED, [9, 1]),
        (SEES_ALL, View.OPEN, [9, 6, 5, 4, 3, 2, 1, 10]),
        (SEES_ALL, View.COMPLETED, [7]),
        (SEES_ALL, View.SNOOZED, []),
        (SEES_ALL, View.CLOSED, [8, 3, 3]),
        (SEES_ALL, View.ALL, [9, 8, 7, 6, 5, 4, 3, 2, 1, 3, 3, 10]),
        (SEES_GROUP, View.INBOX, [9, 4, 2, 1, 10]),
        (SEES_GROUP, View.OPEN, [9, 6, 4, 2, 1, 10]),
        (SEES_GROUP, View.COMPLETED, []),
        (SEES_GROUP, View.ALL, [9, 8, 6, 4, 2, 1, 3, 3, 10]),
        (SEES_OWN, View.INBOX, [9, 2, 1, 10]),
        (SEES_OWN, View.OPEN, [9, 2, 1, 10]),
        (SEES_OWN, View.CLOSED, [8, 3, 3]),
        (RESTRICTED, View.CLOSED, []),
        (RESTRICTED, View.ALL, [9, 2, 1, 10]),
        (replace(RESTRICTED, user_id=BEN), View.CLOSED, [3, 3]),
        (replace(SEES_ALL, workspace_id=2), View.ALL, []),
    ],
)
async def test_views(filled: Database, sight: Sight, view: View, expected: list[int]) -> None:
    assert await _numbers(filled, sight, view=view) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"view": View.OPEN, "user_id": BEN}, [6, 3]),
        ({"view": View.OPEN, "group_id": SALES}, [6, 4, 2]),
        ({"view": View.OPEN, "sender_id": 32}, [2]),
        ({"view": View.INBOX, "sender_id": 31}, [9, 4, 1, 10]),
        ({"view": View.OPEN, "user_id": BEN, "group_id": SALES}, [6]),
        ({"view": View.ALL, "tag_id": 41}, [3, 1]),
        ({"view": View.OPEN, "natural": True}, [9, 6, 4, 3, 2, 1, 10]),
        ({"view": View.OPEN, "natural": False}, [5]),
        ({"view": View.OPEN, "needs_reply": True}, [6, 4, 1]),
        ({"view": View.OPEN, "sort": Sort.OLDEST}, [10, 1, 2, 3, 4, 5, 6, 9]),
        ({"view": View.OPEN, "sort": Sort.WAITING}, [1, 6, 4, 10, 2, 3, 5, 9]),
        ({"view": View.OPEN, "sort": Sort.CONTACT}, [1, 9, 2, 3, 4, 5, 6, 10]),
        ({"view": View.OPEN, "q": "celik"}, [3]),
        ({"view": View.ALL, "q": "celik"}, [3, 3, 3]),
        ({"view": View.INBOX, "q": "celik"}, []),
        ({"view": View.INBOX, "q": "alma"}, [9, 1]),
        ({"view": View.INBOX, "q": "old phone"}, [9, 1]),
        ({"view": View.MINE, "q": "story"}, [10]),
        ({"view": View.UNASSIGNED, "q": "story"}, []),
        ({"view": View.ALL, "q": "555 0006"}, [6]),
        ({"view": View.ALL, "q": "nobody"}, []),
    ],
)
async def test_filters_orders_and_search(filled: Database, asked: dict[str, Any], expected: list[int]) -> None:
    assert await _numbers(filled, **asked) == expected


@pytest.mark.parametrize(
    ("view", "written", "expected"),
    [
        (View.OPEN, "contact:contains:celik ç", []),
        (View.OPEN, "contact:contains:ALM", [9, 1]),
        (View.OPEN, "contact:is:çelik", [3]),
        (View.OPEN, "contact:not_contains:a", [6, 5, 3, 2]),
        (View.OPEN, "contact:starts_with:d", [4]),
        (View.OPEN, "contact:contains:%", []),
        (View.OPEN, "contact:missing", []),
        (View.OPEN, "number:contains:555-0006", [6]),
        (View.OPEN, "number:is:+1 (415) 555 0006", [6]),
        (View.OPEN, "number:starts_with:1415555001", [10]),
        (View.OPEN, "text:contains:OLD", [10]),
        (View.OPEN, "text:is_not:hello", [10]),
        (View.OPEN, "sender:is:snd_0000000000010", [2]),
        (View.OPEN, "owner:is:usr_000000000000C", [6, 3]),
        (View.OPEN, "owner:is_not:usr_000000000000C", [9, 5, 4, 2, 1, 10]),
        (View.OPEN, "owner:missing", [9, 5, 4, 1]),
        (View.OPEN, "group:exists,owner:exists", [6, 2]),
        (View.OPEN, "tag:is:tag_0000000000019", [3, 1]),
        (View.OPEN, "tag:missing", [9, 6, 5, 4, 2, 10]),
        (View.OPEN, "channel:missing,messages:gt:2", [1, 10]),
        (View.OPEN, "messages:is:2", [9]),
        (View.OPEN, "messages:lt:2", [6, 5, 4, 3, 2]),
        (View.OPEN, "waiting:before:1970-01-01T00:00:02.003Z", [1]),
        (View.OPEN, "waiting:exists", [6, 4, 1]),
        (View.OPEN, "last:after:1970-01-01T00:00:02.050Z", [9, 6]),
        (View.OPEN, "last:is:1970-01-01", [9, 6, 5, 4, 3, 2, 1, 10]),
        (View.OPEN, "last:after:1970-01-01", []),
        (View.ALL, "state:is:completed", [7]),
        (View.ALL, "state:is_not:open,contact:contains:e", [7, 3, 3]),
        (View.OPEN, "needs_reply,contact:contains:a", [4, 1]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("few", [narrowing.FEW, -1], ids=["by index", "in order"])
async def test_conditions_on_columns(
    filled: Database, monkeypatch: pytest.MonkeyPatch, few: int, view: View, written: str, expected: list[int]
) -> None:
    """The same is found whether an index knew of a few, or the view was read."""
    monkeypatch.setattr(narrowing, "FEW", few)
    asked = parse_filter(written)
    found = await _numbers(
        filled, view=view, conditions=Conditions(asked.conditions), needs_reply=Flag.NEEDS_REPLY in asked.flags
    )
    assert found == expected


async def test_a_filter_holds_for_a_search_and_for_single_conversations(filled: Database) -> None:
    conditions = Conditions(parse_filter("owner:is:usr_000000000000C").conditions)
    assert await _numbers(filled, view=View.ALL, q="celik", conditions=conditions) == [3]
    query = ViewQuery(SEES_ALL, View.OPEN, conditions=conditions)
    rows = await filled.read(lambda session: rows_among(session, query, [2003, 2006, 2007, 2002, 503]))
    assert [row.conversation.id for row in rows] == [2006, 2003]
    for q, expected in (("fritz", [2006]), ("nobody", [])):
        found = await filled.read(
            lambda session, q=q: rows_among(session, replace(query, q=q), [2003, 2006])  # type: ignore[misc]
        )
        assert [row.conversation.id for row in found] == expected
    hidden = replace(query, sight=SEES_OWN)
    assert await filled.read(lambda session: rows_among(session, hidden, [2003, 2006])) == []


async def test_by_owner_what_nobody_owns_comes_last(filled: Database) -> None:
    assert await _numbers(filled, view=View.OPEN, sort=Sort.OWNER) == [2, 10, 3, 6, 1, 4, 5, 9]
    assert await _numbers(filled, view=View.OPEN, sort=Sort.OWNER_DOWN) == [9, 5, 4, 1, 6, 3, 10, 2]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("q", ["", "555"])
async def test_pages_lead_back_to_the_one_before(filled: Database, sort: Sort, q: str) -> None:
    query = ViewQuery(SEES_ALL, View.ALL, sort=sort, limit=3, q=q)
    cursors: list[str | None] = [None]
    while True:
        query = replace(query, cursor=cursors[-1])
        page = await filled.read(partial(conversation_page, query=query))
        before = await filled.read(partial(cursor_before, query=query))
        assert before == (cursors[-2] if len(cursors) > 1 else None)
        if page.next is None:
            break
        cursors.append(page.next)
    assert len(cursors) > 2


async def test_search_reveals_nothing_one_may_not_see(filled: Database) -> None:
    assert await _numbers(filled, SEES_OWN, view=View.ALL, q="fritz") == []
    assert await _numbers(filled, SEES_GROUP, view=View.ALL, q="fritz") == [6]
    assert await filled.read(lambda session: conversation_row(session, SEES_OWN, 2006)) is None
    found = await filled.read(lambda session: conversation_row(session, SEES_GROUP, 2006))
    assert found is not None
    assert found.contact.name == "Fritz"


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("asked", [{}, {"q": "a"}, {"unread_only": True}], ids=["view", "search", "unread"])
async def test_pages_go_on_where_the_last_ended(filled: Database, sort: Sort, asked: dict[str, Any]) -> None:
    query = ViewQuery(SEES_ALL, View.ALL, sort=sort, limit=200, **asked)
    whole = await filled.read(partial(conversation_page, query=query))
    assert whole.next is None
    for size in (1, 3):
        found: list[ConversationRow] = []
        cursor = None
        while cursor is not None or not found:
            page = await filled.read(partial(conversation_page, query=replace(query, limit=size, cursor=cursor)))
            found += page.items
            cursor = page.next
        assert found == whole.items


@pytest.mark.parametrize("cursor", ["", "rubbish", "WzEsMl0", "ü", "WyJvbGRlc3QiLDEsMl0", "WyJuZXdlc3QiLCJhIiwyXQ"])
async def test_a_cursor_of_another_list_is_refused(filled: Database, cursor: str) -> None:
    with pytest.raises(BadCursor):
        await filled.read(partial(conversation_page, query=ViewQuery(SEES_ALL, cursor=cursor)))


async def test_a_row_shows_who_it_belongs_to_now(filled: Database) -> None:
    page = await filled.read(partial(conversation_page, query=ViewQuery(SEES_ALL)))
    row = page.items[0]
    assert (row.conversation.contact_id, row.contact.id, row.contact.name) == (9, 1, "Alma")
    assert [address.value for address in row.addresses] == ["+14155550001"]
    assert page.items[3].tag_ids == (41,)


async def test_unread_counts_from_the_cursor_or_from_when_the_user_was_made(database: Database) -> None:
    world = business()
    world.contact(14, "Before", at=MADE - 1, inbound=3)
    world.contact(15, "Across", at=MADE + 2, inbound=6)  # came at 997 to 1,002: 3 before the user was made
    world.contact(16, "Since", at=MADE + 9, inbound=3)
    await database.write(world.store)
    cursors = [ReadCursor(1, ANN, 1001, 1, 1), ReadCursor(1, BEN, 1016, 3, 3)]
    await database.write(lambda session: READ_CURSORS.insert(session, cursors))
    page = await database.read(partial(conversation_page, query=ViewQuery(SEES_ALL, View.ALL)))
    unread = {row.conversation.id: row.unread for row in page.items}
    assert {id_: unread[id_] for id_ in (2001, 2014, 2015, 2016, 2010, 2009)} == {
        2001: 2, 2014: 0, 2015: 3, 2016: 3, 2010: 0, 2009: 2,
    }  # fmt: skip
    assert {unread[id_] for id_ in (503, 504)} == {0}, "closed ones of a thread that went on have none"
    only = await _numbers(database, view=View.UNASSIGNED, unread_only=True)
    assert only == [9, 1, 16, 15]
    assert await _numbers(database, view=View.UNASSIGNED, unread_only=True, limit=2) == [9, 1]
    first: dict[str, Any] = {"view": View.UNASSIGNED, "sort": Sort.UNREAD}
    assert await _numbers(database, **first) == [9, 1, 16, 15, 14]
    assert await _numbers(database, replace(SEES_ALL, user_id=BEN), **first) == [9, 1, 15, 16, 14], "Ben has read 16"


async def test_totals(filled: Database) -> None:
    totals = await filled.read(lambda session: view_totals(session, SEES_ALL))
    for view in View:
        assert totals.views[view] == len(await _numbers(filled, view=view)), view
    assert totals.users == {ANN: 2, BEN: 2}
    assert totals.groups == {SALES: 3, CARE: 1}
    assert totals.senders == {31: 7, 32: 1}
    assert totals.tags == {41: 2, 42: 1}
    assert (totals.unread_conversations, totals.unread_messages) == (4, 7)


@pytest.mark.parametrize("sight", [SEES_GROUP, SEES_OWN, RESTRICTED], ids=["group", "own", "restricted"])
async def test_totals_count_only_what_is_seen(filled: Database, sight: Sight) -> None:
    totals = await filled.read(lambda session: view_totals(session, sight))
    for view in View:
        if totals.views[view] is None:
            assert (sight.closed, view in {View.CLOSED, View.ALL}) == (False, True)
        else:
            assert totals.views[view] == len(await _numbers(filled, sight, view=view)), view
