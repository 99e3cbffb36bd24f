"""The database's own clock, for leases: nodes whose clocks disagree still agree on who holds what."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from gateway.storage.query import POSTGRESQL, SQLITE


class database_now(ColumnElement[int]):
    """Milliseconds since the Unix epoch, by the database's clock at this very statement."""

    inherit_cache = True
    type = BigInteger()


@compiles(database_now, SQLITE)
def _sqlite(_element: database_now, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"


@compiles(database_now, POSTGRESQL)
def _postgresql(_element: database_now, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
