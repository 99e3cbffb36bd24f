"""Threads as they are read: pages of entries, merged threads as one, and what went before."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from gateway.domain.address import AddressKind
from gateway.domain.model import Direction, Entry, EntryKind, Media, Message, Note, Part
from gateway.domain.nature import Nature
from gateway.domain.status import Status
from gateway.storage.database import Database
from gateway.storage.message_reads import message_before, message_view, receipts_of
from gateway.storage.records import ENTRIES, MEDIA, MESSAGES, NOTES, PARTS, THREADS
from gateway.storage.session import Session
from gateway.storage.sight import Sight
from gateway.storage.thread_reads import LAST, EntryView, entries
from gateway.storage.thread_views import conversation_view, thread_by_address, thread_view
from tests.storage.conftest import Fill
from tests.storage.world import ANN, World

SEES_ALL = Sight(1, ANN, frozenset())


def _world() -> World:
    world = World()
    world.contact(1, "Alma", at=2010, inbound=5, closed_before=2)
    world.contact(2, "Alma's old phone", at=2008, inbound=3, merged_into=1)
    world.contact(3, "Alma's first phone", at=1900, inbound=2, merged_into=2)
    world.contact(4, "Bruno", at=2000, inbound=7)
    return world


@pytest.fixture(scope="module")
def filled_url(fill: Fill) -> str:
    return fill(_world().store)


async def _read(database: Database, thread_id: int, **asked: Any) -> list[EntryView]:
    return await database.read(partial(entries, workspace_id=1, thread_id=thread_id, **({"limit": 50} | asked)))


def _seqs(found: list[EntryView]) -> list[int]:
    return [view.entry.seq for view in found]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7]),
        ({"limit": 3}, [1, 2, 3]),
        ({"limit": 3, "after": 3}, [4, 5, 6]),
        ({"limit": 3, "after": 6}, [7]),
        ({"limit": 3, "after": 7}, []),
        ({"limit": 3, "before": LAST}, [5, 6, 7]),
        ({"limit": 3, "before": 5}, [2, 3, 4]),
        ({"limit": 3, "before": 1}, []),
        ({"types": {"note"}}, []),
        ({"types": {"inbound"}, "limit": 1}, [1]),
        ({"types": {"message", "tag_added"}, "before": LAST, "limit": 2}, [6, 7]),
    ],
)
async def test_pages_of_one_thread(filled: Database, asked: dict[str, Any], expected: list[int]) -> None:
    assert _seqs(await _read(filled, 1004, **asked)) == expected


async def test_merged_threads_are_read_as_one_in_order_of_time(filled: Database) -> None:
    whole = await _read(filled, 1001)
    places = [(view.entry.at, view.entry.id) for view in whole]
    assert places == sorted(places)
    assert len(whole) == 10
    assert [view.entry.thread_id for view in whole[:2]] == [1003, 1003]
    assert await _read(filled, 1003) == whole, "whichever of them is asked for"
    forward: list[EntryView] = []
    while page := await _read(filled, 1001, limit=3, after=forward[-1].place if forward else 0):
        forward += page
    assert forward == whole
    backward: list[EntryView] = []
    while page := await _read(filled, 1001, limit=3, before=backward[0].place if backward else LAST):
        backward = page + backward
    assert backward == whole
    own = next(view for view in whole if view.entry.thread_id == 1001 and view.entry.seq == 3)
    assert await _read(filled, 1001, before=3) == whole[: whole.index(own)]


async def test_nothing_of_another_workspace_or_of_no_thread(filled: Database) -> None:
    assert await _read(filled, 99) == []
    assert await filled.read(lambda session: entries(session, 2, 1004, limit=5)) == []


async def test_what_remove_hid_stays_hidden_only_where_asked(database: Database) -> None:
    world = _world()
    await database.write(world.store)
    thread = world.threads[3]
    await database.write(lambda session: THREADS.update(session, [(thread, replace(thread, floor_seq=5))]))
    assert _seqs(await _read(database, 1004, above_floor=True)) == [6, 7]
    assert _seqs(await _read(database, 1004, above_floor=True, before=6)) == []
    assert _seqs(await _read(database, 1004)) == [1, 2, 3, 4, 5, 6, 7]


async def test_an_entry_comes_with_its_message_parts_media_or_note(database: Database) -> None:
    await database.write(_world().store)
    sent = Message(
        1, 900, 1004, 4, Direction.OUTBOUND, "mms", Nature.NATURAL, Status.SENT, "a picture",
        our_address="+14155550199", their_address="+14155550004", created_at=3000, media_ids=(72, 71),
    )  # fmt: skip
    parts = [Part(1, 900, n, Status.SENT, provider_id=f"p{n}") for n in (0, 1)]
    media = [Media(1, n, "image/png", "stored", 3000) for n in (71, 72)]
    note = Note(1, 901, 1004, 4, ANN, "careful", 3001)
    lines = [
        Entry(1, 1004, 8, 910, EntryKind.MESSAGE, 3000, "user:11", message_id=900, direction=Direction.OUTBOUND),
        Entry(1, 1004, 9, 911, EntryKind.NOTE, 3001, "user:11", note_id=901),
        Entry(1, 1004, 10, 912, EntryKind.EVENT, 3002, "user:11", event="tag_added", data={"tag": "vip"}),
    ]

    def store(session: Session) -> None:
        MESSAGES.insert(session, [sent])
        PARTS.insert(session, parts[::-1])
        MEDIA.insert(session, media)
        NOTES.insert(session, [note])
        ENTRIES.insert(session, lines)

    await database.write(store)
    message, words, event = await _read(database, 1004, after=7)
    assert message.message is not None
    assert (message.message.message, message.message.parts) == (sent, tuple(parts))
    assert message.message.media == (media[1], media[0])
    assert (words.note, words.message, event.entry.data) == (note, None, {"tag": "vip"})
    for types, expected in (
        ({"note"}, [9]),
        ({"outbound", "tag_added"}, [8, 10]),
        ({"inbound"}, [1, 2, 3, 4, 5, 6, 7]),
    ):
        assert _seqs(await _read(database, 1004, types=types)) == expected
    assert await database.read(lambda session: message_view(session, 1, 900)) == message.message
    assert await database.read(lambda session: message_view(session, 2, 900)) is None
    assert await database.read(lambda session: receipts_of(session, 1, 900)) == []


async def test_a_thread_by_any_of_its_addresses(filled: Database) -> None:
    for number, expected in (("+14155550004", 1004), ("+14155550001", 1001), ("+14155550003", 1001), ("+1999", None)):
        found = await filled.read(partial(thread_by_address, workspace_id=1, kind=AddressKind.PHONE, value=number))
        assert (found.id if found else None) == expected


async def test_a_thread_with_its_contact_and_live_conversation(filled: Database) -> None:
    view = await filled.read(lambda session: thread_view(session, 1, ANN, 1003))
    assert view is not None
    assert (view.thread.id, view.contact.name, len(view.addresses)) == (1001, "Alma", 1)
    assert [thread.id for thread in view.threads] == [1001, 1002, 1003]
    assert view.live is not None
    assert (view.live.conversation.id, view.live.unread) == (2002, 3)
    assert await filled.read(lambda session: thread_view(session, 2, ANN, 1003)) is None


async def test_a_conversation_with_those_before_it(filled: Database) -> None:
    view = await filled.read(lambda session: conversation_view(session, SEES_ALL, 2001))
    assert view is not None
    assert view.previous == (502, 501)
    earlier = await filled.read(lambda session: conversation_view(session, SEES_ALL, 502))
    assert earlier is not None
    assert earlier.previous == (501,)
    first = await filled.read(lambda session: conversation_view(session, SEES_ALL, 501))
    assert first is not None
    assert first.previous == ()
    assert await filled.read(lambda session: conversation_view(session, SEES_ALL, 1)) is None


async def test_what_a_message_answers_is_the_newest_of_its_channel_that_arrived(database: Database) -> None:
    def letter(number: int, status: Status, channel: str = "email", address: str = "a@customer.example") -> Message:
        return Message(
            1, 900 + number, 1004, 4, Direction.INBOUND, channel, Nature.NATURAL, status, "words",
            our_address="help@desk.example", their_address=address, created_at=3000 + number,
        )  # fmt: skip

    letters = [
        letter(1, Status.RECEIVED), letter(2, Status.SENT), letter(3, Status.FAILED), letter(4, Status.RECEIVED, "sms"),
        letter(5, Status.RECEIVED, address="b@customer.example"), letter(6, Status.QUEUED), letter(7, Status.RECEIVED),
    ]  # fmt: skip
    lines = [
        Entry(1, 1004, 8 + number, 950 + number, EntryKind.MESSAGE, 3000, "user:11", message_id=one.id)
        for number, one in enumerate(letters)
    ]
    await database.write(_world().store)
    await database.write(partial(MESSAGES.insert, records=letters))
    await database.write(partial(ENTRIES.insert, records=lines))
    before = {one.id: await database.read(partial(message_before, message=one)) for one in letters}
    assert [found and found.id for found in before.values()] == [None, 901, 902, None, None, 902, 902]
