"""Putting work right after the wall clock was set: its rows hold times of the old one."""

from sqlalchemy import BigInteger, bindparam, case, func, select, update

from gateway.storage.query import Query, constant
from gateway.storage.schema import work
from gateway.storage.session import Session

BY_THE_CLOCK = ("release", "timer")
"""Work for a time that a person chose. It keeps it, whatever the clock said when it was chosen."""

_now = bindparam("now", type_=BigInteger)
_sooner = work.c.due_at - bindparam("by", type_=BigInteger)
_SOONER = Query(
    update(work)
    .where(
        work.c.state == constant("queued"),
        work.c.kind.not_in([constant(kind) for kind in BY_THE_CLOCK]),
        work.c.due_at > _now,
    )
    .values(due_at=case((_sooner > _now, _sooner), else_=_now))
)
_latest = bindparam("latest", type_=BigInteger)
_SHORTER = Query(
    update(work).where(work.c.state == constant("running"), work.c.lease_until > _latest).values(lease_until=_latest)
)

_NEWEST = Query(select(func.max(work.c.created_at)))


def ahead(session: Session, now: int) -> int:
    """How many milliseconds after `now` the newest work was made: 0, unless the clock was set back meanwhile."""
    return max(0, (session.scalar(_NEWEST) or 0) - now)


def set_back(session: Session, now: int, by: int, longest_lease: int) -> int:
    """The clock now shows `now`, and went back `by` milliseconds: pauses and leases end when they would have ended.

    Of what was never due in the future nothing changes. Answers how many rows did.
    """
    return session.run(_SOONER, now=now, by=by) + session.run(_SHORTER, latest=now + longest_lease)
