"""Many rows of a table written at once, as each driver likes it best: few statements, few values.

Rows come as columns, and a column that is NULL in all of them is left out: Python's SQLite driver spends longer on a
None than on a string of 300 characters (docs/decisions/0015-durable-inbound.md).
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Float, LargeBinary, Table, Text, bindparam, insert

from gateway.storage.query import SQLITE, Query

Columns = Sequence[Sequence[Any]]
"""One sequence of values for each column, all of them as long as there are rows."""

_TOGETHER = (64, 32, 16, 8, 4, 2, 1)
"""How many rows go into one statement, largest first. 64 rows of the widest table stay far below 32,766 parameters."""


def _chunks(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """Few statements for any number of rows, of seven lengths that are compiled once: how many rows, and their values.

    Python's driver lets go of the interpreter at each statement, and at each row of an `executemany`.
    """
    done = 0
    for size in _TOGETHER:
        while len(rows) - done >= size:
            yield size, list(chain.from_iterable(rows[done : done + size]))
            done += size


_ARRAYS = {BigInteger: "BIGINT", Text: "TEXT", Boolean: "BOOLEAN", Float: "FLOAT8", LargeBinary: "BYTEA"}


class Insertion:
    """`INSERT INTO table (names)`, its text made once for each number of rows."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        self._table = table
        self._names = tuple(names)
        self._texts: dict[int, str] = {}

    def statements(self, columns: Columns) -> list[tuple[str, list[Any]]]:
        """SQLite: texts of up to 64 rows with their values."""
        return [(self._text(size), values) for size, values in _chunks(list(zip(*columns, strict=True)))]

    def unnested(self) -> str:
        """PostgreSQL: one text for any number of rows, with an array for each column."""
        found = self._texts.get(0)
        if found is None:
            arrays = _arrays(self._table, self._names)
            names = ", ".join(map(_quoted, self._names))
            found = self._texts[0] = f"INSERT INTO {self._table.name} ({names}) SELECT * FROM unnest({arrays})"
        return found

    def _text(self, rows: int) -> str:
        found = self._texts.get(rows)
        if found is None:
            one = Query(insert(self._table).values({name: bindparam(name) for name in self._names}))
            compiled = one.compiled(SQLITE)
            assert compiled.names == self._names, "columns are written in the table's order"
            head, values = compiled.sql.split("VALUES ", 1)
            found = self._texts[rows] = f"{head}VALUES {', '.join([values] * rows)}"
        return found


class Alteration:
    """`UPDATE table SET names`, one row of values for each row of the table: the new values, then its key."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        key = [column.name for column in table.primary_key.columns]
        self._table = table.name
        self._names, self._key = tuple(names), tuple(key)
        self._texts: dict[int, str] = {}
        given = ", ".join(self._by_name())
        self.unnested = self._text(f"unnest({_arrays(table, [*names, *key])}) AS given({given})", self._by_name())

    def statements(self, rows: Sequence[Sequence[Any]]) -> list[tuple[str, list[Any]]]:
        """SQLite: texts of up to 64 rows with their values."""
        return [(self._of(size), values) for size, values in _chunks(rows)]

    def _of(self, rows: int) -> str:
        found = self._texts.get(rows)
        if found is None:
            columns = [f"column{place}" for place in range(1, len(self._names) + len(self._key) + 1)]
            one = f"({', '.join('?' * len(columns))})"
            found = self._texts[rows] = self._text(f"(VALUES {', '.join([one] * rows)}) AS given", columns)
        return found

    def _by_name(self) -> list[str]:
        return [
            _quoted(name) for name in (*(_NEW + name for name in self._names), *(_KEY + name for name in self._key))
        ]

    def _text(self, given: str, columns: Sequence[str]) -> str:
        """The update from a table of given rows, whose columns are called so."""
        new, key = columns[: len(self._names)], columns[len(self._names) :]
        changes = ", ".join(f"{_quoted(name)} = given.{column}" for name, column in zip(self._names, new, strict=True))
        row = " AND ".join(
            f"altered.{_quoted(name)} = given.{column}" for name, column in zip(self._key, key, strict=True)
        )
        return f"UPDATE {self._table} AS altered SET {changes} FROM {given} WHERE {row}"


_KEY, _NEW = "key_", "new_"


def of_key(table: Table) -> list[ColumnElement[bool]]:
    """The row with the key that is given, for statements that are run with values in the key's order."""
    return [column == bindparam(_KEY + column.name) for column in table.primary_key.columns]


def _arrays(table: Table, names: Sequence[str]) -> str:
    # The type's own class says it: a variant may carry a collation, which an array has no place for.
    types = (_ARRAYS[type(table.c[name].type)] for name in names)
    return ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types, 1))


def _quoted(name: str) -> str:
    return f'"{name}"'
