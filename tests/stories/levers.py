"""Levers on a database from outside: its writes held up, all of it taken away, a look inside."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from gateway.storage.connect import is_postgresql, sqlite_path

_PATIENCE_S = 60.0


def held(url: str) -> AbstractAsyncContextManager[None]:
    """While the block runs, whoever wants to change a message waits: what is under way stays where it is."""
    return _tables_locked(url) if is_postgresql(url) else _file_locked(url)


def away(url: str) -> AbstractAsyncContextManager[None]:
    """While the block runs the database takes nothing: connections are refused, or the file is locked for too long."""
    return _refused(url) if is_postgresql(url) else _file_locked(url)


async def look(url: str, question: str) -> list[tuple[Any, ...]]:
    """What is committed at this moment. `question` is SQL that both databases understand."""
    if not is_postgresql(url):
        with closing(sqlite3.connect(sqlite_path(url), timeout=_PATIENCE_S)) as file:
            return file.execute(question).fetchall()
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(question)]
    finally:
        await connection.close()


async def end_leases(url: str) -> None:
    """The minute for which work is leased to a node that is gone is over."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("UPDATE work SET lease_until = 0 WHERE state = 'running'")
    finally:
        await connection.close()


@asynccontextmanager
async def _file_locked(url: str) -> AsyncIterator[None]:
    with closing(sqlite3.connect(sqlite_path(url), timeout=_PATIENCE_S, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        yield
        file.execute("ROLLBACK")


@asynccontextmanager
async def _tables_locked(url: str) -> AsyncIterator[None]:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE messages IN EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


@asynccontextmanager
async def _refused(url: str) -> AsyncIterator[None]:
    parts = urlsplit(url)
    name = parts.path.removeprefix("/")
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")))
    try:
        await connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        await connection.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        yield
    finally:
        await connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        await connection.close()
