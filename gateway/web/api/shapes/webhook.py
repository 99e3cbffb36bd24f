"""Outgoing webhooks and what was delivered to them, as the API says it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookHealth
from gateway.web.api.shapes.conversation import Named
from gateway.web.api.times import to_id, to_time, to_time_or_none


class WebhookHealthShape(msgspec.Struct, frozen=True):
    """How an endpoint is: ok, failing, or unknown while it was never tried."""

    state: str
    failing_since: datetime | None
    last_success_at: datetime | None
    last_error: str | None


class WebhookShape(msgspec.Struct, frozen=True, omit_defaults=False):
    """An endpoint that is told of events. `state` is active, paused, or disabled by the system for `reason`.

    Until `previous_secret_until` every request is signed with the former secret too.
    """

    id: str
    url: str
    events: list[str]
    description: str
    enabled: bool
    state: str
    reason: str | None
    health: WebhookHealthShape
    previous_secret_until: datetime | None
    created_by: Named | None
    created_at: datetime


class MadeWebhook(msgspec.Struct, frozen=True):
    """A new webhook, or one with a new secret: `secret` is shown this once."""

    id: str
    secret: str
    url: str
    events: list[str]
    description: str
    enabled: bool
    state: str
    previous_secret_until: datetime | None
    created_at: datetime


class AttemptShape(msgspec.Struct, frozen=True):
    """One try. `answer` is how the endpoint's answer began; `error` is null when it was taken."""

    number: int
    at: datetime
    duration_ms: int
    status: int | None
    error: str | None
    answer: str | None


class DeliveryShape(msgspec.Struct, frozen=True):
    """One event for one webhook: waiting, delivered, or failed (a dead letter). Its id is the `webhook-id`.

    `payload` is there when one is read alone: what would be sent now.
    """

    id: str
    webhook_id: str
    type: str
    sequence: int
    state: str
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    attempts: list[AttemptShape]
    payload: Any = None


def webhook_shape(hook: Webhook, health: WebhookHealth | None, view: WorkspaceView, now: int) -> WebhookShape:
    """A webhook, without its secret."""
    user = view.users.get(hook.user_id or 0)
    return WebhookShape(
        id=to_id("webhook", hook.id),
        url=hook.url,
        events=list(hook.events),
        description=hook.description,
        enabled=hook.enabled,
        state=state_of(hook),
        reason=hook.off_reason,
        health=_health_shape(health),
        previous_secret_until=_overlap(hook, now),
        created_by=Named(to_id("user", user.id), user.name) if user else None,
        created_at=to_time(hook.created_at),
    )


def made_webhook(hook: Webhook, secret: str, now: int) -> MadeWebhook:
    """A webhook with the secret it has just been given."""
    return MadeWebhook(
        id=to_id("webhook", hook.id),
        secret=secret,
        url=hook.url,
        events=list(hook.events),
        description=hook.description,
        enabled=hook.enabled,
        state=state_of(hook),
        previous_secret_until=_overlap(hook, now),
        created_at=to_time(hook.created_at),
    )


def delivery_shape(one: WebhookDelivery, attempts: Sequence[WebhookAttempt]) -> DeliveryShape:
    """A delivery with its tries."""
    return DeliveryShape(
        id=to_id("delivery", one.id),
        webhook_id=to_id("webhook", one.webhook_id),
        type=one.type,
        sequence=one.position,
        state=one.state,
        created_at=to_time(one.created_at),
        next_at=to_time_or_none(one.next_at),
        ended_at=to_time_or_none(one.ended_at),
        attempts=[
            AttemptShape(each.number, to_time(each.at), each.duration_ms, each.status, each.error, each.answer)
            for each in attempts
        ],
    )


def state_of(hook: Webhook) -> str:
    """active, paused by a person, or disabled by the system."""
    if hook.enabled:
        return "active"
    return "disabled" if hook.off_reason else "paused"


def _health_shape(health: WebhookHealth | None) -> WebhookHealthShape:
    if health is None:
        return WebhookHealthShape("unknown", None, None, None)
    failing = health.failing_since is not None
    return WebhookHealthShape(
        "failing" if failing else "ok",
        to_time_or_none(health.failing_since),
        to_time_or_none(health.last_success_at),
        health.last_error,
    )


def _overlap(hook: Webhook, now: int) -> datetime | None:
    return to_time_or_none(hook.previous_until if (hook.previous_until or 0) > now else None)
