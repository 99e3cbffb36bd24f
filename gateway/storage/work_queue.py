"""The work queue: rows claimed under a lease, finished, retried or parked. `work_views.py` counts and lists them,
`send_queue.py` claims sends.

Order within a lane is kept, retries included: only its oldest row that isn't parked may run, and never two at once, on
however many nodes. A row that left (finished) or was parked holds nobody up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, delete, exists, literal_column, or_, select, text, update

from gateway.domain.model import Work
from gateway.storage.query import POSTGRESQL, Query, constant, in_set
from gateway.storage.records import WORK
from gateway.storage.schema import work
from gateway.storage.session import Row, Session

_QUEUED, _RUNNING, _PARKED = constant("queued"), constant("running"), constant("parked")
_other = work.alias("other")
# Ids are unique everywhere; the workspaces are there because the key starts with them.
_THESE = and_(in_set(work.c.workspace_id, "workspaces"), in_set(work.c.id, "ids"))
# A younger row may run when ids of several nodes come in out of order, so a running one blocks whatever its age.
_blocked = exists().where(
    _other.c.lane.is_not(None),
    _other.c.state != _PARKED,
    _other.c.lane == work.c.lane,
    _other.c.id != work.c.id,
    or_(_other.c.state == _RUNNING, _other.c.id < work.c.id),
)
due = (
    select(work.c.workspace_id, work.c.id, work.c.lane)
    .where(work.c.state == _QUEUED, work.c.due_at <= bindparam("now"))
    .where(or_(work.c.lane.is_(None), ~_blocked))
    .order_by(work.c.due_at, work.c.id)
    .limit(bindparam("limit", type_=BigInteger))
    .with_for_update(skip_locked=True, of=work)
)
"""What may be claimed, the longest due first: to be narrowed."""
_DUE = Query(due.where(work.c.kind == bindparam("kind")))
# Two nodes that see different rows as a lane's oldest meet here: the second leaves the lane alone until the first has
# committed.
_LOCK_LANES = Query(
    text(
        "SELECT lane FROM unnest(CAST(:lanes AS bigint[])) AS lane"
        " WHERE pg_try_advisory_xact_lock(hashtextextended('lane ' || lane, 0))"
    )
)
_TAKE = Query(
    update(work)
    .where(work.c.state == _QUEUED, _THESE, or_(work.c.lane.is_(None), ~_blocked))
    .values(
        state="running",
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        lease_epoch=work.c.lease_epoch + literal_column("1"),
    )
    .returning(*WORK.columns())
)

_OWNED = Query(
    select(work.c.id, work.c.lease_epoch)
    .where(work.c.state == _RUNNING, _THESE)
    .order_by(work.c.workspace_id, work.c.id)
    .with_for_update()
)
_DELETE = Query(delete(work).where(_THESE))
_EXTEND = Query(update(work).where(_THESE).values(lease_until=bindparam("until")))
_EXPIRED = Query(
    WORK.select()
    .where(work.c.state == _RUNNING, work.c.lease_until < bindparam("now"))
    .order_by(work.c.lease_until)
    .limit(bindparam("limit", type_=BigInteger))
    .with_for_update(skip_locked=True)
)
_REPLAY = Query(
    update(work)
    .where(
        and_(work.c.workspace_id == bindparam("its_workspace"), work.c.id == bindparam("its_id")),
        work.c.state == _PARKED,
    )
    .values(state="queued", attempts=literal_column("0"), due_at=bindparam("due_at"), last_error=None)
)

_DROP = Query(
    delete(work).where(
        and_(work.c.workspace_id == bindparam("its_workspace"), work.c.id == bindparam("its_id")),
        work.c.state == _PARKED,
    )
)


def claim(session: Session, kinds: Sequence[str], owner: str, now: int, limit: int, lease_ms: int) -> list[Work]:
    """Takes up to `limit` due rows of some kinds, the longest due first within each kind, and leases them.

    `kinds` are served in their order. Times are milliseconds.
    """
    taken: list[Work] = []
    for kind in kinds:
        if len(taken) < limit:
            taken += claim_due(session, _DUE, owner, now, limit - len(taken), lease_ms, kind=kind)
    return taken


def claim_due(
    session: Session, query: Query, owner: str, now: int, limit: int, lease_ms: int, **parameters: Any
) -> list[Work]:
    """Takes up to `limit` rows that a query made of `due` finds, and leases them."""
    rows = session.rows(query, now=now, limit=limit, **parameters)
    return _take(session, _free(session, rows), owner, now + lease_ms)


def _free(session: Session, rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Those in lanes that no other node is at."""
    lanes = sorted({lane for *_, lane in rows if lane is not None})
    if session.dialect == POSTGRESQL and lanes:
        lanes = [lane for (lane,) in session.rows(_LOCK_LANES, lanes=lanes)]
    free = set(lanes)
    return [(workspace_id, id_) for workspace_id, id_, lane in rows if lane is None or lane in free]


