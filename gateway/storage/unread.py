"""Unread: natural inbound beyond what a user has read. Without a cursor, what came since the user was made."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, and_, bindparam, literal_column, select

from gateway.storage.query import Query, in_set
from gateway.storage.schema import entries, read_cursors, threads, users
from gateway.storage.session import Session

_READ = Query(
    select(threads.c.id, threads.c.inbound_count, read_cursors.c.read_inbound, threads.c.created_at, threads.c.last_at)
    .select_from(
        threads.outerjoin(
            read_cursors,
            and_(
                read_cursors.c.workspace_id == threads.c.workspace_id,
                read_cursors.c.user_id == bindparam("user_id"),
                read_cursors.c.thread_id == threads.c.id,
            ),
        )
    )
    .where(threads.c.workspace_id == bindparam("workspace_id"), in_set(threads.c.id, "threads"))
)
_MADE = Query(
    select(users.c.created_at).where(
        users.c.workspace_id == bindparam("workspace_id"), users.c.id == bindparam("user_id")
    )
)
_BEFORE = Query(
    select(entries.c.inbound_count)
    .where(
        entries.c.workspace_id == bindparam("workspace_id"),
        entries.c.thread_id == bindparam("thread_id"),
        entries.c.at < bindparam("made", type_=BigInteger),
    )
    .order_by(entries.c.seq.desc())
    .limit(literal_column("1"))
)


def unread_of(session: Session, workspace_id: int, user_id: int, thread_ids: Iterable[int]) -> dict[int, int]:
    """How many natural inbound messages of each thread a user has not read, by thread id."""
    rows = session.rows(_READ, workspace_id=workspace_id, user_id=user_id, threads=session.set_of(thread_ids))
    unread = {row[0]: max(row[1] - row[2], 0) for row in rows if row[2] is not None}
    missing = [row for row in rows if row[2] is None]
    if missing:
        made = session.scalar(_MADE, workspace_id=workspace_id, user_id=user_id) or 0
        for id_, inbound_count, _, created_at, last_at in missing:
            if created_at >= made or inbound_count == 0:
                unread[id_] = inbound_count
            elif last_at is not None and last_at < made:
                unread[id_] = 0
            else:
                before = session.scalar(_BEFORE, workspace_id=workspace_id, thread_id=id_, made=made) or 0
                unread[id_] = inbound_count - before
    return unread
