"""What a database promises: all or nothing, snapshots, durability, and one of two errors when it can't."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.util import await_only

from gateway.domain.model import Contact
from gateway.storage.connect import open_database
from gateway.storage.database import Database, StorageUnavailable
from gateway.storage.postgres import PostgresDatabase
from gateway.storage.query import Query
from gateway.storage.records import CONTACTS
from gateway.storage.session import Session
from gateway.storage.sqlite import SqliteDatabase, connect
from tests.stories.levers import away

_ALL = Query(CONTACTS.select())
_ONE = Query(text("SELECT 1"))
_WRONG = Query(text("SELECT nothing FROM nowhere"))


async def test_a_function_that_raises_leaves_nothing(database: Database) -> None:
    def fail(session: Session) -> None:
        CONTACTS.insert(session, [Contact(1, 1, 0)])
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await database.write(fail)
    assert await database.read(lambda session: CONTACTS.fetch(session, _ALL)) == []
    await database.write(lambda session: CONTACTS.insert(session, [Contact(1, 1, 0)]))


_SYNCHRONOUS: dict[str, tuple[Query, dict[bool, int | str]]] = {
    "sqlite": (Query(text("PRAGMA synchronous")), {True: 2, False: 1}),
    "postgresql": (Query(text("SHOW synchronous_commit")), {True: "on", False: "off"}),
}


async def test_only_what_may_be_lost_does_not_wait_for_the_disk(database: Database) -> None:
    query, expected = _SYNCHRONOUS[database.dialect]

    def fail(session: Session) -> None:
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError):
        await database.write(fail, durable=False)
    for durable in (True, False, True):
        assert await database.write(lambda session: session.scalar(query), durable=durable) == expected[durable]
    await database.write(lambda session: CONTACTS.insert(session, [Contact(1, 1, 0)]), durable=False)
    assert len(await database.read(lambda session: CONTACTS.fetch(session, _ALL))) == 1


async def test_reading_can_not_write(database: Database) -> None:
    with pytest.raises((StorageUnavailable, asyncpg.ReadOnlySQLTransactionError)):
        await database.read(lambda session: CONTACTS.insert(session, [Contact(1, 1, 0)]))
    assert await database.read(lambda session: CONTACTS.fetch(session, _ALL)) == []


async def test_wrong_sql_is_our_fault_and_no_outage(database: Database) -> None:
    with pytest.raises((sqlite3.OperationalError, asyncpg.UndefinedTableError)):
        await database.read(lambda session: session.rows(_WRONG))


async def test_a_value_that_does_not_fit_is_our_fault_and_no_outage(database: Database) -> None:
    with pytest.raises((sqlite3.IntegrityError, asyncpg.NotNullViolationError)):
        await database.write(lambda session: CONTACTS.insert(session, [Contact(1, None, 0)]))  # type: ignore[arg-type]


async def test_no_server_is_unavailable() -> None:
    with pytest.raises(StorageUnavailable):
        await open_database("postgresql://nobody@127.0.0.1:1/nothing").open()


async def test_no_folder_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises((StorageUnavailable, FileExistsError)):
        await SqliteDatabase(tmp_path / "file" / "gateway.db").open()


async def test_a_cut_connection_is_unavailable_and_the_next_one_works(postgres_database_open: Database) -> None:
    cut = Query(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with pytest.raises(StorageUnavailable):
        await postgres_database_open.write(lambda session: session.rows(cut))
    assert await postgres_database_open.read(lambda session: CONTACTS.fetch(session, _ALL)) == []


async def test_whenever_a_connection_is_cut_it_is_unavailable(postgres_database: Callable[[], str]) -> None:
    url = postgres_database()
    admin = await asyncpg.connect(url)
    for turns in range(24):

        def cut(session: Session, turns: int = turns) -> None:
            [(pid,)] = session.rows(Query(text("SELECT pg_backend_pid()")))
            await_only(admin.fetch("SELECT pg_terminate_backend($1)", pid))
            for _ in range(turns % 4):
                await_only(asyncio.sleep(0))
            if turns % 3:
                session.rows(Query(text(f"SELECT {turns}")))

        database = open_database(url)
        await database.open()
        with pytest.raises(StorageUnavailable):
            await database.write(cut)
        await database.close()
    await admin.close()


async def test_a_database_that_takes_no_connections_is_unavailable(postgres_database: Callable[[], str]) -> None:
    url = postgres_database()
    database = open_database(url)
    await database.open()
    async with away(url):
        for _ in range(3):  # what was connected is cut; what comes then is refused
            with pytest.raises(StorageUnavailable):
                await database.read(lambda session: session.rows(_ONE))
    assert await database.read(lambda session: session.first(_ONE)) == (1,)
    await database.close()


async def test_a_replica_after_a_failover_is_unavailable(postgres_database: Callable[[], str]) -> None:
    url = postgres_database()
    database = open_database(url)
    await database.open()
    create = Query(text("CREATE TABLE filler (bytes INTEGER)"))
    name = urlsplit(url).path.removeprefix("/")
    await database.write(
        lambda session: session.run(Query(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')))
    )
    await database.close()
    await database.open()
    with pytest.raises(StorageUnavailable, match="read-only"):
        await database.write(lambda session: session.run(create))
    await database.close()


async def test_a_connection_that_breaks_after_the_commit_takes_nothing_back(
    postgres_database_open: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = postgres_database_open._pool

    class Breaking:
        """A pool whose connections break as they are given back."""

        acquire = pool.acquire

        async def release(self, connection: Any) -> None:
            await pool.release(connection)
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    monkeypatch.setattr(postgres_database_open, "_pool", Breaking())
    await postgres_database_open.write(lambda session: CONTACTS.insert(session, [Contact(1, 1, 0)]))
    assert len(await postgres_database_open.read(lambda session: CONTACTS.fetch(session, _ALL))) == 1
    monkeypatch.undo()


async def test_a_full_disk_is_unavailable(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "gateway.db")
    await database.open()
    create, fill = (
        Query(text("CREATE TABLE filler (bytes BLOB)")),
        Query(text("INSERT INTO filler VALUES (zeroblob(99999))")),
    )
    await database.write(lambda session: session.run(create))
    await database.write(lambda session: session.rows(Query(text("PRAGMA max_page_count = 10"))))
    with pytest.raises(StorageUnavailable, match="full"):
        await database.write(lambda session: session.run(fill))
    await database.close()


def test_sqlite_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    connection = connect(tmp_path / "gateway.db")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL: fsync at every commit
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.isolation_level is None
    connection.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://localhost/x", "mysql:// is no database known here"),
        ("sqlite:///", "needs a file"),
        (":memory:", "needs a"),
    ],
)
def test_a_url_that_is_no_database_is_said_so(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        open_database(url)


def test_paths_and_urls_name_the_same_file() -> None:
    for url in ("sqlite:////var/lib/gateway.db", "/var/lib/gateway.db", "sqlite:////var/lib/gateway%2Edb"):
        database = open_database(url)
        assert isinstance(database, SqliteDatabase)
        assert database.path == Path("/var/lib/gateway.db")
