"""What went out through each gateway lately: the figures on its card. Read from the newest messages only."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import BigInteger, bindparam, func, literal_column, select

from gateway.domain.ids import EPOCH_MS, first_id_at
from gateway.domain.nature import Nature
from gateway.domain.status import FAILURES, Status
from gateway.storage.query import Query, constant
from gateway.storage.schema import messages
from gateway.storage.session import Session

NEWEST = 20_000
TIMED = 2_000  # of all gateways together; a median needs no more
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
# A campaign waits for its pace, which says nothing of the gateway.
_TIMES = Query(
    select(messages.c.gateway_id, messages.c.created_at, messages.c.send_at, messages.c.sent_at)
    .where(
        messages.c.workspace_id == bindparam("workspace_id"),
        messages.c.id >= bindparam("since", type_=BigInteger),
        messages.c.direction == constant("outbound"),
        messages.c.gateway_id.is_not(None),
        messages.c.sent_at.is_not(None),
        messages.c.nature != constant(Nature.CAMPAIGN.value),
    )
    .order_by(messages.c.id.desc())
    .limit(bindparam("timed", type_=BigInteger))
)


@dataclass(slots=True)
class GatewayTraffic:
    """`sent` since the given moment, of those whose fate is known how many `arrived`, and `hours`, the oldest first.

    `cut` where there were more than could be read. `latency` is the median time (ms) from when a message was to leave
    until its provider had it, its turn and second tries included; None where none left lately.
    """

    sent: int = 0
    arrived: int = 0
    lost: int = 0
    hours: list[int] = field(default_factory=lambda: [0] * HOURS)
    cut: bool = False
    latency: int | None = None

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
    for gateway_id, latency in _latencies(session, workspace_id, first_id_at(min(since, first_hour))).items():
        found[gateway_id].latency = latency
    return found


def _latencies(session: Session, workspace_id: int, since: int) -> Mapping[int, int]:
    waits: dict[int, list[int]] = defaultdict(list)
    read = session.rows(_TIMES, workspace_id=workspace_id, since=since, timed=TIMED)
    for gateway_id, created_at, send_at, sent_at in read:
        waits[gateway_id].append(max(0, sent_at - max(created_at, send_at or 0)))
    return {gateway_id: round(median(found)) for gateway_id, found in waits.items()}
