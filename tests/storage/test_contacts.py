"""Contacts by name and by search, merged ones as one, and the ledger of consent."""

from functools import partial

import pytest

from gateway.domain.address import AddressKind
from gateway.domain.model import ConsentRecord
from gateway.domain.record import replace
from gateway.storage.contact_reads import (
    ContactView,
    consent_ledger,
    contact_page,
    contact_view,
    merged_contacts,
)
from gateway.storage.database import Database
from gateway.storage.page import BadCursor, Page
from gateway.storage.records import CONSENTS
from gateway.storage.search import forget_contacts
from tests.storage.world import World


def _world() -> World:
    world = World()
    for number, name in enumerate(["Dora", "çelik", "Alma", "Bruno", "Älma"], 1):
        world.contact(number, name, at=2000 + number)
    world.contact(6, "Alma (old phone)", at=2006, merged_into=3)
    return world


async def _page(database: Database, q: str = "", limit: int = 50, cursor: str | None = None) -> list[ContactView]:
    found = await database.read(lambda session: contact_page(session, 1, q=q, limit=limit, cursor=cursor))
    return list(found.items)


async def test_by_name_page_by_page(database: Database) -> None:
    await database.write(_world().store)
    whole = await _page(database)
    assert [view.contact.name for view in whole] == ["Alma", "Älma", "Bruno", "çelik", "Dora"]
    assert [view.thread.id for view in whole if view.thread] == [1003, 1005, 1004, 1002, 1001]
    paged: list[ContactView] = []
    cursor: str | None = None
    for _ in range(3):
        page = await database.read(partial(contact_page, workspace_id=1, limit=2, cursor=cursor))
        paged += page.items
        cursor = page.next
    assert cursor is None
    assert paged == whole


async def test_only_the_saved_or_only_the_others(database: Database) -> None:
    world = _world()
    world.contacts = [replace(one, saved=one.id in {1, 3, 6}) for one in world.contacts]
    await database.write(world.store)
    found = {}
    for saved in (True, False):
        page = await database.read(partial(contact_page, workspace_id=1, saved=saved, limit=1))
        rest = await database.read(partial(contact_page, workspace_id=1, saved=saved, cursor=page.next))
        found[saved] = [view.contact.name for view in [*page.items, *rest.items]]
        hits = await database.read(partial(contact_page, workspace_id=1, q="alma", saved=saved))
        assert [view.contact.id for view in hits.items] == ([3] if saved else [5])
    assert found == {True: ["Alma", "Dora"], False: ["Älma", "Bruno", "çelik"]}


async def test_those_who_were_merged_into_somebody(database: Database) -> None:
    await database.write(_world().store)
    found = await database.read(lambda session: merged_contacts(session, 1, 3))
    assert [view.contact.name for view in found] == ["Alma (old phone)"]
    assert await database.read(lambda session: merged_contacts(session, 1, 4)) == []


@pytest.mark.parametrize("q", ["alma", "5550", "a"])
async def test_what_is_found_comes_page_by_page(database: Database, q: str) -> None:
    """Each page goes on where the last ended, though somebody on it was erased or renamed, and skips nobody unsaved."""
    world = World()
    for number in range(1, 24):
        world.contact(number, f"Alma {number:02}", at=2000 + number)
    world.contact(24, "Alma (old phone)", at=2024, merged_into=3)
    world.contacts = [replace(one, saved=one.id % 3 == 0) for one in world.contacts]
    await database.write(world.store)
    for saved in (None, True, False):
        whole = [one.contact.id for one in (await _look(database, q, saved, 50, None)).items]
        assert sorted(whole) == [n for n in range(1, 24) if saved in (None, n % 3 == 0)]
        for limit in (1, 4, 7):
            paged, cursor = list[int](), None
            while True:
                page = await _look(database, q, saved, limit, cursor)
                assert len(page.items) <= limit
                paged += [one.contact.id for one in page.items]
                if (cursor := page.next) is None:
                    break
            assert paged == whole
    first = await _look(database, q, None, 5, None)
    gone = first.items[-1].contact
    await database.write(lambda session: forget_contacts(session, 1, [gone.id]))
    second = await _look(database, q, None, 50, first.next)
    assert {one.contact.id for one in [*first.items, *second.items]} >= set(range(1, 24)) - {gone.id}
    with pytest.raises(BadCursor):
        await _look(database, "", None, 5, first.next)


async def _look(database: Database, q: str, saved: bool | None, limit: int, cursor: str | None) -> Page[ContactView]:
    ask = partial(contact_page, workspace_id=1, q=q, saved=saved, limit=limit, cursor=cursor)
    return await database.read(ask)


async def test_search_shows_whom_a_merged_contact_belongs_to(database: Database) -> None:
    await database.write(_world().store)
    assert [view.contact.id for view in await _page(database, "alma")] == [3, 5]
    assert [view.contact.id for view in await _page(database, "old phone")] == [3]
    assert [view.contact.id for view in await _page(database, "5550006")] == [3]
    assert await _page(database, "zorro") == []


async def test_one_contact(database: Database) -> None:
    await database.write(_world().store)
    view = await database.read(lambda session: contact_view(session, 1, 4))
    assert view is not None
    assert (view.contact.name, [address.value for address in view.addresses]) == ("Bruno", ["+14155550004"])
    assert await database.read(lambda session: contact_view(session, 1, 99)) is None
    assert await database.read(lambda session: contact_view(session, 2, 4)) is None


async def test_the_ledger_of_all_a_person_s_addresses(database: Database) -> None:
    await database.write(_world().store)

    def line(id_: int, kind: AddressKind, value: str, at: int) -> ConsentRecord:
        return ConsentRecord(1, id_, kind, value, "all", "any", "unsubscribed", "keyword", at, words="STOP")

    lines = [
        line(1, AddressKind.PHONE, "+14155550003", 10),
        line(2, AddressKind.PHONE, "+14155550006", 30),
        line(3, AddressKind.PHONE, "+14155550004", 20),
        line(4, AddressKind.SHORT_CODE, "+14155550003", 25),
    ]
    await database.write(lambda session: CONSENTS.insert(session, lines))
    assert await database.read(lambda session: consent_ledger(session, 1, 3)) == [lines[1], lines[0]]
    assert await database.read(lambda session: consent_ledger(session, 1, 4)) == [lines[2]]
