"""Which database a URL names."""

from pathlib import Path
from urllib.parse import unquote

from gateway.storage.database import Database
from gateway.storage.sqlite import SqliteDatabase

_POSTGRESQL = ("postgresql://", "postgres://")
_SQLITE = "sqlite:///"


def open_database(url: str) -> Database:
    """The database of `postgresql://...`, `sqlite:///path` or a plain path; `await .open()` connects.

    ValueError, with a sentence for people, for any other scheme.
    """
    if url.startswith(_POSTGRESQL):
        from gateway.storage.postgres import PostgresDatabase  # noqa: PLC0415  a driver that SQLite does without

        return PostgresDatabase(url)
    return SqliteDatabase(sqlite_path(url))


def is_postgresql(url: str) -> bool:
    """Whether a URL names a PostgreSQL database."""
    return url.startswith(_POSTGRESQL)


def sqlite_path(url: str) -> Path:
    """The file of `sqlite:///path` (four slashes: from the root) or of a plain path."""
    if url.startswith(_SQLITE):
        path = unquote(url.removeprefix(_SQLITE))
    elif "://" in url:
        raise ValueError(f"{url.partition('://')[0]}:// is no database known here: use postgresql:// or sqlite:///")
    else:
        path = url
    if not path or path == ":memory:":
        raise ValueError("a SQLite database needs a file: sqlite:///path/to/gateway.db")
    return Path(path)
