"""What is delivered to webhooks: tried, tried again, given up, replayed; and an endpoint that is switched off."""

from typing import Any

from gateway.core.access import require
from gateway.core.commands.webhooks import (
    GiveUpDelivery,
    RecordAttempt,
    ReplayDelivery,
    ReplayFailed,
    TestWebhook,
)
from gateway.core.decisions.webhooks import tell
from gateway.core.errors import conflict, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.model import Contact
from gateway.domain.record import replace
from gateway.domain.visibility import Permission, may
from gateway.domain.webhooks import (
    TEST,
    TRIES_IN_ORDER,
    DeliveryState,
    OffReason,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
    WebhookHealth,
    is_worn_out,
)

WEBHOOK_LATE = "webhook_late"
"""Work: try one delivery, for which no later one waits."""

WEBHOOK_OFF = "webhook_off"
"""Work: tell an administrator that a webhook was switched off."""


def test_needs(command: TestWebhook, needs: Needs) -> None:
    """The webhook."""
    needs.record(Webhook, "id", [command.webhook_id])


def test(command: TestWebhook, scene: Scene) -> WebhookDelivery:
    """Tried at once, whatever waits."""
    hook = _on(scene, command.webhook_id)
    made = WebhookDelivery(
        scene.workspace_id, scene.new_id(), hook.id, TEST, 0, scene.now, scene.now, in_order=False, next_at=scene.now
    )
    return _try_at(scene, made, scene.now)


def replay_needs(command: ReplayDelivery | ReplayFailed, needs: Needs) -> None:
    """The webhook and the deliveries."""
    needs.record(Webhook, "id", [command.webhook_id])
    ids = command.delivery_ids if isinstance(command, ReplayFailed) else (command.delivery_id,)
    needs.record(WebhookDelivery, "id", ids)


def replay(command: ReplayDelivery, scene: Scene) -> WebhookDelivery:
    """Also one that was taken: who receives it knows it by its id."""
    _on(scene, command.webhook_id)
    found = scene.find(WebhookDelivery, command.delivery_id)
    if found is None or found.webhook_id != command.webhook_id:
        raise not_found("delivery")
    if found.state is DeliveryState.WAITING:
        raise conflict("delivery-waiting", "This delivery is still being tried. Replay it when that has ended.")
    return _again(scene, found)


def replay_failed(command: ReplayFailed, scene: Scene) -> int:
    """All that are dead letters still."""
    _on(scene, command.webhook_id)
    found = [one for one in (scene.find(WebhookDelivery, each) for each in command.delivery_ids) if one is not None]
    dead = [one for one in found if one.webhook_id == command.webhook_id and one.state is DeliveryState.FAILED]
    for one in dead:
        _again(scene, one)
    return len(dead)


def _on(scene: Scene, webhook_id: int) -> Webhook:
    require(scene.caller, Permission.MANAGE_TOKENS)
    hook = scene.need(Webhook, webhook_id, "webhook")
    if not hook.enabled:
        raise conflict("webhook-off", "This webhook is off. Switch it on first.")
    return hook


def _again(scene: Scene, one: WebhookDelivery) -> WebhookDelivery:
    fresh = replace(one, state=DeliveryState.WAITING, in_order=False, tries=0, since=scene.now, ended_at=None)
    return _try_at(scene, fresh, scene.now)


def _try_at(scene: Scene, one: WebhookDelivery, at: int) -> WebhookDelivery:
    scene.schedule(WEBHOOK_LATE, at, subject_id=one.id)
    return scene.working.put(replace(one, next_at=at))


def record_needs(command: RecordAttempt, needs: Needs) -> None:
    """The webhook, how it is, and the delivery."""
    needs.record(Webhook, "id", [command.webhook_id])
    needs.record(WebhookHealth, "webhook_id", [command.webhook_id])
    needs.record(WebhookDelivery, "id", [command.delivery_id])
    if command.contact_id is not None:
        needs.record(Contact, "id", [command.contact_id])


def record(command: RecordAttempt, scene: Scene) -> WebhookDelivery | None:
    """Fenced by the number of the try: of two workers that made the same one, one has it."""
    one = scene.find(WebhookDelivery, command.delivery_id)
    if one is None or one.attempts + 1 != command.number:
        return None
    contact = scene.find(Contact, command.contact_id)
    erased = contact is not None and contact.erased_at is not None  # while it was told; it may repeat what it was told
    scene.working.put(
        WebhookAttempt(
            scene.workspace_id,
            one.id,
            command.number,
            command.at,
            command.duration_ms,
            command.status,
            command.error,
            None if erased else command.answer,
        )
    )
    one = replace(
        one, attempts=command.number, tries=one.tries + 1, status=command.status, error=command.error, next_at=None
    )
    hook = scene.find(Webhook, command.webhook_id)
    if hook is not None and hook.removed_at is None and not (one.type == TEST and command.error):
        _remember(scene, hook, command)
    if command.error is None:
        return scene.working.put(replace(one, state=DeliveryState.DELIVERED, ended_at=scene.now))
    if command.retry_at is None:
        return scene.working.put(replace(one, state=DeliveryState.FAILED, ended_at=scene.now))
    if one.in_order and one.tries < TRIES_IN_ORDER:
        return scene.working.put(replace(one, next_at=command.retry_at))
    return _try_at(scene, replace(one, in_order=False), command.retry_at)


def _remember(scene: Scene, hook: Webhook, command: RecordAttempt) -> None:
    known = scene.find(WebhookHealth, hook.id) or WebhookHealth(scene.workspace_id, hook.id, scene.now)
    if command.error is None:
        now = replace(known, last_at=scene.now, failing_since=None, last_success_at=scene.now, last_error=None)
    else:
        since = scene.now if known.failing_since is None else known.failing_since
        now = replace(known, last_at=scene.now, failing_since=since, last_error=command.error)
    scene.working.put(now)
    if command.gone:
        _switch_off(scene, hook, OffReason.GONE)
    elif is_worn_out(now.failing_since, scene.now):
        _switch_off(scene, hook, OffReason.FAILING)


def _switch_off(scene: Scene, hook: Webhook, reason: OffReason) -> None:
    if not hook.enabled:
        return
    off = scene.working.put(replace(hook, enabled=False, off_reason=reason, off_at=scene.now))
    for user in scene.view.live(scene.view.users):
        if user.kind == "person" and may(user.role, Permission.MANAGE_TOKENS):
            scene.schedule(WEBHOOK_OFF, scene.now, subject_id=user.id, data={"webhook": off.id})
    tell(scene, off)


def give_up_needs(command: GiveUpDelivery, needs: Needs) -> None:
    """The delivery."""
    needs.record(WebhookDelivery, "id", [command.delivery_id])


def give_up(command: GiveUpDelivery, scene: Scene) -> None:
    """Nothing left; it can be replayed."""
    one: Any = scene.find(WebhookDelivery, command.delivery_id)
    if one is not None and one.state is DeliveryState.WAITING:
        scene.working.put(
            replace(one, state=DeliveryState.FAILED, ended_at=scene.now, next_at=None, error=command.reason)
        )
