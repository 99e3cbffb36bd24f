"""Threads that are read as one, since their contacts were merged. Nothing was moved: the losers point to the winner."""

from collections.abc import Iterable

from sqlalchemy import bindparam

from gateway.domain.model import Thread
from gateway.storage.query import Query, in_set
from gateway.storage.records import THREADS
from gateway.storage.schema import threads
from gateway.storage.session import Session

# Two statements, since one with OR reads the whole table.
_THESE = Query(THREADS.select().where(threads.c.workspace_id == bindparam("workspace_id"), in_set(threads.c.id, "ids")))
_LOSERS = Query(
    THREADS.select().where(
        threads.c.workspace_id == bindparam("workspace_id"),
        threads.c.merged_into.is_not(None),
        in_set(threads.c.merged_into, "ids"),
    )
)


def family_of(session: Session, workspace_id: int, thread_id: int) -> list[Thread]:
    """The winner's thread first, then those merged into it; empty if there is no such thread."""
    known: dict[int, Thread] = {}
    asked: set[int] = set()
    new = {thread_id}
    while new:
        asked |= new
        found = _related(session, workspace_id, new)
        known |= {thread.id: thread for thread in found}
        new = ({thread.merged_into for thread in found if thread.merged_into is not None} | known.keys()) - asked
    return sorted(known.values(), key=lambda thread: (thread.merged_into is not None, thread.id))


def _related(session: Session, workspace_id: int, ids: Iterable[int]) -> list[Thread]:
    given = {"workspace_id": workspace_id, "ids": session.set_of(ids)}
    return [thread for query in (_THESE, _LOSERS) for thread in THREADS.fetch(session, query, **given)]
