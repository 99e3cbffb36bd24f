"""Every record comes back as it went in, on both databases, and an update writes what changed and no more."""

import dataclasses
from functools import partial
from typing import Any

import msgspec
import pytest
from sqlalchemy import BigInteger

from gateway.domain.address import AddressKind
from gateway.domain.conversation import State
from gateway.domain.model import Contact, ContactAddress, Conversation, Entry, Thread
from gateway.storage.columns import to_json
from gateway.storage.database import Conflict, Database
from gateway.storage.query import Query
from gateway.storage.record_table import STATEMENTS_KEPT, RecordTable
from gateway.storage.records import ADDRESSES, CONTACTS, CONVERSATIONS, ENTRIES, TABLES, THREADS
from gateway.storage.session import Session
from tests.storage.samples import bare, full


async def test_every_record_comes_back_as_it_went_in(database: Database) -> None:
    def store(session: Session) -> None:
        for record, table in TABLES.items():
            table.insert(session, [full(record)])

    def load(session: Session) -> dict[type[Any], list[Any]]:
        return {record: table.fetch(session, Query(table.select())) for record, table in TABLES.items()}

    await database.write(store)
    assert await database.read(load) == {record: [full(record)] for record in TABLES}


async def test_every_record_may_leave_out_what_it_can(database: Database) -> None:
    for record, table in TABLES.items():
        await database.write(partial(table.insert, records=[bare(record)]))
        found = await database.read(partial(table.fetch, query=Query(table.select())))
        assert found == [bare(record)]
        assert list(map(type, dataclasses.astuple(found[0]))) == list(map(type, dataclasses.astuple(bare(record))))


async def test_an_update_writes_only_what_changed(database: Database) -> None:
    """Two writers who load the same row and change different columns both get their way."""
    before = Contact(1, 7, created_at=5, name="Ann", note="first")
    await database.write(lambda session: CONTACTS.insert(session, [before]))
    renamed = dataclasses.replace(before, name="Anna", saved=True)
    noted = dataclasses.replace(before, note=None)
    await database.write(lambda session: CONTACTS.update(session, [(before, renamed)]))
    await database.write(lambda session: CONTACTS.update(session, [(before, noted), (before, before)]))
    assert await database.read(lambda session: CONTACTS.by(session, 1, "id", [7])) == [
        Contact(1, 7, created_at=5, name="Anna", saved=True, note=None)
    ]


async def test_statements_are_kept_for_some_combinations_of_columns_and_not_for_all(database: Database) -> None:
    """Which fields are filled is up to what people write: 2 to the power of their number is too many texts."""
    table = RecordTable(Thread, THREADS.table)
    numbers = [field.name for field in table.fields if field.nullable and field.column_type is BigInteger]
    nothing: dict[str, Any] = dict.fromkeys(numbers)
    filled = [{name: 1 for bit, name in enumerate(numbers) if id_ >> bit & 1} for id_ in range(2 * STATEMENTS_KEPT)]
    threads = [Thread(1, id_, id_, 0, **(nothing | fields)) for id_, fields in enumerate(filled)]

    def store(session: Session) -> None:
        for thread in threads:
            emptied = dataclasses.replace(thread, **nothing)
            table.insert(session, [thread])
            table.update(session, [(thread, emptied)])
            table.update(session, [(emptied, thread)])

    await database.write(store)
    found = await database.read(lambda session: table.by(session, 1, "id", range(1000)))
    assert {one.id: one for one in found} == {one.id: one for one in threads}
    assert table.statements == 2 * STATEMENTS_KEPT


async def test_a_set_may_be_empty_or_large_and_is_one_statement(database: Database) -> None:
    threads = [Thread(1, id_, contact_id=id_, created_at=0) for id_ in range(1, 1501)]
    await database.write(lambda session: THREADS.insert(session, threads))
    for wanted in ([], [3], range(1, 1501), [2, 9999]):
        found = await database.read(partial(THREADS.by, workspace_id=1, column="id", values=wanted))
        assert sorted(thread.id for thread in found) == [id_ for id_ in wanted if id_ != 9999]
    assert await database.read(lambda session: THREADS.by(session, 2, "id", [3])) == []


async def test_a_set_of_words(database: Database) -> None:
    values = ["o'hara@mail.example", 'a"b@mail.example', "[]"]
    addresses = [ContactAddress(1, n, n, AddressKind.EMAIL, value, 0) for n, value in enumerate(values)]
    await database.write(lambda session: ADDRESSES.insert(session, addresses))
    found = await database.read(lambda session: ADDRESSES.by(session, 1, "value", values[1:]))
    assert {address.value for address in found} == set(values[1:])


def _live(number: int, state: State = State.OPEN) -> Conversation:
    return Conversation(1, number, 1, 1, number, state, 0, 0)


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        (CONTACTS, Contact(1, 1, 0), Contact(1, 1, 1)),
        (
            ADDRESSES,
            ContactAddress(1, 1, 1, AddressKind.PHONE, "+14155550100", 0),
            ContactAddress(1, 2, 2, AddressKind.PHONE, "+14155550100", 0),
        ),
        (THREADS, Thread(1, 1, 1, 0), Thread(1, 2, 1, 0)),
        (CONVERSATIONS, _live(1), _live(2, State.COMPLETED)),
    ],
    ids=["one id", "one live address of a spelling", "one thread of a contact", "one conversation that is not closed"],
)
async def test_what_may_be_only_once_is_a_conflict(
    database: Database, table: RecordTable[Any], first: Any, second: Any
) -> None:
    await database.write(lambda session: table.insert(session, [first]))
    with pytest.raises(Conflict):
        await database.write(lambda session: table.insert(session, [second]))
    assert await database.read(lambda session: table.fetch(session, Query(table.select()))) == [first]


async def test_removed_addresses_and_closed_conversations_are_no_obstacle(database: Database) -> None:
    gone = ContactAddress(1, 1, 1, AddressKind.PHONE, "+14155550100", 0, removed_at=5)
    back = ContactAddress(1, 2, 2, AddressKind.PHONE, "+14155550100", 0)

    def store(session: Session) -> None:
        ADDRESSES.insert(session, [gone, back])
        CONVERSATIONS.insert(session, [_live(1, State.CLOSED), _live(2, State.CLOSED), _live(3)])

    await database.write(store)


async def test_entries_are_never_updated(database: Database) -> None:
    entry = full(Entry)
    await database.write(lambda session: ENTRIES.insert(session, [entry]))
    changed = dataclasses.replace(entry, actor="user:1")
    with pytest.raises(Exception, match="entries are never updated"):
        await database.write(lambda session: ENTRIES.update(session, [(entry, changed)]))
    assert await database.read(lambda session: ENTRIES.fetch(session, Query(ENTRIES.select()))) == [entry]


async def test_locks_are_asked_for_where_there_are_any(database: Database) -> None:
    thread = Thread(1, 1, 1, 0)
    await database.write(lambda session: THREADS.insert(session, [thread]))
    assert await database.write(lambda session: THREADS.by(session, 1, "id", [1], lock=True)) == [thread]
    statement = Query(THREADS.select().with_for_update())
    assert ("FOR UPDATE" in statement.compiled(database.dialect).sql) is (database.dialect == "postgresql")


@pytest.mark.parametrize("value", [{}, (), [], 0, False, "", None, 0.0, {"a": 0}, (0,)])
def test_a_small_document_is_the_same_afterwards(value: object) -> None:
    read = msgspec.json.decode(to_json(value))
    assert (tuple(read) if isinstance(value, tuple) else read) == value
    assert type(read) is (list if isinstance(value, tuple) else type(value))