def _take(session: Session, found: list[tuple[int, int]], owner: str, until: int) -> list[Work]:
    if not found:
        return []
    taken = WORK.fetch(
        session,
        _TAKE,
        workspaces=session.set_of({workspace_id for workspace_id, _ in found}),
        ids=session.set_of(id_ for _, id_ in found),
        owner=owner,
        until=until,
    )
    return sorted(taken, key=lambda row: (row.due_at, row.id))


def owned(session: Session, rows: Iterable[Work]) -> list[Work]:
    """Those rows that are still leased as they were claimed; the others were taken over. Locks them."""
    rows = list(rows)
    current = {(id_, epoch) for id_, epoch in session.rows(_OWNED, **_keys(session, rows))}
    return [row for row in rows if (row.id, row.lease_epoch) in current]


def _keys(session: Session, rows: Sequence[Work]) -> dict[str, Any]:
    return {
        "workspaces": session.set_of({row.workspace_id for row in rows}),
        "ids": session.set_of(row.id for row in rows),
    }


def finish(session: Session, rows: Iterable[Work]) -> list[Work]:
    """Removes what is done; returns the rows that were still ours."""
    ours = owned(session, rows)
    if ours:
        session.run(_DELETE, **_keys(session, ours))
    return ours


def retry_later(session: Session, row: Work, due_at: int, error: str | None, *, count_attempt: bool = True) -> bool:
    """Queues a row again for `due_at`; its lane waits for it. False if it was no longer ours."""
    attempts = row.attempts + (1 if count_attempt else 0)
    return _give_back(session, row, state="queued", due_at=due_at, last_error=error, attempts=attempts)


def park(session: Session, row: Work, error: str) -> bool:
    """Puts a row aside for a person to see and replay; its lane goes on. False if it was no longer ours."""
    return _give_back(session, row, state="parked", last_error=error, attempts=row.attempts + 1)


def _give_back(session: Session, row: Work, **changes: object) -> bool:
    if not owned(session, [row]):
        return False
    WORK.update(session, [(row, replace(row, lease_owner=None, lease_until=None, **changes))])  # type: ignore[arg-type]
    return True


def extend(session: Session, rows: Iterable[Work], now: int, lease_ms: int) -> list[Work]:
    """Leases rows for longer; returns those that were still ours, as they are now."""
    ours = owned(session, rows)
    if ours:
        session.run(_EXTEND, **_keys(session, ours), until=now + lease_ms)
    return [replace(row, lease_until=now + lease_ms) for row in ours]


def expired(session: Session, now: int, limit: int = 500) -> list[Work]:
    """Running rows whose lease ended: their worker is gone. The caller decides about each, in the same write."""
    return WORK.fetch(session, _EXPIRED, now=now, limit=limit)


def replay(session: Session, workspace_id: int, id_: int, now: int) -> bool:
    """Queues a parked row again, as if never tried. False if it isn't parked."""
    return session.run(_REPLAY, its_workspace=workspace_id, its_id=id_, due_at=now) > 0


def drop(session: Session, workspace_id: int, id_: int) -> bool:
    """Throws a parked row away: what it was about is not done. False if it isn't parked."""
    return session.run(_DROP, its_workspace=workspace_id, its_id=id_) > 0
