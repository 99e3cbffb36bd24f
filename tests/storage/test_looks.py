"""One look at a list goes only so far, and the pages that come of it are the list: nothing twice, nothing left out."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from gateway.domain.conditions import parse_filter
from gateway.domain.conversation import State
from gateway.domain.policy import Visibility
from gateway.storage import looks, narrowing, walks
from gateway.storage.condition_sql import Conditions
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.database import Database
from gateway.storage.inbox import conversation_page, cursor_before
from gateway.storage.orders import ENDED_STATES, Sort
from gateway.storage.page import Page
from gateway.storage.ranges import View
from gateway.storage.sight import Sight
from gateway.storage.view_query import ViewQuery
from tests.storage.conftest import Fill
from tests.storage.world import ANN, BEN, CARE, SALES, World

SEES_ALL = Sight(1, ANN, frozenset({SALES, CARE}))
MANY = 60
_STATES = (State.OPEN, State.OPEN, State.OPEN, State.COMPLETED, State.CLOSED, State.ARCHIVED, State.SNOOZED)
ASKED: dict[str, dict[str, Any]] = {
    "a few in a text": {"conditions": Conditions(parse_filter("text:contains:parcel").conditions)},
    "none": {"conditions": Conditions(parse_filter("channel:is:email").conditions)},
    "by name": {"conditions": Conditions(parse_filter("contact:contains:name,contact:not_contains:5").conditions)},
    "unread, of few": {"unread_only": True, "sight": replace(SEES_ALL, live=Visibility.OWNER, closed=False)},
}
SHORT = ((looks, "NEAR", 3), (looks, "FAR", 9), (looks, "FEW", 0), (narrowing, "FEW", -1), (walks, "_AT_ONCE", 4))
"""Looks of a few rows, and nothing so small that it is sorted, or found by an index, instead."""


def _business() -> World:
    world = World()
    for n in range(1, MANY + 1):
        state = _STATES[n % len(_STATES)]
        world.contact(
            n, f"name {n * 7 % 10}", at=2_000 + n * 13 % 40, state=state, user=(None, ANN, BEN)[n % 3],
            group=(None, SALES)[n % 2], natural=n % 5 > 0, waiting=1_900 + n * 11 % 30 if n % 4 == 0 else None,
            body="a parcel" if n % 9 == 0 else "hello",
        )  # fmt: skip
    world.contacts = [replace(one, erased_at=5, name=None) if one.id % 17 == 0 else one for one in world.contacts]
    world.conversations = [
        replace(one, ended_at=one.last_at + one.id % 4) if one.state in ENDED_STATES else one
        for one in world.conversations
    ]
    return world


@pytest.fixture(scope="module")
def filled_url(fill: Fill) -> str:
    return fill(_business().store)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in SHORT:
        monkeypatch.setattr(module, name, value)


async def _pages(database: Database, query: ViewQuery) -> list[Page[ConversationRow]]:
    found = [await database.read(partial(conversation_page, query=query))]
    while found[-1].next is not None:
        further = replace(query, cursor=found[-1].next)
        found.append(await database.read(partial(conversation_page, query=further)))
    return found


def _ids(pages: list[Page[ConversationRow]]) -> list[int]:
    return [row.conversation.id for page in pages for row in page.items]


def _asked(asked: dict[str, Any], **more: Any) -> ViewQuery:
    return ViewQuery(**{"sight": SEES_ALL, **asked, **more})


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("view", [View.INBOX, View.ALL])
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
async def test_short_looks_find_what_a_long_one_finds(
    filled: Database, monkeypatch: pytest.MonkeyPatch, sort: Sort, view: View, asked: dict[str, Any]
) -> None:
    query = _asked(asked, view=view, sort=sort, limit=5)
    whole = _ids(await _pages(filled, replace(query, limit=200)))
    for module, name, value in SHORT:
        monkeypatch.setattr(module, name, value)
    assert _ids(await _pages(filled, query)) == whole


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.WAITING, Sort.UNREAD, Sort.ENDED_DOWN, Sort.CONTACT])
async def test_a_look_ends_before_the_page_is_full_and_says_where(filled: Database, sort: Sort) -> None:
    pages = await _pages(filled, _asked(ASKED["none"], view=View.ALL, sort=sort))
    assert _ids(pages) == []
    assert len(pages) > 2


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.WAITING, Sort.UNREAD, Sort.ENDED_DOWN, Sort.CONTACT])
async def test_the_way_back_leaves_nothing_out(filled: Database, sort: Sort) -> None:
    query = _asked(ASKED["a few in a text"], view=View.ALL, sort=sort, limit=2)
    pages = await _pages(filled, query)
    cursor: str | None = pages[-2].next
    found = set(_ids(pages[-1:]))
    while cursor is not None:
        cursor = await filled.read(partial(cursor_before, query=replace(query, cursor=cursor)))
        onwards = await _pages(filled, replace(query, cursor=cursor))
        found |= set(_ids(onwards)[: query.limit])
    assert found == set(_ids(pages))
