"""A session: one transaction's connection, synchronous on both databases.

Storage code is written once, as plain functions of a session. On SQLite they run in the database's own thread; on
PostgreSQL in a greenlet that awaits asyncpg underneath.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.storage.bulk import Alteration, Columns, Insertion
from gateway.storage.query import Query

Row = Sequence[Any]


class Session(ABC):
    """Runs compiled statements. `dialect` is `sqlite` or `postgresql`."""

    dialect: str

    @abstractmethod
    def rows(self, query: Query, **parameters: Any) -> Sequence[Row]:
        """All rows of a statement that returns some."""

    @abstractmethod
    def run(self, query: Query, **parameters: Any) -> int:
        """Runs a statement and returns how many rows it touched."""

    @abstractmethod
    def insert(self, insertion: Insertion, columns: Columns) -> None:
        """Inserts rows that come as columns, in the order of the insertion's names."""

    @abstractmethod
    def alter(self, alteration: Alteration, rows: Sequence[Sequence[Any]]) -> None:
        """Updates rows by their keys: each row holds the new values in the alteration's order, then the key."""

    @abstractmethod
    def many(self, query: Query, rows: Sequence[Sequence[Any]]) -> None:
        """Runs a statement once a row. Each row holds the values in the order of `Query.compiled(...).names`."""

    @abstractmethod
    def set_of(self, values: Iterable[Any]) -> Any:
        """What `in_set` takes for these values."""

    def first(self, query: Query, **parameters: Any) -> Row | None:
        """The first row, or None."""
        rows = self.rows(query, **parameters)
        return rows[0] if rows else None

    def scalar(self, query: Query, **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.first(query, **parameters)
        return None if row is None else row[0]

    def each(self, query: Query, rows: Sequence[Mapping[str, Any]]) -> None:
        """Like `many`, with named values."""
        compiled = query.compiled(self.dialect)
        self.many(query, [compiled.arguments(row) for row in rows])
