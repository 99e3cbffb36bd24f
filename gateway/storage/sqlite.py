"""SQLite: WAL, one writing thread, a few reading threads, synchronous=FULL.

Reads and writes go through the driver's own connections, since thread hops per statement are what costs.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any, TypeVar

import msgspec

from gateway.storage.bulk import Alteration, Columns, Insertion
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.storage.query import SQLITE, Query
from gateway.storage.session import Row, Session

T = TypeVar("T")

READERS = 2
BUSY_TIMEOUT_MS = 5000
_READ = "BEGIN"
_WRITE = "BEGIN IMMEDIATE"
_json = msgspec.json.Encoder()
_nothing: Callable[[None], None] = dict[None, None]().get
"""None for None, without a frame of Python's."""

_UNIQUE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID)
# Primary result codes that say something about the machine, not about our SQL.
_UNAVAILABLE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
)


class SqliteSession(Session):
    """One connection of the standard library's driver, in the thread that owns it."""

    dialect = SQLITE

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, query: Query, **parameters: Any) -> Sequence[Row]:
        compiled = query.compiled(SQLITE)
        return self._connection.execute(compiled.sql, compiled.arguments(parameters)).fetchall()

    def run(self, query: Query, **parameters: Any) -> int:
        compiled = query.compiled(SQLITE)
        return self._connection.execute(compiled.sql, compiled.arguments(parameters)).rowcount

    def insert(self, insertion: Insertion, columns: Columns) -> None:
        for text, values in insertion.statements(columns):
            self._connection.execute(text, values)

    def alter(self, alteration: Alteration, rows: Sequence[Sequence[Any]]) -> None:
        for text, values in alteration.statements(rows):
            self._connection.execute(text, values)

    def many(self, query: Query, rows: Sequence[Sequence[Any]]) -> None:
        self._connection.executemany(query.compiled(SQLITE).sql, rows)

    def set_of(self, values: Iterable[Any]) -> str:
        return _json.encode(list(values)).decode()


class SqliteDatabase(Database):
    """A file. Other processes (the command line) may write beside this one: every write begins IMMEDIATE."""

    dialect = SQLITE
    concurrent_writes = 1

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: ThreadPoolExecutor | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._own = local()
        self._connections: list[sqlite3.Connection] = []

    async def open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(READERS, "sqlite-reader")
        await self.read(lambda session: None)

    async def close(self) -> None:
        for executor in (self._readers, self._writer):
            if executor is not None:
                executor.shutdown(wait=True)
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    async def read(self, function: Callable[[Session], T]) -> T:
        assert self._readers is not None, "the database is not open"
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._run, _READ, function)

    async def write(self, function: Callable[[Session], T], *, durable: bool = True) -> T:
        assert self._writer is not None, "the database is not open"
        run = self._run if durable else self._run_unsynced
        return await asyncio.get_running_loop().run_in_executor(self._writer, run, _WRITE, function)

    def _run(self, begin: str, function: Callable[[Session], T]) -> T:
        try:
            connection = self._connection(begin)
            connection.execute(begin)
            try:
                result = function(SqliteSession(connection))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            return result
        except sqlite3.Error as error:
            raise _translated(error) from error
        except OSError as error:
            raise StorageUnavailable(str(error)) from error

    def _run_unsynced(self, begin: str, function: Callable[[Session], T]) -> T:
        """The log is written, and reaches the disk with the next commit that waits for it."""
        try:
            connection = self._connection(begin)
            connection.execute("PRAGMA synchronous=NORMAL")
        except sqlite3.Error as error:
            raise _translated(error) from error
        try:
            return self._run(begin, function)
        finally:
            connection.execute("PRAGMA synchronous=FULL")

    def _connection(self, begin: str) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = connect(self.path)
            self._connections.append(connection)
            if begin == _READ:
                connection.execute("PRAGMA query_only=ON")
        return connection


def _translated(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in _UNIQUE:
        return Conflict(str(error))
    return StorageUnavailable(str(error)) if code & 0xFF in _UNAVAILABLE else error


def connect(path: Path, busy_ms: int = BUSY_TIMEOUT_MS) -> sqlite3.Connection:
    """A connection that loses nothing: WAL, FULL, no transactions of the driver's own making."""
    # The driver asks any value but a number or a string whether it can be adapted, which takes longer than storing it.
    sqlite3.register_adapter(type(None), _nothing)
    sqlite3.register_adapter(bool, int)
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=busy_ms / 1000, cached_statements=512
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={busy_ms}",
        "foreign_keys=ON",
        "cache_size=-65536",
        "mmap_size=268435456",
        "temp_store=MEMORY",
        "journal_size_limit=67108864",
        # 32 MB: a busy page goes back into the file once for many commits that changed it.
        "wal_autocheckpoint=8000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection
