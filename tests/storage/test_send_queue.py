"""Queues of sends: each claimed for itself, people's before bulk, and a reply never behind a campaign."""

from functools import partial

from gateway.domain.model import Work
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Gateway, Sender
from gateway.storage import send_queue
from gateway.storage.database import Database
from gateway.storage.query import Query
from gateway.storage.records import GATEWAYS, SENDERS, WORK
from gateway.storage.send_queue import SendQueue
from gateway.storage.session import Session

LEASE = 30_000


def send(id_: int, lane: int, *, bulk: bool = False, sender: int = 31, gateway: int = 21, due_at: int = 0) -> Work:
    return Work(1, id_, "send", due_at, 0, lane=lane, gateway_id=gateway, sender_id=sender, bulk=bulk)


async def queue(database: Database, *rows: Work) -> None:
    gateways = [Gateway(1, one, "simulator", f"Line {one}", f"token-{one}", 0) for one in (21, 22)]
    senders = [Sender(1, one, SenderKind.LONG_CODE, f"+141555501{one}", 0) for one in (31, 32)]

    def write(session: Session) -> None:
        GATEWAYS.insert(session, gateways)
        SENDERS.insert(session, senders)
        WORK.insert(session, rows)

    await database.write(write)


async def waiting(database: Database, *, bulk: bool, gateways: tuple[int, ...] = (21, 22)) -> list[tuple[int, int]]:
    found = await database.read(lambda session: send_queue.waiting(session, gateways, 100, bulk=bulk))
    return [(one.gateway_id, one.sender_id) for one in found]


async def claim(database: Database, of: SendQueue, limit: int = 50) -> list[int]:
    rows = await database.write(lambda session: send_queue.claim(session, of, "node", 100, limit, LEASE))
    return [row.id for row in rows]


async def test_only_queues_with_something_due_are_named(database: Database) -> None:
    await queue(
        database,
        send(1, 1),
        send(2, 2),
        send(3, 3, sender=32, bulk=True),
        send(4, 4, sender=32, gateway=22, due_at=101),
        Work(1, 5, "hook", 0, 0, gateway_id=21, sender_id=32),
    )
    assert await waiting(database, bulk=False) == [(21, 31)]
    assert await waiting(database, bulk=True) == [(21, 32)]
    assert await waiting(database, bulk=True, gateways=(22,)) == []


async def test_a_queue_gives_its_own_the_longest_due_first(database: Database) -> None:
    rows = (send(1, 1, due_at=20), send(2, 2, due_at=10), send(3, 3, sender=32), send(4, 4, bulk=True), send(6, 2))
    await queue(database, *rows)
    assert await claim(database, SendQueue(21, 31, bulk=False), limit=1) == [2]
    assert await claim(database, SendQueue(21, 31, bulk=False)) == [1], "6 waits for 2, in whose thread it is"
    assert await claim(database, SendQueue(21, 31, bulk=True)) == [4]
    assert await claim(database, SendQueue(21, 32, bulk=False)) == [3]


async def test_what_stands_before_a_reply_goes_with_it(database: Database) -> None:
    rows = [send(id_, id_, bulk=True) for id_ in range(1, 20)]
    await queue(database, *rows, send(30, 7), send(31, 8, due_at=500), send(32, 9, gateway=22))
    assert await claim(database, SendQueue(21, 31, bulk=False)) == []
    assert await database.write(partial(send_queue.promote, gateway_ids=[21], now=100)) == 1
    assert await claim(database, SendQueue(21, 31, bulk=False)) == [7]
    assert await database.write(partial(send_queue.promote, gateway_ids=[21], now=100)) == 0
    stored = await database.read(lambda session: WORK.fetch(session, Query(WORK.select())))
    assert {row.id for row in stored if row.bulk} == set(range(1, 20)) - {7}


async def test_what_is_stranded_is_found_by_its_senders(database: Database) -> None:
    await queue(database, send(1, 1), send(2, 2, sender=32), send(3, 3, bulk=True), send(4, 4, gateway=22))
    rows = await database.write(lambda session: send_queue.claim_stranded(session, 21, [31], "node", 100, 10, LEASE))
    assert [row.id for row in rows] == [1, 3]
