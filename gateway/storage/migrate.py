"""Brings a database up to date, safely when nodes start at once: one migrates, the others wait and find it done."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from gateway.storage.connect import open_database
from gateway.storage.query import POSTGRESQL, SQLITE, Query
from gateway.storage.session import Session

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_KNOWN = {
    SQLITE: Query(text("SELECT name FROM sqlite_schema WHERE name = 'alembic_version'")),
    POSTGRESQL: Query(text("SELECT to_regclass('alembic_version')::text")),
}
_REVISION = Query(text("SELECT version_num FROM alembic_version"))


async def migrate(url: str) -> tuple[str | None, str]:
    """Runs what revisions are missing, all or none, and returns the revisions before (None: empty) and after.

    StorageUnavailable when the database can't be reached.
    """
    wanted = head()
    if await revision_of(url) == wanted:
        return wanted, wanted
    # Alembic and what it needs weigh 20 MB and a third of the start; most starts have nothing for it to do.
    from gateway.storage.migrations.run import upgrade  # noqa: PLC0415

    before, after = await asyncio.to_thread(upgrade, url)
    assert after is not None
    return before, after


async def revision_of(url: str) -> str | None:
    """The revision a database is at; None before the first. StorageUnavailable when it can't be reached."""
    database = open_database(url)
    await database.open()
    try:
        return await database.read(_revision)
    finally:
        await database.close()


def _revision(session: Session) -> str | None:
    if session.scalar(_KNOWN[session.dialect]) is None:
        return None
    found: str | None = session.scalar(_REVISION)
    return found


def head() -> str:
    """The newest revision of this version of the program: files of revisions begin with their number."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))
