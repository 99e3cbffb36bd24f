"""Conversations that wait for somebody, and how many everybody has."""

from sqlalchemy import bindparam, literal_column, select

from gateway.storage.query import Query, constant
from gateway.storage.records import VIEW_COUNTS
from gateway.storage.schema import conversations
from gateway.storage.session import Session

MOST_WAITING = 500
_WAITING = Query(
    select(conversations.c.id)
    .where(
        conversations.c.workspace_id == bindparam("workspace_id"),
        conversations.c.state == constant("open"),
        conversations.c.user_id.is_(None),
    )
    .order_by(conversations.c.last_at, conversations.c.id)
    .limit(literal_column(str(MOST_WAITING)))
)


def waiting_ids(session: Session, workspace_id: int) -> list[int]:
    """Open conversations that no user has, the longest untouched first; at most 500."""
    return [row[0] for row in session.rows(_WAITING, workspace_id=workspace_id)]


def open_by_user(session: Session, workspace_id: int) -> dict[int, int]:
    """How many open conversations each user has; under 0 those that nobody has."""
    found: dict[int, int] = {}
    for one in VIEW_COUNTS.by(session, workspace_id, "workspace_id", [workspace_id]):
        if one.state == "open" and one.count:
            found[one.user_id] = found.get(one.user_id, 0) + one.count
    return found
