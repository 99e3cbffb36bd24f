"""Runs revisions with Alembic, each database in its own way, all of them in one transaction and under one lock."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.storage.connect import is_postgresql, sqlite_path
from gateway.storage.database import StorageUnavailable
from gateway.storage.sqlite import connect

Step = Callable[[Connection], None]

_LOCK_POSTGRESQL = "SELECT pg_advisory_xact_lock(hashtextextended('onethread migrations', 0))"
_BUSY_MS = 120_000
# Alembic's `op` is one for the process.
_alembic = Lock()


def upgrade(url: str) -> tuple[str | None, str | None]:
    """Runs what is missing; the revisions before and after."""
    return _change(url, lambda config: command.upgrade(config, "head"))


def downgrade(url: str, revision: str) -> tuple[str | None, str | None]:
    """Goes back to a revision; `base` is an empty database."""
    return _change(url, lambda config: command.downgrade(config, revision))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _change(url: str, act: Callable[[Config], None]) -> tuple[str | None, str | None]:
    revisions: list[str | None] = []

    def step(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        revisions.append(_current(connection))
        act(config)
        revisions.append(_current(connection))

    try:
        with _alembic:
            if is_postgresql(url):
                asyncio.run(on_postgresql(url, step))
            else:
                on_sqlite(sqlite_path(url), step)
    except (sqlite3.OperationalError, asyncpg.PostgresConnectionError, DBAPIError, OSError) as error:
        if isinstance(error, DBAPIError) and not error.connection_invalidated:
            raise
        raise StorageUnavailable(str(error)) from error
    return revisions[0], revisions[1]


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def on_sqlite(path: Path, step: Step) -> None:
    """Does something with a file that nobody else writes to meanwhile, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine("sqlite://", creator=lambda: connect(path, busy_ms=_BUSY_MS), poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            step(connection)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


async def on_postgresql(url: str, step: Step) -> None:
    """Does something with a database that nobody else migrates meanwhile, all of it or nothing."""

    async def dial() -> Any:
        return await asyncpg.connect(url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=dial, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(_LOCK_POSTGRESQL)
        await connection.run_sync(step)
