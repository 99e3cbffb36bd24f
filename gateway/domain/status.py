"""Statuses of a message and its parts, and the lattice they climb: a status never goes back.

    scheduled < held < queued < sending < uncertain < sent < {undelivered, failed, expired} < delivered < read

Receipts come in any order, late, and doubled; whatever the order, the highest one stands. Of the three failures,
which are equals, the first one told stands. `cancelled` and `received` are ends of their own that no report can
change.
"""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """Where a message or one of its parts is."""

    SCHEDULED = "scheduled"
    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"
    DELIVERED = "delivered"
    READ = "read"
    CANCELLED = "cancelled"
    RECEIVED = "received"


FAILURES = frozenset({Status.UNDELIVERED, Status.FAILED, Status.EXPIRED})
WAITING = frozenset({Status.SCHEDULED, Status.HELD, Status.QUEUED})

_RANK = {
    Status.SCHEDULED: 0,
    Status.HELD: 1,
    Status.QUEUED: 2,
    Status.SENDING: 3,
    Status.UNCERTAIN: 4,
    Status.SENT: 5,
    Status.UNDELIVERED: 6,
    Status.FAILED: 6,
    Status.EXPIRED: 6,
    Status.DELIVERED: 7,
    Status.READ: 8,
    Status.CANCELLED: 9,
    Status.RECEIVED: 9,
}

# The worst part rules. A person can act on what failed for good before what may still have arrived.
_WORST_FIRST = (Status.FAILED, Status.UNDELIVERED, Status.EXPIRED, Status.UNCERTAIN, Status.CANCELLED)


def rank(status: Status) -> int:
    """How far along a status is; equal for the three failures."""
    return _RANK[status]


def advance(current: Status, reported: Status) -> Status:
    """The status after a report: the reported one if it is further along, else the current one.

    `uncertain` is settled by whatever a receipt says. Only what waits can be cancelled, and a message of ours is never
    `received`. Moves backwards on purpose (a refused connection puts `sending` back to `queued`) are no reports and
    don't come here.
    """
    if reported is Status.RECEIVED or (reported is Status.CANCELLED and current not in WAITING):
        return current
    return reported if _RANK[reported] > _RANK[current] else current


def overall(parts: Iterable[Status]) -> Status:
    """The status of a message from its parts': delivered when all are, otherwise the worst part rules.

    Worst is a failure, then `uncertain`, then `cancelled`, then the part that is least far along. A part can be
    reported failed first and delivered later, so pass the result through `advance` for the message. ValueError
    without parts.
    """
    statuses = frozenset(parts)
    if not statuses:
        raise ValueError("a message has at least one part")
    for worst in _WORST_FIRST:
        if worst in statuses:
            return worst
    return min(statuses, key=rank)


def is_final(status: Status) -> bool:
    """Whether nothing more is awaited. A late receipt may still make delivered of a failure, or read of delivered."""
    return status in FAILURES or _RANK[status] >= _RANK[Status.DELIVERED]
