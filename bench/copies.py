"""A small store many times over: the same threads again, later, from other numbers. SQLite does it, row by row, itself.

Making a million threads through the records takes half an hour; as a hundred copies of ten thousand a few minutes.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from bench.sample_threads import APART, NUMBERS, STRIDE
from gateway.storage.search import endings_of

_TABLES = (
    "contacts", "addresses", "contact_names", "threads", "conversations", "entries", "messages", "read_cursors",
    "events",
)  # fmt: skip
_IDS = frozenset({"id", "contact_id", "thread_id", "conversation_id", "message_id", "last_message_id"})
_TIMES = frozenset({"at", "created_at", "last_at", "opened_at", "ended_at", "waiting_since", "snoozed_until"})
_NUMBER = "'+1555' || printf('%07d', (substr({column}, 6) + :numbers) % " + f"{NUMBERS})"
_CONTACT = "CASE WHEN {column} LIKE 'contact:%' THEN 'contact:' || (substr({column}, 9) + :ids) ELSE {column} END"
_OTHERS: Mapping[str, str] = {
    "value": _NUMBER.format(column="value"),
    "their_address": _NUMBER.format(column="their_address"),
    "sticky_address": _NUMBER.format(column="sticky_address"),
    "position": "position + :positions",
    "author": _CONTACT.format(column="author"),
    "last_author": _CONTACT.format(column="last_author"),
    "actor": _CONTACT.format(column="actor"),
    "sort_name": f"CASE WHEN sort_name LIKE '+%' THEN {_NUMBER.format(column='sort_name')} ELSE sort_name END",
    # The name, if there is one, then the number, twelve characters long.
    "words": f"substr(words, 1, length(words) - 12) || {_NUMBER.format(column='substr(words, -12)')}",
}
_ID_OF_A_MILLISECOND = 1 << 22  # domain/ids.py


def fill(path: Path, threads: int, copies: int) -> None:
    """Makes of a store of so many threads one of `copies` times as many. Indexes are built when all is there."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_function("endings", 1, lambda words: " ".join(endings_of(words)), deterministic=True)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    try:
        indexes = _without_indexes(connection)
        statements = [_seed(connection, table) for table in _TABLES] + _search(connection)
        positions = connection.execute("SELECT max(position) FROM events").fetchone()[0]
        for number in range(1, copies):
            times = number * threads * APART
            shifts = {
                "ids": times * _ID_OF_A_MILLISECOND,
                "times": times,
                "numbers": number * threads * STRIDE,
                "positions": number * positions,
            }
            connection.execute("BEGIN")
            for statement in statements:
                connection.execute(statement, shifts)
            connection.execute("COMMIT")
        connection.execute("UPDATE view_counts SET count = count * ?", (copies,))
        for index in indexes:
            connection.execute(index)
    finally:
        connection.close()


def _without_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drops what is kept beside the tables, and gives the statements that make it again."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]


def _seed(connection: sqlite3.Connection, table: str) -> str:
    """Puts a table's rows aside, and gives the statement that adds them once more, shifted."""
    connection.execute(f"CREATE TEMP TABLE seed_{table} AS SELECT * FROM {table}")
    columns = [column[0] for column in connection.execute(f"SELECT * FROM seed_{table} LIMIT 0").description]
    return f"INSERT INTO {table} SELECT {', '.join(map(_shifted, columns))} FROM seed_{table}"


def _shifted(column: str) -> str:
    if column in _IDS:
        return f"{column} + :ids"
    if column in _TIMES:
        return f"{column} + :times"
    return _OTHERS.get(column, f'"{column}"')


def _search(connection: sqlite3.Connection) -> list[str]:
    connection.execute("CREATE TEMP TABLE seed_words AS SELECT rowid AS id, words FROM message_search")
    endings = f"SELECT contact_id + :ids, endings({_OTHERS['words']}) FROM seed_contact_names"
    words = "SELECT id + :ids, words FROM seed_words"
    return [
        f"INSERT INTO contact_search (rowid, endings) {endings}",
        f"INSERT INTO message_search (rowid, words) {words}",
    ]
