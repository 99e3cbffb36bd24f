"""PostgreSQL over asyncpg. Storage code stays synchronous: it runs in a greenlet that awaits the driver underneath."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

import asyncpg
import structlog
from sqlalchemy import text
from sqlalchemy.util import await_only, greenlet_spawn

from gateway.storage.bulk import Alteration, Columns, Insertion
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.storage.query import POSTGRESQL, Query
from gateway.storage.session import Row, Session

T = TypeVar("T")

_log = structlog.get_logger(__name__)

POOL_SIZE = 10
WRITES_AT_ONCE = 3
CONNECT_TIMEOUT_S = 5.0
STATEMENT_TIMEOUT_S = 30.0
STATEMENTS_CACHED = 500

_NO_WAIT = Query(text("SET LOCAL synchronous_commit TO off"))
_CONFLICTS = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what the driver says of a connection that was cut between two statements
    asyncpg.CannotConnectNowError,
    asyncpg.PostgresSystemError,  # its disk can't be read or written
    asyncpg.ReadOnlySQLTransactionError,  # a failover left us with a replica
    OSError,
    TimeoutError,
)


class PostgresSession(Session):
    """One asyncpg connection inside a transaction."""

    dialect = POSTGRESQL

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, query: Query, **parameters: Any) -> Sequence[Row]:
        compiled = query.compiled(POSTGRESQL)
        return _await(self._connection.fetch(compiled.sql, *compiled.arguments(parameters)))

    def run(self, query: Query, **parameters: Any) -> int:
        compiled = query.compiled(POSTGRESQL)
        status: str = _await(self._connection.execute(compiled.sql, *compiled.arguments(parameters)))
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    def insert(self, insertion: Insertion, columns: Columns) -> None:
        _await(self._connection.execute(insertion.unnested(), *columns))

    def alter(self, alteration: Alteration, rows: Sequence[Sequence[Any]]) -> None:
        _await(self._connection.execute(alteration.unnested, *zip(*rows, strict=True)))

    def many(self, query: Query, rows: Sequence[Sequence[Any]]) -> None:
        _await(self._connection.executemany(query.compiled(POSTGRESQL).sql, rows))

    def set_of(self, values: Iterable[Any]) -> list[Any]:
        return list(values)


def _await(awaitable: Awaitable[T]) -> T:
    return await_only(awaitable)


def _unsynced(function: Callable[[Session], T]) -> Callable[[Session], T]:
    """Its commit does not wait for the disk."""

    def run(session: Session) -> T:
        session.run(_NO_WAIT)
        return function(session)

    return run


class PostgresDatabase(Database):
    """One database, shared by several nodes. `url` is `postgresql://user:password@host:port/name`."""

    dialect = POSTGRESQL
    concurrent_writes = WRITES_AT_ONCE

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool: Any = None

    async def open(self) -> None:
        try:
            self._pool = await asyncpg.create_pool(
                self.url,
                min_size=1,
                max_size=POOL_SIZE,
                timeout=CONNECT_TIMEOUT_S,
                command_timeout=STATEMENT_TIMEOUT_S,
                statement_cache_size=STATEMENTS_CACHED,
                server_settings={"application_name": "onethread", "plan_cache_mode": "auto"},
            )
        except (*_UNAVAILABLE, asyncpg.PostgresError) as error:
            raise StorageUnavailable(str(error)) from error

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def read(self, function: Callable[[Session], T]) -> T:
        return await self._run(function, isolation="repeatable_read", readonly=True)

    async def write(self, function: Callable[[Session], T], *, durable: bool = True) -> T:
        return await self._run(function if durable else _unsynced(function), isolation="read_committed", readonly=False)

    async def _run(self, function: Callable[[Session], T], *, isolation: str, readonly: bool) -> T:
        connection = await self._borrow()
        try:
            async with connection.transaction(isolation=isolation, readonly=readonly):
                return await greenlet_spawn(function, PostgresSession(connection))
        except _CONFLICTS as error:
            raise Conflict(str(error)) from error
        except _UNAVAILABLE as error:
            if isinstance(error, ValueError):  # asyncpg's DataError: a value that doesn't fit our SQL, no outage
                raise
            raise StorageUnavailable(str(error)) from error
        finally:
            await self._give_back(connection)

    async def _borrow(self) -> Any:
        """A connection. Whatever the server has against a new one is no fault of the SQL that would run on it."""
        assert self._pool is not None, "the database is not open"
        try:
            return await self._pool.acquire(timeout=CONNECT_TIMEOUT_S)
        except (*_UNAVAILABLE, asyncpg.PostgresError) as error:
            raise StorageUnavailable(str(error)) from error

    async def _give_back(self, connection: Any) -> None:
        """What was committed stays so, also when the connection breaks right afterwards; the pool replaces it."""
        try:
            await self._pool.release(connection)
        except (*_UNAVAILABLE, asyncpg.PostgresError) as error:
            _log.warning("connection lost after its transaction", error=str(error))
