"""Records in and out of their tables: set-based loads, bulk inserts, and updates of just the columns that changed."""

from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from operator import attrgetter, is_not
from typing import Any, Generic, TypeVar

from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.sql.selectable import Select

from gateway.domain.record import values_of
from gateway.storage.bulk import Alteration, Insertion, of_key
from gateway.storage.columns import FieldMapping, mappings_of
from gateway.storage.query import Query, in_set
from gateway.storage.session import Row, Session

R = TypeVar("R")

STATEMENTS_KEPT = 128
"""Of a table, for each of inserts and updates: which columns come together is up to what people write."""


def _tuple_getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda record: (only(record),)
    return attrgetter(*names)


def _row_maker(fields: Sequence[FieldMapping]) -> Callable[[Any], tuple[Any, ...]]:
    """A function from a record to its row. Written out once for each type: a message makes nine rows."""
    space: dict[str, Any] = {f"store_{field.name}": field.store for field in fields if field.store}
    values = (f"store_{field.name}(record.{field.name})" if field.store else f"record.{field.name}" for field in fields)
    exec(f"def row(record): return ({', '.join(values)},)", space)  # noqa: S102  the text is made of field names alone
    row: Callable[[Any], tuple[Any, ...]] = space["row"]
    return row


def _make_room(statements: dict[tuple[int, ...], Any]) -> None:
    """The oldest goes: made anew, should it be asked for again, in a millisecond."""
    while len(statements) >= STATEMENTS_KEPT:
        del statements[next(iter(statements))]


class RecordTable(Generic[R]):
    """One record type and its table."""

    def __init__(self, record: type[R], table: Table) -> None:
        self.record = record
        self.table = table
        self.fields: tuple[FieldMapping, ...] = mappings_of(record)
        self.key: tuple[str, ...] = tuple(column.name for column in table.primary_key.columns)
        self.names = tuple(field.name for field in self.fields)
        self._row = _row_maker(self.fields)
        self._nullable = tuple(field.nullable for field in self.fields)
        self._loads = tuple((i, field.load) for i, field in enumerate(self.fields) if field.load)
        self.key_of: Callable[[R], tuple[Any, ...]] = _tuple_getter(self.key)
        """A record's primary key."""
        self._insertions: dict[tuple[int, ...], Insertion] = {}
        self._delete: Query | None = None
        self._alterations: dict[tuple[int, ...], Alteration] = {}
        self._by_column: dict[tuple[str, bool], Query] = {}

    @property
    def statements(self) -> int:
        """How many texts of inserts and updates are kept."""
        return len(self._insertions) + len(self._alterations)

    def columns(self) -> list[Any]:
        """The table's columns in the record's order, for statements of one's own that end in `load`."""
        return [self.table.c[name] for name in self.names]

    def select(self) -> Select[Any]:
        """`SELECT` of whole records, to be narrowed."""
        return select(*self.columns())

    def load(self, row: Row) -> R:
        """A record from a row in the record's order (longer rows may follow it)."""
        values = list(row[: len(self.names)])
        for index, convert in self._loads:
            values[index] = convert(values[index])
        return self.record(*values)

    def fetch(self, session: Session, query: Query, **parameters: Any) -> list[R]:
        """All records of a query made with `select()`."""
        return [self.load(row) for row in session.rows(query, **parameters)]

    def by(
        self, session: Session, workspace_id: int, column: str, values: Iterable[Any], *, lock: bool = False
    ) -> list[R]:
        """Records of a workspace whose `column` is among `values`; locked in key order when asked (PostgreSQL)."""
        found = self._by_column.get((column, lock))
        if found is None:
            statement = self.select().where(
                self.table.c.workspace_id == bindparam("workspace_id"), in_set(self.table.c[column], "values")
            )
            if lock:
                statement = statement.order_by(*self.table.primary_key.columns).with_for_update()
            found = self._by_column[column, lock] = Query(statement)
        return self.fetch(session, found, workspace_id=workspace_id, values=session.set_of(values))

    def insert(self, session: Session, records: Sequence[R]) -> None:
        """All of them together. Raises Conflict (through the database) when a unique rule says no."""
        if not records:
            return
        columns = list(zip(*map(self._row, records), strict=True))
        kept = tuple(
            i
            for i, (column, nullable) in enumerate(zip(columns, self._nullable, strict=True))
            if not nullable or column[0] is not None or column.count(None) < len(column)
        )
        insertion = self._insertions.get(kept)
        if insertion is None:
            _make_room(self._insertions)
            insertion = self._insertions[kept] = Insertion(self.table, [self.names[i] for i in kept])
        session.insert(insertion, [columns[i] for i in kept])

    def update(self, session: Session, changes: Iterable[tuple[R, R]]) -> None:
        """Writes the columns in which each (before, after) differ, grouped so that each group is one statement."""
        groups: dict[tuple[int, ...], list[tuple[Any, ...]]] = {}
        everything = range(len(self.names))
        for before, after in changes:
            old, new = values_of(before), values_of(after)
            # Most fields are the same objects as before: only the others are compared.
            changed = tuple(i for i in compress(everything, map(is_not, old, new)) if old[i] != new[i])
            if changed:
                row = self._row(after)
                groups.setdefault(changed, []).append((*(row[i] for i in changed), *self.key_of(after)))
        for columns, rows in groups.items():
            alteration = self._alterations.get(columns)
            if alteration is None:
                _make_room(self._alterations)
                names = [self.names[i] for i in columns]
                alteration = self._alterations[columns] = Alteration(self.table, names)
            session.alter(alteration, rows)

    def delete(self, session: Session, records: Sequence[R]) -> None:
        """Removes them by their keys."""
        if self._delete is None:
            self._delete = Query(delete(self.table).where(*of_key(self.table)))
        session.many(self._delete, [self.key_of(record) for record in records])
