"""Unread: natural inbound beyond what a user has read. Without a cursor, what came since the user was made."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, bindparam, literal_column, select

from gateway.domain.model import Thread
from gateway.storage.query import Query, in_set
from gateway.storage.schema import entries, read_cursors, users
from gateway.storage.session import Session

_READ = Query(
    select(read_cursors.c.thread_id, read_cursors.c.read_inbound).where(
        read_cursors.c.workspace_id == bindparam("workspace_id"),
        read_cursors.c.user_id == bindparam("user_id"),
        in_set(read_cursors.c.thread_id, "threads"),
    )
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


def unread_of(session: Session, workspace_id: int, user_id: int, threads: Iterable[Thread]) -> dict[int, int]:
    """How many natural inbound messages of each thread a user has not read, by thread id."""
    threads = [thread for thread in threads if thread.inbound_count]
    if not threads:
        return {}
    ids = session.set_of(thread.id for thread in threads)
    rows = session.rows(_READ, workspace_id=workspace_id, user_id=user_id, threads=ids)
    read = {row[0]: row[1] for row in rows}
    missing = [thread for thread in threads if thread.id not in read]
    if missing:
        made = session.scalar(_MADE, workspace_id=workspace_id, user_id=user_id) or 0
        read |= {thread.id: _read_when_made(session, thread, made) for thread in missing}
    return {thread.id: max(thread.inbound_count - read[thread.id], 0) for thread in threads}


def _read_when_made(session: Session, thread: Thread, made: int) -> int:
    if thread.created_at >= made:
        return 0
    if thread.last_at is not None and thread.last_at < made:
        return thread.inbound_count
    return session.scalar(_BEFORE, workspace_id=thread.workspace_id, thread_id=thread.id, made=made) or 0
