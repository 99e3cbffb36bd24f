"""What went out through each gateway lately: the figures on its card. Read from the newest messages only."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, bindparam, func, literal_column, select

from gateway.domain.ids import EPOCH_MS, first_id_at
from gateway.domain.status import FAILURES, Status
from gateway.storage.query import Query, constant
from gateway.storage.schema import messages
from gateway.storage.session import Session

NEWEST = 20_000
QUARTER = 900_000  # milliseconds; every zone's midnight falls on one
HOUR = 4 * QUARTER
HOURS = 12
_ARRIVED = frozenset({Status.DELIVERED, Status.READ})
_LEFT = _ARRIVED | FAILURES | {Status.SENT, Status.UNCERTAIN}

_newest = (
    select(messages.c.id, messages.c.gateway_id, messages.c.status)
    .where(
        messages.c.workspace_id == bindparam("workspace_id"),
        messages.c.id >= bindparam("since", type_=BigInteger),
        messages.c.direction == constant("outbound"),
        messages.c.gateway_id.is_not(None),
    )
    .order_by(messages.c.id.desc())
    .limit(bindparam("newest", type_=BigInteger))
    .subquery()
)
_quarter = _newest.c.id // literal_column(str(QUARTER << 22), BigInteger())  # an id begins with its milliseconds
_COUNTS = Query(
    select(_newest.c.gateway_id, _quarter.label("quarter"), _newest.c.status, func.count()).group_by(
        _newest.c.gateway_id, _quarter, _newest.c.status
    )
)


@dataclass(slots=True)
class GatewayTraffic:
    """`sent` since the given moment, of those whose fate is known how many `arrived`, and `hours`, the oldest first.

    `cut` where there were more than could be read.
    """

    sent: int = 0
    arrived: int = 0
    lost: int = 0
    hours: list[int] = field(default_factory=lambda: [0] * HOURS)
    cut: bool = False

    @property
    def arrived_share(self) -> float | None:
        """0 to 1, of those whose fate is known; None while none is."""
        known = self.arrived + self.lost
        return self.arrived / known if known else None


def gateway_traffic(session: Session, workspace_id: int, now: int, since: int) -> Mapping[int, GatewayTraffic]:
    """By gateway id: `since` is when today began. What is still queued doesn't count. Times are milliseconds."""
    found: dict[int, GatewayTraffic] = defaultdict(GatewayTraffic)
    first_hour = now - HOURS * HOUR
    read = session.rows(_COUNTS, workspace_id=workspace_id, since=first_id_at(min(since, first_hour)), newest=NEWEST)
    total = 0
    for gateway_id, quarter, status, count in read:
        total += count
        if status not in _LEFT:
            continue
        traffic, at = found[gateway_id], quarter * QUARTER + EPOCH_MS
        if at >= since:
            traffic.sent += count
        if at + QUARTER > first_hour:
            traffic.hours[min(HOURS - 1, max(0, (at - first_hour) // HOUR))] += count
        traffic.arrived += count if status in _ARRIVED else 0
        traffic.lost += count if status in FAILURES else 0
    for traffic in found.values():
        traffic.cut = total >= NEWEST
    return found
