"""How a record's fields become columns, once for both databases, and values on their way in and out.

Enumerations and small documents are text, times and ids 64-bit integers, so that both drivers hand back plain values.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Float, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from gateway.domain.policy import Policy, dump_policy, parse_policy
from gateway.domain.record import record
from gateway.domain.working_hours import WorkingHours, hours_of, written

Convert = Callable[[Any], Any]

_PLAIN: Mapping[type, type[TypeEngine[Any]]] = {
    int: BigInteger,
    str: Text,
    bool: Boolean,
    float: Float,
    bytes: LargeBinary,
}
_DOCUMENTS: Mapping[Any, tuple[Convert, Convert]] = {
    Policy: (dump_policy, parse_policy),
    WorkingHours: (written, hours_of),
}
"""Records that are one column: how they are written as a small document, and read."""
_encoder = msgspec.json.Encoder()


def to_json(value: Any) -> str:
    """A small document as text. Most are empty, and cost nothing."""
    if not value and isinstance(value, dict | tuple):
        return "[]" if isinstance(value, tuple) else "{}"
    return _encoder.encode(value).decode()


@record(gc=True)
class FieldMapping:
    """One field of a record: its column type, and how values go in and come out (None: as they are)."""

    name: str
    column_type: type[TypeEngine[Any]]
    nullable: bool
    store: Convert | None
    load: Convert | None


def mappings_of(kind: type[Any]) -> tuple[FieldMapping, ...]:
    """The mapping of every field of a record's type, in order."""
    return _worked_out(kind)


def _mappings(kind: type[Any]) -> tuple[FieldMapping, ...]:
    return tuple(_mapping(name, hint) for name, hint in get_type_hints(kind).items())


_worked_out: Callable[[Any], tuple[FieldMapping, ...]] = cache(_mappings)  # a table asks, and what reads and writes it


def _mapping(name: str, hint: Any) -> FieldMapping:
    nullable = False
    if get_origin(hint) in (Union, UnionType):
        nullable = NoneType in get_args(hint)
        hint = next(part for part in get_args(hint) if part is not NoneType)
    store, load = _converters(hint)
    if nullable and load is not None:
        load = _unless_none(load)
    if nullable and store is not None:
        store = _unless_none(store)
    plain = Text if load is not None and hint is not bool else _PLAIN[hint]
    return FieldMapping(name, plain, nullable, store, load)


def _converters(hint: Any) -> tuple[Convert | None, Convert | None]:
    if hint in _DOCUMENTS:
        dump, parse = _DOCUMENTS[hint]
        return (lambda value: to_json(dump(value))), (lambda text: parse(msgspec.json.decode(text)))
    if hint is bool:
        return None, bool
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str, {member.value: member for member in hint}.__getitem__
    if get_origin(hint) is tuple:
        return to_json, lambda text: tuple(msgspec.json.decode(text))
    if get_origin(hint) is not None:
        return to_json, msgspec.json.decode
    return None, None


def _unless_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def table_of(kind: type[Any], name: str, metadata: MetaData, *key: str, rowid: bool = True, **more: Any) -> Table:
    """A table with a column for each field of the record and `key` as its primary key.

    `rowid=False` clusters the rows by their key on SQLite, for tables read or written in key order.
    """
    columns = [
        Column(field.name, field.column_type(), primary_key=field.name in key, nullable=field.nullable)
        for field in mappings_of(kind)
    ]
    for column in columns:
        column.autoincrement = False
    return Table(name, metadata, *columns, *more.pop("items", ()), sqlite_with_rowid=rowid, **more)
