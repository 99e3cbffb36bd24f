"""Migrations: from nothing to the schema, the same on both, once however many start at once, and back again."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from gateway.storage.all_tables import metadata
from gateway.storage.connect import is_postgresql, sqlite_path
from gateway.storage.database import StorageUnavailable
from gateway.storage.migrate import head, migrate, revision_of
from gateway.storage.migrations import run
from gateway.storage.migrations.filters import include_name, include_object

_START = "import asyncio, sys; from gateway.storage.migrate import migrate; print(asyncio.run(migrate(sys.argv[1])))"


async def _on(url: str, step: Callable[[Connection], None]) -> None:
    if is_postgresql(url):
        await run.on_postgresql(url, step)
    else:
        run.on_sqlite(sqlite_path(url), step)


async def test_an_empty_database_becomes_the_schema(empty_database_url: str) -> None:
    assert await migrate(empty_database_url) == (None, head())
    assert await migrate(empty_database_url) == (head(), head())
    differences: list[object] = []

    def compare(connection: Connection) -> None:
        options = {"include_name": include_name, "include_object": include_object}
        differences.extend(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    await _on(empty_database_url, compare)
    assert differences == []


async def test_nodes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    nodes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _START,
            empty_database_url,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    answers = [await node.communicate() for node in nodes]
    assert [node.returncode for node in nodes] == [0, 0, 0], answers
    said = sorted(out.decode().strip() for out, _ in answers)
    assert said == [f"({head()!r}, {head()!r})"] * 2 + [f"(None, {head()!r})"]


async def test_going_back_leaves_nothing_and_forward_again_everything(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    assert await asyncio.to_thread(run.downgrade, empty_database_url, "base") == (head(), None)
    assert await revision_of(empty_database_url) is None
    assert await migrate(empty_database_url) == (None, head())


async def test_a_migration_that_fails_leaves_nothing_behind(empty_database_url: str) -> None:
    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half_way (a INTEGER)")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await _on(empty_database_url, fail)
    tables: list[str] = []
    await _on(empty_database_url, lambda connection: tables.extend(inspect(connection).get_table_names()))
    assert tables == []


def test_the_newest_file_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(run.__file__).parent))
    assert head() == ScriptDirectory.from_config(config).get_current_head()


async def test_a_database_that_is_up_to_date_needs_no_alembic(empty_sqlite_url: str) -> None:
    await migrate(empty_sqlite_url)
    asked = (
        f"import asyncio, sys; from gateway.storage.migrate import migrate; asyncio.run(migrate({empty_sqlite_url!r}))"
    )
    said = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"{asked}; print('alembic' in sys.modules)", stdout=asyncio.subprocess.PIPE
    )
    assert (await said.communicate())[0].decode().strip() == "False"


async def test_a_server_that_is_not_there_is_said_so() -> None:
    with pytest.raises(StorageUnavailable):
        await migrate("postgresql://nobody@127.0.0.1:1/nothing")
