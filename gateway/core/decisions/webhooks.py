"""Outgoing webhooks: set up, changed, their secrets changed, removed. `webhook_deliveries.py` has what is delivered."""

from collections.abc import Sequence
from typing import Any

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.webhooks import CreateWebhook, RemoveWebhook, RotateWebhookSecret, UpdateWebhook
from gateway.core.errors import conflict, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.events import EventType
from gateway.domain.record import replace
from gateway.domain.visibility import Permission
from gateway.domain.webhooks import EVERYTHING, SECRET_OVERLAP_MS, BadUrl, Webhook, WebhookHealth, could_be_type
from gateway.domain.webhooks import checked_url as url_of

MOST_WEBHOOKS = 50
MOST_TYPES = 100
LONGEST_DESCRIPTION = 500

WEBHOOK = "webhook"
"""Work: deliver what waits for the webhook that is its lane."""


def create_needs(_command: CreateWebhook, needs: Needs) -> None:
    """The others, which are counted."""
    needs.everything(Webhook)


def create(command: CreateWebhook, scene: Scene) -> Webhook:
    """One more endpoint that is told."""
    require(scene.caller, Permission.MANAGE_TOKENS)
    others = [one for one in scene.working.all(Webhook) if one.removed_at is None]
    if len(others) >= MOST_WEBHOOKS:
        raise conflict("too-many-webhooks", f"There are {MOST_WEBHOOKS} webhooks already. Remove one first.")
    made = Webhook(
        scene.workspace_id,
        scene.new_id(),
        _checked_url(command.url),
        _checked_events(command.events),
        command.secret,
        scene.now,
        _checked_description(command.description),
        scene.caller.user_id,
        command.enabled,
    )
    scene.working.put(made)
    tell(scene, made)
    return made


def webhook_needs(command: Any, needs: Needs) -> None:
    """The webhook that a command names, and how it is."""
    needs.record(Webhook, "id", [command.webhook_id])
    needs.record(WebhookHealth, "webhook_id", [command.webhook_id])


def update(command: UpdateWebhook, scene: Scene) -> Webhook:
    """What is named changes."""
    require(scene.caller, Permission.MANAGE_TOKENS)
    before = scene.need(Webhook, command.webhook_id, "webhook")
    after = before
    if command.url is not UNCHANGED:
        after = replace(after, url=_checked_url(command.url))
    if command.events is not UNCHANGED:
        after = replace(after, events=_checked_events(command.events))
    if command.description is not UNCHANGED:
        after = replace(after, description=_checked_description(command.description))
    if command.enabled is not UNCHANGED and command.enabled != before.enabled:
        after = replace(after, enabled=command.enabled, off_reason=None, off_at=None)
    if after == before:
        return before
    scene.working.put(after)
    if after.enabled and not before.enabled:
        _begin_anew(scene, after)
    tell(scene, after)
    return after


def _begin_anew(scene: Scene, hook: Webhook) -> None:
    """What waits goes on, and the days it has failed count from now."""
    health = scene.find(WebhookHealth, hook.id)
    if health is not None and health.failing_since is not None:
        scene.working.put(replace(health, failing_since=None))
    ring(scene, hook.id)


def rotate(command: RotateWebhookSecret, scene: Scene) -> Webhook:
    """Another secret. Of two that were replaced within a day the older one signs no more."""
    require(scene.caller, Permission.MANAGE_TOKENS)
    before = scene.need(Webhook, command.webhook_id, "webhook")
    until = scene.now + SECRET_OVERLAP_MS
    after = replace(before, secret=command.secret, previous_secret=before.secret, previous_until=until)
    scene.working.put(after)
    tell(scene, after)
    return after


def remove(command: RemoveWebhook, scene: Scene) -> None:
    """Told nothing any more; its log goes with it in time."""
    require(scene.caller, Permission.MANAGE_TOKENS)
    hook = scene.need(Webhook, command.webhook_id, "webhook")
    scene.working.put(replace(hook, removed_at=scene.now, enabled=False, secret="", previous_secret=None))
    tell(scene, hook)


def tell(scene: Scene, hook: Webhook) -> None:
    """Whoever follows the log reads the webhooks again; no node's picture of the settings grows old by it."""
    scene.emit(EventType.SETTINGS_CHANGED, data={"noun": "webhook", "id": hook.id})


def ring(scene: Scene, webhook_id: int) -> None:
    """Somebody is to look for what waits for it."""
    scene.schedule(WEBHOOK, scene.now, lane=webhook_id)


def _checked_url(text: str) -> str:
    try:
        return url_of(text)
    except BadUrl as error:
        raise invalid("url", str(error)) from None


def _checked_events(events: Sequence[str]) -> tuple[str, ...]:
    """The types, each once; `*` stands for all of them."""
    if not events:
        raise invalid("events", "Choose at least one type of event, or * for all.")
    if len(events) > MOST_TYPES:
        raise invalid("events", f"At most {MOST_TYPES} types; * stands for all.")
    for one in events:
        if one != EVERYTHING and not could_be_type(one):
            raise invalid("events", f"“{one[:40]}” is no type of event.")
    return (EVERYTHING,) if EVERYTHING in events else tuple(dict.fromkeys(events))


def _checked_description(text: str) -> str:
    if len(text) > LONGEST_DESCRIPTION:
        raise invalid("description", f"At most {LONGEST_DESCRIPTION} characters; this has {len(text)}.")
    return text.strip()
