"""How many messages conversations hold, both ways: for a page of a table, all of them in one statement."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from gateway.domain.model import Conversation
from gateway.storage.query import Query, in_set
from gateway.storage.schema import entries
from gateway.storage.session import Session

# By thread first: entries lie in the order of their threads, and no index knows their conversations.
_COUNTS = Query(
    select(entries.c.conversation_id, func.count())
    .where(
        entries.c.workspace_id == bindparam("workspace_id"),
        in_set(entries.c.thread_id, "threads"),
        in_set(entries.c.conversation_id, "conversations"),
        entries.c.message_id.is_not(None),
    )
    .group_by(entries.c.conversation_id)
)


def message_counts(session: Session, workspace_id: int, conversations: Sequence[Conversation]) -> dict[int, int]:
    """By conversation id; one without messages is not in it. Merged threads count for themselves."""
    if not conversations:
        return {}
    rows = session.rows(
        _COUNTS,
        workspace_id=workspace_id,
        threads=session.set_of({one.thread_id for one in conversations}),
        conversations=session.set_of([one.id for one in conversations]),
    )
    return {row[0]: row[1] for row in rows}
