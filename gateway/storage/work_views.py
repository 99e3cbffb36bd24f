"""What waits, runs and is parked: for metrics and for the page that shows parked work."""

from sqlalchemy import BigInteger, bindparam, func, select

from gateway.domain.model import Work
from gateway.domain.record import record
from gateway.storage.query import Query, constant
from gateway.storage.records import WORK
from gateway.storage.schema import work
from gateway.storage.session import Session


@record
class WorkCount:
    """How many rows of one kind are in one state, and since when the oldest of them has been due."""

    kind: str
    state: str
    count: int
    oldest_due_at: int


_COUNTS = Query(
    select(work.c.kind, work.c.state, func.count(), func.min(work.c.due_at)).group_by(work.c.kind, work.c.state)
)
_PARKED = Query(
    WORK.select()
    .where(
        work.c.workspace_id == bindparam("workspace_id"),
        work.c.state == constant("parked"),
        work.c.id < bindparam("before"),
    )
    .order_by(work.c.id.desc())
    .limit(bindparam("limit", type_=BigInteger))
)


def counts(session: Session) -> list[WorkCount]:
    """All work of the installation, by kind and state."""
    return [WorkCount(*row) for row in session.rows(_COUNTS)]


def parked(session: Session, workspace_id: int, limit: int, before: int = (1 << 63) - 1) -> list[Work]:
    """Parked rows of a workspace, the newest first, with ids below `before`."""
    return WORK.fetch(session, _PARKED, workspace_id=workspace_id, before=before, limit=limit)
