"""Search: any fragment of a name or number, words of messages; the same answers from both databases."""

from dataclasses import replace
from functools import partial

import pytest

from gateway.domain.address import AddressKind
from gateway.domain.model import Contact, ContactAddress, Direction, Message
from gateway.domain.nature import Nature
from gateway.domain.status import Status
from gateway.storage.database import Database
from gateway.storage.find import MessageHit, find_contacts, find_messages
from gateway.storage.records import ADDRESSES, CONTACTS, MESSAGES
from gateway.storage.search import forget_contacts, forget_messages, index_contacts, index_messages
from gateway.storage.session import Session
from tests.storage.conftest import Fill

PEOPLE = [
    (1, "Zoë Müller-Łukasz", ["+41445550101", "zoe@shop.example"]),
    (2, 'O\'Hara "Bob" 100%', ["+14155550102"]),
    (3, None, ["+14155550103"]),
    (4, "李明", ["+8613855550104"]),
    (5, "anna_lee", ["+4915155550105", "anna.lee@mail.example"]),
    (6, "ZOË (old number)", ["+41445550106"]),
]


def _contact(id_: int, name: str | None) -> Contact:
    return Contact(1, id_, 0, name=name)


def _store(session: Session) -> None:
    contacts = [_contact(id_, name) for id_, name, _ in PEOPLE]
    addresses = [
        ContactAddress(1, id_ * 10 + n, id_, AddressKind.EMAIL if "@" in value else AddressKind.PHONE, value, 0)
        for id_, _, values in PEOPLE
        for n, value in enumerate(values)
    ]
    CONTACTS.insert(session, contacts)
    ADDRESSES.insert(session, addresses)
    index_contacts(session, contacts)
    index_contacts(session, [Contact(2, 77, 0, name="Zoë elsewhere")])


@pytest.fixture(scope="module")
def filled_url(fill: Fill) -> str:
    return fill(_store)


async def _find(database: Database, q: str, limit: int = 50) -> list[int]:
    return await database.read(partial(find_contacts, workspace_id=1, q=q, limit=limit))


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("muller", [1]),
        ("MÜLLER", [1]),
        ("zoe", [6, 1]),
        ("oe mul", [1]),
        ("zoë old", [6]),
        ("o'hara", [2]),
        ('"bob"', [2]),
        ("100%", [2]),
        ("%%%", []),
        ("a_l", [5]),
        ("___", []),
        ("李明", [4]),
        ("李", [4]),
        ("an", [5]),
        ("an le", []),
        ("5550102", [2]),
        ("(415) 555-01", [3, 2]),
        ("+1 415 555 0103", [3]),
        ("0041 44 555 01 01", [1]),
        ("044 555 01 06", [6]),
        ("mail.example", [5]),
        ("foo:bar AND *", []),
        ("NEAR(zoe", []),
        ("", []),
        ("   ", []),
        ("0", []),
        ("12", []),
        ("elsewhere", []),
    ],
)
async def test_contacts_by_any_fragment(filled: Database, q: str, expected: list[int]) -> None:
    assert await _find(filled, q) == expected


async def test_a_page_holds_the_newest(filled: Database) -> None:
    assert await _find(filled, "zoe", limit=1) == [6]
    assert await _find(filled, "4155550", limit=1) == [3]


async def test_the_index_follows_what_changes(database: Database) -> None:
    await database.write(_store)

    def change(session: Session) -> None:
        before = _contact(3, None)
        after = replace(before, name="Carla")
        CONTACTS.update(session, [(before, after)])
        [address] = ADDRESSES.by(session, 1, "contact_id", [3])
        ADDRESSES.update(session, [(address, replace(address, removed_at=9))])
        index_contacts(session, [after, after])

    await database.write(change)
    assert await _find(database, "carla") == [3]
    assert await _find(database, "+1 415 555 0103") == []
    await database.write(lambda session: index_contacts(session, [replace(_contact(3, "Carla"), erased_at=5)]))
    assert await _find(database, "carla") == []
    await database.write(lambda session: forget_contacts(session, 1, [1, 999]))
    assert await _find(database, "zoe") == [6]


def _message(id_: int, body: str, subject: str | None = None) -> Message:
    return Message(
        1, id_, thread_id=5, contact_id=5, direction=Direction.INBOUND, channel="sms", nature=Nature.NATURAL,
        status=Status.RECEIVED, body=body, subject=subject, our_address="+14155550100", their_address="+14155550101",
        created_at=0, conversation_id=8,
    )  # fmt: skip


MESSAGES_SENT = [
    _message(1, "Your table is booked for 8.30 pm"),
    _message(2, "Is the café's Tisch still bookable? it's for 12"),
    _message(3, "🙂 👍"),
    _message(4, "see attachment", subject="Booking 2024-117"),
    _message(5, "ПРИВЕТ мир; 'quoted' & <b>bold</b> \\ : *"),
]


def _store_messages(session: Session) -> None:
    MESSAGES.insert(session, MESSAGES_SENT)
    index_messages(session, MESSAGES_SENT)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("book", [4, 2, 1]),
        ("booked", [1]),
        ("CAFE tisch", [2]),
        ("café's", [2]),
        ("it's", [2]),
        ("it", [2]),
        ("tab", [1]),
        ("able", []),
        ("привет", [5]),
        ("2024-117", [4]),
        ("12", [2]),
        ("🙂", []),
        ("' | ! ( <-> :*", []),
        ("quoted' & 'bold", [5]),
        ("", []),
    ],
)
async def test_messages_by_words_and_their_beginnings(database: Database, q: str, expected: list[int]) -> None:
    await database.write(_store_messages)
    found = await database.read(partial(find_messages, workspace_id=1, q=q, limit=10))
    assert found == [MessageHit(id_, 5, 8) for id_ in expected]
    assert await database.read(partial(find_messages, workspace_id=2, q=q, limit=10)) == []


async def test_indexing_again_replaces_and_forgetting_removes(database: Database) -> None:
    await database.write(_store_messages)
    edited = replace(MESSAGES_SENT[0], body="Your seat is taken")
    await database.write(lambda session: index_messages(session, [edited, MESSAGES_SENT[1]]))
    await database.write(lambda session: forget_messages(session, 1, [4]))
    for q, expected in (("table", []), ("seat", [1]), ("book", [2]), ("attachment", [])):
        found = await database.read(partial(find_messages, workspace_id=1, q=q, limit=1))
        assert [hit.message_id for hit in found] == expected
