"""Taking a workspace's data out, in pieces that each fit one short transaction. Users, tokens and secrets stay."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam

from gateway.storage.query import Query
from gateway.storage.records import ADDRESSES, CONSENTS, CONTACTS, CONVERSATIONS, MESSAGES, NOTES, THREADS, RecordTable
from gateway.storage.session import Session

PIECE = 500
_TABLES: tuple[tuple[str, RecordTable[Any]], ...] = (
    ("contact", CONTACTS),
    ("address", ADDRESSES),
    ("consent", CONSENTS),
    ("thread", THREADS),
    ("conversation", CONVERSATIONS),
    ("message", MESSAGES),
    ("note", NOTES),
)

Place = tuple[int, int]
"""Which table, and the id after which it goes on."""


@cache
def _after(number: int) -> Query:
    table = _TABLES[number][1]
    columns = table.table.c
    return Query(
        table.select()
        .where(columns.workspace_id == bindparam("workspace_id"), columns.id > bindparam("after"))
        .order_by(columns.id)
        .limit(bindparam("limit", type_=BigInteger))
    )


def export_rows(session: Session, workspace_id: int, place: Place | None) -> tuple[list[tuple[str, Any]], Place | None]:
    """The next records, each with its kind, and the place to go on from; None at the end."""
    number, after = place or (0, 0)
    kind, table = _TABLES[number]
    found = table.fetch(session, _after(number), workspace_id=workspace_id, after=after, limit=PIECE)
    rows = [(kind, record) for record in found]
    if len(found) == PIECE:
        return rows, (number, found[-1].id)
    return rows, (number + 1, 0) if number + 1 < len(_TABLES) else None
