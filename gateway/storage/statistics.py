"""Tallies of what happened, by the quarter of an hour: added to by a follower of the log, summed up for reports.

A report over 90 days reads at most 8,640 quarters of each subject, however many messages there were.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.domain.message import Direction
from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.domain.statistics import Tally, Wait
from gateway.storage.query import SQLITE, Query, in_set
from gateway.storage.records import TALLIES, WAITS
from gateway.storage.schema import messages, tallies
from gateway.storage.session import Session

_KEY = [
    tallies.c.workspace_id,
    tallies.c.dimension,
    tallies.c.quarter,
    tallies.c.subject_id,
    tallies.c.measure,
    tallies.c.band,
]


def _upsert(insert: type[sqlite.Insert] | type[postgresql.Insert]) -> Query:
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in tallies.columns}
    statement = insert(tallies).values(values)
    added = {name: tallies.c[name] + statement.excluded[name] for name in ("count", "total")}
    return Query(statement.on_conflict_do_update(index_elements=_KEY, set_=added))


_UPSERT = {SQLITE: _upsert(sqlite.Insert), "postgresql": _upsert(postgresql.Insert)}
_FACTS = Query(
    select(
        messages.c.id,
        messages.c.direction,
        messages.c.nature,
        messages.c.author,
        messages.c.created_at,
        messages.c.sender_id,
        messages.c.gateway_id,
        messages.c.cause,
    ).where(messages.c.workspace_id == bindparam("workspace_id"), in_set(messages.c.id, "ids"))
)


@record
class MessageFacts:
    """What of a message is counted."""

    id: int
    direction: Direction
    nature: Nature
    author: str
    created_at: int
    sender_id: int | None
    gateway_id: int | None
    cause: str | None


@record
class Sum:
    """What one group of tallies comes to. `place` is what was grouped by: a subject, or a quarter of an hour."""

    place: int
    measure: str
    band: int
    count: int
    total: int


def add(session: Session, found: Iterable[Tally]) -> None:
    """Adds tallies to those that are there, in key order so that two nodes never wait for each other in a ring."""
    rows = sorted(found, key=TALLIES.key_of)
    if rows:
        session.each(_UPSERT[session.dialect], [{name: getattr(row, name) for name in TALLIES.names} for row in rows])


def message_facts(session: Session, workspace_id: int, ids: Iterable[int]) -> dict[int, MessageFacts]:
    """What is counted of some messages."""
    rows = session.rows(_FACTS, workspace_id=workspace_id, ids=session.set_of(ids))
    return {row[0]: MessageFacts(row[0], Direction(row[1]), Nature(row[2]), *row[3:]) for row in rows}


def waits(session: Session, workspace_id: int, conversation_ids: Iterable[int]) -> dict[int, Wait]:
    """Conversations that are under way, of those named."""
    found = WAITS.by(session, workspace_id, "conversation_id", conversation_ids)
    return {one.conversation_id: one for one in found}


def change_waits(session: Session, before: Mapping[int, Wait], after: Mapping[int, Wait]) -> None:
    """Writes what became of them."""
    WAITS.delete(session, [one for id_, one in before.items() if id_ not in after])
    WAITS.insert(session, [one for id_, one in after.items() if id_ not in before])
    WAITS.update(session, [(before[id_], one) for id_, one in after.items() if id_ in before])


def by_subject(session: Session, workspace_id: int, dimension: str, first: int, last: int) -> Sequence[Sum]:
    """The sums of each subject over the quarters from `first` up to, not including, `last`."""
    return _sums(session, _statement("subject_id", one=False), workspace_id, dimension, first, last)


def by_quarter(
    session: Session, workspace_id: int, dimension: str, subject_id: int, first: int, last: int
) -> Sequence[Sum]:
    """One subject's tallies of each quarter."""
    query = _statement("quarter", one=True)
    return _sums(session, query, workspace_id, dimension, first, last, subject_id=subject_id)


def _sums(
    session: Session, query: Query, workspace_id: int, dimension: str, first: int, last: int, **more: int
) -> list[Sum]:
    given = {"workspace_id": workspace_id, "dimension": dimension, "first": first, "last": last, **more}
    return [
        Sum(place, measure, band, int(count), int(total))
        for place, measure, band, count, total in session.rows(query, **given)
    ]


@cache
def _statement(place: str, *, one: bool) -> Query:
    c = tallies.c
    where: list[ColumnElement[bool]] = [
        c.workspace_id == bindparam("workspace_id"),
        c.dimension == bindparam("dimension"),
        c.quarter >= bindparam("first", type_=BigInteger),
        c.quarter < bindparam("last", type_=BigInteger),
    ]
    if one:
        where.append(c.subject_id == bindparam("subject_id", type_=BigInteger))
    groups = (c[place], c.measure, c.band)
    return Query(
        select(*groups, func.sum(c.count), func.sum(c.total)).where(*where).group_by(*groups).order_by(*groups)
    )
