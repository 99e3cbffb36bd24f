"""The log's positions: contiguous in each workspace, and in the order of the commits, whoever writes."""

import asyncio
from dataclasses import replace
from functools import partial

from sqlalchemy import text
from sqlalchemy.util import await_only

from gateway.domain.model import Contact, Event
from gateway.storage import event_log
from gateway.storage.connect import open_database
from gateway.storage.database import Database
from gateway.storage.query import Query
from gateway.storage.records import CONTACTS, EVENTS
from gateway.storage.session import Session
from tests.storage.samples import full

WRITERS, BATCHES, SIZE = 8, 25, 3


def _event(workspace_id: int, number: int, type_: str = "message_received") -> Event:
    return Event(workspace_id, 0, type_, at=number, actor="system")


async def test_each_workspace_counts_for_itself(database: Database) -> None:
    new = [_event(2, 1), _event(1, 2), _event(2, 3), replace(full(Event), workspace_id=1)]
    stored = await database.write(lambda session: event_log.append(session, new))
    assert [(event.workspace_id, event.position) for event in stored] == [(2, 1), (1, 1), (2, 2), (1, 2)]
    more = await database.write(lambda session: event_log.append(session, [_event(1, 9)]))
    assert more[0].position == 3
    assert await database.read(lambda session: event_log.after(session, 1, 0, 10)) == [stored[1], stored[3], *more]
    assert await database.read(lambda session: event_log.head(session, 1)) == 3
    assert await database.read(lambda session: event_log.head(session, 5)) == 0
    assert await database.read(lambda session: event_log.count_after(session, 1, 1)) == 2


async def test_pages_and_types(database: Database) -> None:
    types = ["message_received", "tag_added", "message_received", "note_added", "tag_added"]
    await database.write(lambda s: event_log.append(s, [_event(1, n, type_) for n, type_ in enumerate(types)]))

    async def positions(position: int, limit: int, of: set[str] | None = None) -> list[int]:
        found = await database.read(lambda session: event_log.after(session, 1, position, limit, of))
        return [event.position for event in found]

    assert await positions(0, 2) == [1, 2]
    assert await positions(2, 9) == [3, 4, 5]
    assert await positions(0, 9, {"tag_added", "note_added"}) == [2, 4, 5]
    assert await positions(2, 1, {"tag_added"}) == [5]
    assert await positions(0, 9, set()) == []


async def _follow(database: Database, head: int) -> list[Event]:
    """What a follower sees that always asks for what is beyond the last thing it saw."""
    seen: list[Event] = []
    while not seen or seen[-1].position < head:
        position = seen[-1].position if seen else 0
        seen += await database.read(partial(event_log.after, workspace_id=1, position=position, limit=50))
    return seen


async def test_a_follower_misses_nothing_of_eight_writers(database_url: str) -> None:
    """Each writer has its own connections, as on a node of its own."""
    nodes = [open_database(database_url) for _ in range(WRITERS)]
    for node in nodes:
        await node.open()

    async def write(number: int) -> None:
        for batch in range(BATCHES):
            first = number * 10_000 + batch * 10

            def store(session: Session, first: int = first) -> None:
                CONTACTS.insert(session, [Contact(1, first, 0)])
                event_log.append(session, [_event(1, first + n) for n in range(SIZE)])

            await nodes[number].write(store)

    total = WRITERS * BATCHES * SIZE
    following = asyncio.create_task(_follow(nodes[0], total))
    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    seen = await following
    for node in nodes:
        await node.close()
    assert [event.position for event in seen] == list(range(1, total + 1))
    for number in range(WRITERS):
        mine = [event.at for event in seen if event.at // 10_000 == number]
        assert mine == sorted(mine)
        assert len(mine) == BATCHES * SIZE


async def test_a_plain_sequence_would_lose_what_commits_late(postgres_database_open: Database) -> None:
    """Why the log takes a lock: a sequence gives numbers before the commit, and commits overtake each other."""
    create = Query(text("CREATE SEQUENCE plain"))
    number = Query(text("SELECT nextval('plain')"))
    database = postgres_database_open
    await database.write(lambda session: session.run(create))
    late_has_number, late_may_commit = asyncio.Event(), asyncio.Event()

    def late(session: Session) -> None:
        position = session.scalar(number)
        late_has_number.set()
        await_only(late_may_commit.wait())
        EVENTS.insert(session, [replace(_event(1, 0), position=position)])

    def quick(session: Session) -> None:
        EVENTS.insert(session, [replace(_event(1, 0), position=session.scalar(number))])

    writing = asyncio.create_task(database.write(late))
    await late_has_number.wait()
    await database.write(quick)
    seen = await database.read(lambda session: event_log.after(session, 1, 0, 10))
    late_may_commit.set()
    await writing
    seen += await database.read(lambda session: event_log.after(session, 1, seen[-1].position, 10))
    assert [event.position for event in seen] == [2]


async def test_the_lock_makes_the_next_writer_wait_for_the_commit(postgres_database_open: Database) -> None:
    database = postgres_database_open
    first_may_commit, first_appended = asyncio.Event(), asyncio.Event()

    def first(session: Session) -> None:
        event_log.append(session, [_event(1, 1)])
        first_appended.set()
        await_only(first_may_commit.wait())

    writing = asyncio.create_task(database.write(first))
    await first_appended.wait()
    second = asyncio.create_task(database.write(lambda session: event_log.append(session, [_event(1, 2)])))
    elsewhere = await database.write(lambda session: event_log.append(session, [_event(2, 1)]))
    assert elsewhere[0].position == 1
    assert not second.done()
    first_may_commit.set()
    await writing
    assert (await second)[0].position == 2
