"""Outgoing webhooks as they are read: who is told, what waits for them, what became of it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import BigInteger, Text, bindparam, func, or_, select

from gateway.domain.model import Event
from gateway.domain.webhooks import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery, WebhookHealth
from gateway.storage import event_log
from gateway.storage.query import Query, constant, in_set
from gateway.storage.records import WEBHOOK_ATTEMPTS, WEBHOOK_DELIVERIES, WEBHOOK_HEALTH, WEBHOOKS
from gateway.storage.schema import work
from gateway.storage.schema_automation import webhook_attempts, webhook_deliveries, webhooks
from gateway.storage.session import Session

MISSED_MS = 60_000
"""A later try that is overdue by so much has lost its work: whoever looks next does it."""

_OF_WORKSPACE = webhooks.c.workspace_id == bindparam("workspace_id")
_LIVE = Query(WEBHOOKS.select().where(_OF_WORKSPACE, webhooks.c.removed_at.is_(None)).order_by(webhooks.c.id))
_WAITING = webhook_deliveries.c.state == constant(DeliveryState.WAITING)
_OF_WEBHOOK = (
    webhook_deliveries.c.workspace_id == bindparam("workspace_id"),
    webhook_deliveries.c.webhook_id == bindparam("webhook_id"),
)
_QUEUE = Query(
    WEBHOOK_DELIVERIES.select()
    .where(*_OF_WEBHOOK, _WAITING)
    .where(or_(webhook_deliveries.c.in_order, webhook_deliveries.c.next_at <= bindparam("missed", type_=BigInteger)))
    .order_by(webhook_deliveries.c.id)
    .limit(bindparam("limit", type_=BigInteger))
)
_pages = (
    WEBHOOK_DELIVERIES.select()
    .where(*_OF_WEBHOOK, webhook_deliveries.c.id < bindparam("before", type_=BigInteger))
    .order_by(webhook_deliveries.c.id.desc())
    .limit(bindparam("limit", type_=BigInteger))
)
_PAGE = Query(_pages)
_PAGE_OF_STATE = Query(_pages.where(webhook_deliveries.c.state == bindparam("state", type_=Text)))
_ATTEMPTS = Query(
    WEBHOOK_ATTEMPTS.select()
    .where(webhook_attempts.c.workspace_id == bindparam("workspace_id"), in_set(webhook_attempts.c.delivery_id, "ids"))
    .order_by(webhook_attempts.c.delivery_id, webhook_attempts.c.number)
)
_COUNTS = Query(
    select(webhook_deliveries.c.webhook_id, webhook_deliveries.c.state, func.count())
    .where(webhook_deliveries.c.workspace_id == bindparam("workspace_id"))
    .where(webhook_deliveries.c.created_at >= bindparam("since", type_=BigInteger))
    .group_by(webhook_deliveries.c.webhook_id, webhook_deliveries.c.state)
)
# Locked, so that a row which is there when it is looked for still waits when what was added for it is committed.
_RINGING = Query(
    select(work.c.lane)
    .where(work.c.workspace_id == bindparam("workspace_id"), work.c.state == constant("queued"))
    .where(work.c.kind == bindparam("kind", type_=Text), in_set(work.c.lane, "lanes"))
    .with_for_update()
)


def webhooks_of(session: Session, workspace_id: int) -> list[Webhook]:
    """Those that were not removed, oldest first."""
    return WEBHOOKS.fetch(session, _LIVE, workspace_id=workspace_id)


def any_switched_off(session: Session, workspace_id: int) -> bool:
    """Whether the system gave one up that nobody has looked at since."""
    return any(not one.enabled and one.off_reason is not None for one in webhooks_of(session, workspace_id))


def webhook(session: Session, workspace_id: int, webhook_id: int) -> Webhook | None:
    """One that was not removed."""
    found = WEBHOOKS.by(session, workspace_id, "id", [webhook_id])
    return found[0] if found and found[0].removed_at is None else None


def webhook_health(session: Session, workspace_id: int, ids: Iterable[int]) -> dict[int, WebhookHealth]:
    """How they are; nothing for one that was never tried."""
    return {one.webhook_id: one for one in WEBHOOK_HEALTH.by(session, workspace_id, "webhook_id", ids)}


def waiting(session: Session, workspace_id: int, webhook_id: int, now: int, limit: int) -> list[WebhookDelivery]:
    """What is to be delivered next, in the order of the log; with it, later tries whose work was lost."""
    return WEBHOOK_DELIVERIES.fetch(
        session, _QUEUE, workspace_id=workspace_id, webhook_id=webhook_id, missed=now - MISSED_MS, limit=limit
    )


def ringing(session: Session, workspace_id: int, kind: str, webhook_ids: Iterable[int]) -> set[int]:
    """Of some webhooks those for which work of a kind is queued, and will be looked at after this commit."""
    rows = session.rows(_RINGING, workspace_id=workspace_id, kind=kind, lanes=session.set_of(webhook_ids))
    return {lane for (lane,) in rows}


def delivery(session: Session, workspace_id: int, delivery_id: int) -> WebhookDelivery | None:
    """One of them."""
    found = WEBHOOK_DELIVERIES.by(session, workspace_id, "id", [delivery_id])
    return found[0] if found else None


def delivery_page(
    session: Session, workspace_id: int, webhook_id: int, *, limit: int, before: int, state: DeliveryState | None = None
) -> list[WebhookDelivery]:
    """Deliveries with ids below `before`, the newest first."""
    place = {"workspace_id": workspace_id, "webhook_id": webhook_id, "before": before, "limit": limit}
    if state is None:
        return WEBHOOK_DELIVERIES.fetch(session, _PAGE, **place)
    return WEBHOOK_DELIVERIES.fetch(session, _PAGE_OF_STATE, state=str(state), **place)


def attempts_of(session: Session, workspace_id: int, delivery_ids: Iterable[int]) -> dict[int, list[WebhookAttempt]]:
    """The tries of some deliveries, in order."""
    found: dict[int, list[WebhookAttempt]] = {}
    for one in WEBHOOK_ATTEMPTS.fetch(session, _ATTEMPTS, workspace_id=workspace_id, ids=session.set_of(delivery_ids)):
        found.setdefault(one.delivery_id, []).append(one)
    return found


def counts_since(session: Session, workspace_id: int, at: int) -> dict[tuple[int, str], int]:
    """How many deliveries made since a moment (ms) are in each state, by webhook and state."""
    rows = session.rows(_COUNTS, workspace_id=workspace_id, since=at)
    return {(webhook_id, state): count for webhook_id, state, count in rows}


def event_at(session: Session, workspace_id: int, position: int) -> Event | None:
    """The event at a position of the log."""
    found: Sequence[Event] = event_log.after(session, workspace_id, position - 1, 1)
    return found[0] if found and found[0].position == position else None
