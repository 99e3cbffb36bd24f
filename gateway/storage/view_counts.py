"""How many conversations stand in each state with each owner, kept with every change, so that no view counts."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from gateway.domain.model import Conversation
from gateway.storage.query import SQLITE, Query
from gateway.storage.records import VIEW_COUNTS
from gateway.storage.schema import view_counts
from gateway.storage.session import Session

Place = tuple[int, str, int, int]

_KEY = [view_counts.c.workspace_id, view_counts.c.state, view_counts.c.user_id, view_counts.c.group_id]


def _upsert(insert: type[sqlite.Insert] | type[postgresql.Insert]) -> Query:
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in view_counts.columns}
    statement = insert(view_counts).values(values)
    return Query(
        statement.on_conflict_do_update(
            index_elements=_KEY, set_={"count": view_counts.c.count + statement.excluded.count}
        )
    )


_UPSERT = {SQLITE: _upsert(sqlite.Insert), "postgresql": _upsert(postgresql.Insert)}


def place_of(conversation: Conversation) -> Place:
    """Where a conversation is counted; 0 stands for nobody and for no group."""
    return (
        conversation.workspace_id,
        str(conversation.state),
        conversation.user_id or 0,
        conversation.group_id or 0,
    )


def record(
    session: Session, opened: Iterable[Conversation], moved: Iterable[tuple[Conversation, Conversation]]
) -> None:
    """Adds what a batch changed, in key order so that two nodes never wait for each other in a ring."""
    deltas: dict[Place, int] = {}
    for conversation in opened:
        place = place_of(conversation)
        deltas[place] = deltas.get(place, 0) + 1
    for before, after in moved:
        old, new = place_of(before), place_of(after)
        if old != new:
            deltas[old] = deltas.get(old, 0) - 1
            deltas[new] = deltas.get(new, 0) + 1
    rows = [
        dict(zip(VIEW_COUNTS.names, (*place, delta), strict=True)) for place, delta in sorted(deltas.items()) if delta
    ]
    if rows:
        session.each(_UPSERT[session.dialect], rows)
