"""The event log: appended as the last step of a write transaction, so that positions are commit-ordered.

A follower reads `position > cursor`. Over a plain sequence it would lose what commits late (2-15 % of events with
eight writers); a lock taken any earlier than last deadlocks. So PostgreSQL numbers under an advisory lock a workspace,
taken in id order when all else is written and held until the commit; SQLite has one writer anyway.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, Text, bindparam, func, literal_column, select, text

from gateway.domain.model import Event
from gateway.domain.record import replace
from gateway.storage.query import POSTGRESQL, Query, in_set
from gateway.storage.records import EVENTS
from gateway.storage.schema import events
from gateway.storage.session import Session

_LOCK = Query(
    text("SELECT pg_advisory_xact_lock(hashtextextended('events ' || :workspace_id, 0))").bindparams(
        bindparam("workspace_id", type_=Text)
    )
)
_OF_WORKSPACE = events.c.workspace_id == bindparam("workspace_id")
_HEAD = Query(
    select(events.c.position).where(_OF_WORKSPACE).order_by(events.c.position.desc()).limit(literal_column("1"))
)
_beyond = (
    EVENTS.select()
    .where(_OF_WORKSPACE, events.c.position > bindparam("position"))
    .order_by(events.c.position)
    .limit(bindparam("limit", type_=BigInteger))
)
_AFTER = Query(_beyond)
_AFTER_OF_TYPES = Query(_beyond.where(in_set(events.c.type, "types")))
_COUNT = Query(select(func.count()).select_from(events).where(_OF_WORKSPACE, events.c.position > bindparam("position")))


def append(session: Session, new: Sequence[Event]) -> list[Event]:
    """Stores events and returns them with their positions, contiguous in each workspace, in the order given.

    Must be the transaction's last step: whoever appends next waits for this commit.
    """
    heads = {
        workspace_id: _locked_head(session, workspace_id) for workspace_id in sorted({e.workspace_id for e in new})
    }
    numbered = []
    for event in new:
        heads[event.workspace_id] += 1
        numbered.append(replace(event, position=heads[event.workspace_id]))
    if numbered:
        EVENTS.insert(session, numbered)
    return numbered


def _locked_head(session: Session, workspace_id: int) -> int:
    if session.dialect == POSTGRESQL:
        session.rows(_LOCK, workspace_id=str(workspace_id))
    return head(session, workspace_id)


def head(session: Session, workspace_id: int) -> int:
    """The position of the newest event; 0 before the first."""
    return session.scalar(_HEAD, workspace_id=workspace_id) or 0


def after(
    session: Session, workspace_id: int, position: int, limit: int, types: Collection[str] | None = None
) -> list[Event]:
    """Up to `limit` events beyond `position`, ascending; of some types only, when they are named."""
    if types is None:
        return EVENTS.fetch(session, _AFTER, workspace_id=workspace_id, position=position, limit=limit)
    return EVENTS.fetch(
        session,
        _AFTER_OF_TYPES,
        workspace_id=workspace_id,
        position=position,
        limit=limit,
        types=session.set_of(types),
    )


def count_after(session: Session, workspace_id: int, position: int) -> int:
    """How far a follower at `position` is behind, in events."""
    count: int = session.scalar(_COUNT, workspace_id=workspace_id, position=position)
    return count
