"""What became of the recipients of campaigns that are over, counted once and kept.

A campaign's results are counted from its recipients. Of one that is over the count is kept with the `touched` of its
progress as it was before: whatever changes a recipient afterwards gives it another one in the same transaction, and a
count with an old one is not believed.
"""

from collections.abc import Iterable
from dataclasses import field

import msgspec
from sqlalchemy import BigInteger, and_, bindparam, func, or_, select, update

from gateway.domain.campaigns import ARRIVED, LOST, OVER, UNSETTLED, CampaignCounts, RecipientState
from gateway.domain.record import record
from gateway.storage.query import Query, in_set
from gateway.storage.records import CAMPAIGN_COUNTS
from gateway.storage.schema_automation import campaign_counts as kept
from gateway.storage.schema_automation import campaign_progress as progress
from gateway.storage.schema_automation import campaign_recipients as recipients
from gateway.storage.schema_automation import campaign_table as campaigns
from gateway.storage.session import Session


@record
class Results:
    """What became of a campaign's recipients. `cost` in micro-units by currency, `skipped` by why."""

    states: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    replies: int = 0
    opted_out: int = 0
    segments: int = 0
    cost: dict[str, int] = field(default_factory=dict)

    def of(self, states: Iterable[RecipientState]) -> int:
        """How many are in any of these states."""
        return sum(self.states.get(str(one), 0) for one in states)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        """Not yet given to the queue."""
        return self.of((RecipientState.WAITING,))

    @property
    def under_way(self) -> int:
        """In the queue, held or being sent."""
        return self.of(UNSETTLED)

    @property
    def sent(self) -> int:
        """Accepted by the provider at least."""
        return self.of(ARRIVED)

    @property
    def delivered(self) -> int:
        """Known to have arrived."""
        return self.of((RecipientState.DELIVERED, RecipientState.READ))

    @property
    def failed(self) -> int:
        """Not delivered, for good."""
        return self.of(LOST)

    @property
    def done(self) -> int:
        """Those nothing more will be done for by itself."""
        return self.total - self.waiting - self.under_way


AFTER_MS = 600_000
"""How long after its end a campaign is counted for good: who followed it when it was under way is through by then."""

AT_ONCE = 20

_WS, _ID = (bindparam(name, type_=BigInteger) for name in ("workspace_id", "campaign_id"))
_THIS = (
    recipients.c.workspace_id == _WS,
    recipients.c.campaign_id == _ID,
)
_COUNTS = Query(
    select(
        recipients.c.state,
        recipients.c.code,
        recipients.c.currency,
        func.count(),
        func.sum(recipients.c.segments),
        func.sum(recipients.c.cost_micros),
        func.count(recipients.c.replied_at),
        func.count(recipients.c.opted_out_at),
    )
    .where(*_THIS)
    .group_by(recipients.c.state, recipients.c.code, recipients.c.currency)
)
_KEPT = Query(
    select(kept.c.counted)
    .join(progress, and_(progress.c.workspace_id == kept.c.workspace_id, progress.c.campaign_id == kept.c.campaign_id))
    .where(kept.c.workspace_id == _WS, kept.c.campaign_id == _ID, kept.c.touched == progress.c.touched)
)
_OLD = Query(
    select(campaigns.c.workspace_id, campaigns.c.id, progress.c.touched)
    .join(progress, and_(progress.c.workspace_id == campaigns.c.workspace_id, progress.c.campaign_id == campaigns.c.id))
    .outerjoin(kept, and_(kept.c.workspace_id == campaigns.c.workspace_id, kept.c.campaign_id == campaigns.c.id))
    .where(
        in_set(campaigns.c.state, "over"),
        campaigns.c.removed_at.is_(None),
        campaigns.c.ended_at <= bindparam("before", type_=BigInteger),
        campaigns.c.id > bindparam("after", type_=BigInteger),
        or_(kept.c.touched.is_(None), kept.c.touched != progress.c.touched),
    )
    .order_by(campaigns.c.id)
    .limit(bindparam("limit", type_=BigInteger))
)
_TOUCH = Query(
    update(progress)
    .where(
        progress.c.workspace_id == bindparam("its_workspace", type_=BigInteger),
        progress.c.campaign_id.in_(
            select(recipients.c.campaign_id).where(
                recipients.c.workspace_id == bindparam("its_workspace", type_=BigInteger),
                in_set(recipients.c.message_id, "messages"),
            )
        ),
        progress.c.campaign_id.in_(
            select(campaigns.c.id).where(
                campaigns.c.workspace_id == bindparam("its_workspace", type_=BigInteger),
                in_set(campaigns.c.state, "over"),
            )
        ),
    )
    .values(touched=bindparam("mark", type_=BigInteger))
)


def results_of(session: Session, workspace_id: int, campaign_id: int) -> Results:
    """What was counted and kept of one that is over (`campaign_counts.py`), else counted now."""
    row = session.first(_KEPT, workspace_id=workspace_id, campaign_id=campaign_id)
    return counted(session, workspace_id, campaign_id) if row is None else Results(**msgspec.json.decode(row[0]))


def counted(session: Session, workspace_id: int, campaign_id: int) -> Results:
    """Counted from its recipients."""
    results = Results()
    replies = opted_out = segments = 0
    for row in session.rows(_COUNTS, workspace_id=workspace_id, campaign_id=campaign_id):
        state, code, currency, count, parts, cost, answered, stopped = row
        results.states[state] = results.states.get(state, 0) + count
        if state == RecipientState.SKIPPED:
            results.skipped[code or ""] = results.skipped.get(code or "", 0) + count
        elif state != RecipientState.CANCELLED:
            segments += int(parts or 0)
            if cost is not None and currency:
                results.cost[currency] = results.cost.get(currency, 0) + int(cost)
        replies += answered
        opted_out += stopped
    return Results(results.states, results.skipped, replies, opted_out, segments, results.cost)


def touch(session: Session, workspace_id: int, message_ids: Iterable[int], mark: int) -> None:
    """Recipients who got these messages change: what was counted of their campaigns, if over, holds no longer.

    `mark` is a number that nobody used before, such as the position of an event.
    """
    given = {"messages": session.set_of(message_ids), "over": session.set_of(map(str, OVER)), "mark": mark}
    session.run(_TOUCH, its_workspace=workspace_id, **given)


def keep_counts(session: Session, now: int, after: int = 0) -> int | None:
    """Counts some campaigns that are over and were not counted since they changed; the last one's id, None at the end.

    What is still about to be left out (a cancelled one) is not kept.
    """
    given = {"over": session.set_of(map(str, OVER)), "before": now - AFTER_MS, "after": after, "limit": AT_ONCE}
    found = session.rows(_OLD, **given)
    for workspace_id, campaign_id, touched in found:
        results = counted(session, workspace_id, campaign_id)
        if results.waiting == 0:
            known = CAMPAIGN_COUNTS.by(session, workspace_id, "campaign_id", [campaign_id])
            fresh = CampaignCounts(workspace_id, campaign_id, touched, _document(results))
            if known:
                CAMPAIGN_COUNTS.update(session, [(known[0], fresh)])
            else:
                CAMPAIGN_COUNTS.insert(session, [fresh])
    return found[-1][1] if len(found) == AT_ONCE else None


def _document(results: Results) -> dict[str, object]:
    return {
        "states": results.states,
        "skipped": results.skipped,
        "replies": results.replies,
        "opted_out": results.opted_out,
        "segments": results.segments,
        "cost": results.cost,
    }
