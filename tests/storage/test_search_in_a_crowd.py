"""Search in a crowd: the newest first and none missing, be what is looked for common, rare, or only begun alike."""

from functools import partial

import pytest

from gateway.domain.address import AddressKind
from gateway.domain.model import Contact, ContactAddress, Direction, Message
from gateway.domain.nature import Nature
from gateway.domain.status import Status
from gateway.storage.database import Database
from gateway.storage.find import find_contacts, find_messages
from gateway.storage.records import ADDRESSES, CONTACTS, MESSAGES
from gateway.storage.search import index_contacts, index_messages
from gateway.storage.session import Session
from tests.storage.conftest import Fill

# How often a word occurs, and among how many that begin alike, decides how it is found.
OFTEN, SOMETIMES, ONCE = "theatre", "theory", "thesis"


def _word(number: int) -> str:
    return ONCE if number == 7 else SOMETIMES if number % 10 == 0 else OFTEN


def _number(id_: int) -> str:
    return f"+1202{id_ * 7919 % 10000:04}"


def _store(session: Session) -> None:
    numbers = range(1, 401)
    contacts = [Contact(1, number, 0, name=f"{_word(number)} {number}") for number in numbers]
    CONTACTS.insert(session, contacts)
    addresses = [ContactAddress(1, n, n, AddressKind.PHONE, _number(n), 0) for n in numbers]
    ADDRESSES.insert(session, addresses)
    index_contacts(session, contacts)
    messages = [
        Message(
            1, number, thread_id=5, contact_id=5, direction=Direction.INBOUND, channel="sms", nature=Nature.NATURAL,
            status=Status.RECEIVED, body=f"{_word(number)} x{number}", our_address="+14155550100",
            their_address="+14155550101", created_at=0,
        )
        for number in numbers
    ]  # fmt: skip
    MESSAGES.insert(session, messages)
    index_messages(session, messages)


@pytest.fixture(scope="module")
def filled_url(fill: Fill) -> str:
    return fill(_store)


async def _find(database: Database, q: str) -> list[int]:
    return await database.read(partial(find_contacts, workspace_id=1, q=q, limit=50))


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("the", list(range(400, 350, -1))),
        ("theatre", [n for n in range(400, 0, -1) if n % 10 and n != 7][:50]),
        ("theat", [n for n in range(400, 0, -1) if n % 10 and n != 7][:50]),
        ("theory", list(range(400, 0, -10))),
        ("theo", list(range(400, 0, -10))),
        ("thesis", [7]),
        ("thes", [7]),
        ("thesaurus", []),
    ],
)
async def test_the_newest_are_found_however_common_a_word_is(filled: Database, q: str, expected: list[int]) -> None:
    hits = await filled.read(partial(find_messages, workspace_id=1, q=q, limit=50))
    assert [hit.message_id for hit in hits] == expected
    assert await _find(filled, q) == expected


@pytest.mark.parametrize("q", ["1202", "12021", "202", "+1 202 791", "7919", "9190"])
async def test_the_newest_are_found_however_common_a_number_is(filled: Database, q: str) -> None:
    digits = "".join(letter for letter in q if letter.isdigit())
    assert await _find(filled, q) == [one for one in range(400, 0, -1) if digits in _number(one)][:50]
