"""Statements compiled once. SQLAlchemy Core writes the SQL; the drivers run it without SQLAlchemy in between.

An ORM transaction a request is 30 times slower than what this allows (docs/decisions/0002-write-path.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Text, bindparam, literal_column
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY, asyncpg
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from gateway.domain.record import record

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


@record
class Compiled:
    """SQL text for one driver, the order of its parameters, and those that came with the statement."""

    sql: str
    names: tuple[str, ...]
    given: Mapping[str, Any]

    def arguments(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Values in the driver's order."""
        given = self.given
        return [parameters[name] if name in parameters else given[name] for name in self.names]


class Query:
    """A statement and its compiled text for each dialect. Make them once, at module level or in a cached function."""

    __slots__ = ("_compiled", "statement")

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: str) -> Compiled:
        """The text for `sqlite` or `postgresql`."""
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = _compile(self.statement, dialect)
        return found


class _WithHints(SQLiteCompiler):
    """SQLite knows `INDEXED BY` behind a table; SQLAlchemy leaves it out."""

    def get_from_hint_text(self, _table: Any, text: str | None) -> str | None:
        return text


def _dialect(name: str) -> Dialect:
    if name == SQLITE:
        dialect = sqlite.dialect(paramstyle="qmark")
        dialect.statement_compiler = _WithHints
        return dialect
    return asyncpg.dialect()  # type: ignore[no-untyped-call]


def _compile(statement: ClauseElement, dialect: str) -> Compiled:
    compiled = statement.compile(dialect=_dialect(dialect))
    if not isinstance(compiled, SQLCompiler):
        return Compiled(str(compiled), (), {})
    return Compiled(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))


class in_set(ColumnElement[bool]):
    """`column in (a set handed over as one parameter)`: the same text for one value and for a thousand.

    The parameter is what `Session.set_of` makes of an iterable: JSON text on SQLite, an array on PostgreSQL.
    """

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.text = bindparam(name, type_=Text())
        self.array = bindparam(name, type_=ARRAY(BigInteger() if isinstance(column.type, BigInteger) else Text()))


@compiles(in_set, SQLITE)
def _in_set_sqlite(element: in_set, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    values = compiler.process(element.text, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(in_set, POSTGRESQL)
def _in_set_postgresql(element: in_set, compiler: SQLCompiler, **options: Any) -> str:
    return f"{compiler.process(element.column, **options)} = ANY({compiler.process(element.array, **options)})"


class by_code_point(ColumnElement[str]):
    """Text in the order of its code points, on both databases and as Python sorts, whatever the server's locale."""

    inherit_cache = False

    def __init__(self, element: ColumnElement[str]) -> None:
        self.element = element
        self.type = Text()


@compiles(by_code_point, SQLITE)
def _by_code_point_sqlite(element: by_code_point, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.element, **options)


@compiles(by_code_point, POSTGRESQL)
def _by_code_point_postgresql(element: by_code_point, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.element, **options)} COLLATE "C")'


def constant(text: str) -> ColumnElement[str]:
    """A word written into the SQL itself, so that a partial index on it can be chosen."""
    return literal_column("'" + text.replace("'", "''") + "'", Text())


def some(rows: Select[Any]) -> ColumnElement[bool]:
    """Whether a correlated statement has any rows, asked of each row in its turn.

    Of an EXISTS PostgreSQL makes a join, begins it with the other table, and sorts all it finds for one page.
    """
    return rows.limit(literal_column("1")).scalar_subquery().is_not(None)


def names_of(columns: Sequence[Any]) -> tuple[str, ...]:
    """Column names, in order."""
    return tuple(column.name for column in columns)
