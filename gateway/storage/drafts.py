"""What users have typed and not sent. Writing goes through the writer, with the other changes of a batch."""

from collections.abc import Iterable

from sqlalchemy import bindparam

from gateway.storage.facts import Draft
from gateway.storage.query import Query, in_set
from gateway.storage.records import DRAFTS
from gateway.storage.schema import drafts
from gateway.storage.session import Session

_OF_THREADS = Query(
    DRAFTS.select().where(
        drafts.c.workspace_id == bindparam("workspace_id"),
        drafts.c.user_id == bindparam("user_id"),
        in_set(drafts.c.thread_id, "threads"),
    )
)


def draft(session: Session, workspace_id: int, user_id: int, thread_id: int) -> Draft | None:
    """A user's draft in a thread."""
    return drafts_of(session, workspace_id, user_id, [thread_id]).get(thread_id)


def drafts_of(session: Session, workspace_id: int, user_id: int, thread_ids: Iterable[int]) -> dict[int, Draft]:
    """A user's drafts in some threads, by thread."""
    threads = session.set_of(thread_ids)
    found = DRAFTS.fetch(session, _OF_THREADS, workspace_id=workspace_id, user_id=user_id, threads=threads)
    return {one.thread_id: one for one in found}
