"""A workspace taken apart: whatever the size of a bite, nothing of it is left, nor in what words are found by."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from gateway.domain.settings import Workspace
from gateway.storage import removal
from gateway.storage.database import Database
from gateway.storage.query import SQLITE, Query
from gateway.storage.records import WORKSPACES
from gateway.storage.session import Session
from tests.storage.samples import full
from tests.storage.world import World


def _fill(session: Session) -> None:
    """The youngest rows first, as they lie on disk where rows were changed."""
    world = World()
    for number in (3, 2, 1):
        world.contact(number, f"Person {number}", at=10_000 - number, body=f"word{number}")
    world.store(session)
    WORKSPACES.insert(session, [replace(full(Workspace), id=1, removed_at=1, suspended_at=1)])


def _left(session: Session, table: str) -> int:
    """SQLite's index of contacts can be asked, but not read through: all of them are called a person."""
    asked = " WHERE contact_search MATCH 'person'" if (session.dialect, table) == (SQLITE, "contact_search") else ""
    return int(session.scalar(Query(text(f"SELECT count(*) FROM {table}{asked}"))))


@pytest.mark.parametrize("bite", [1, 2, 3, 2_000])
async def test_nothing_is_left_to_be_found(database: Database, monkeypatch: pytest.MonkeyPatch, bite: int) -> None:
    monkeypatch.setattr(removal, "BITE", bite)
    await database.write(_fill)
    assert await database.read(removal.removed_workspaces) == [1]
    while await database.write(lambda session: removal.empty_workspace(session, 1)):
        pass
    for table in ("contacts", "contact_names", "messages", "contact_search", "message_search"):
        assert await database.read(lambda session, table=table: _left(session, table)) == 0, table  # type: ignore[misc]
