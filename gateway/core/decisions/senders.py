"""Senders: our own addresses, who serves them, and what they cost."""

from collections.abc import Mapping

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateSender, RemoveSender, UpdateSender
from gateway.core.decisions.names import LONGEST, checked_prices, checked_rate, checked_text, require_live
from gateway.core.errors import conflict, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.address import InvalidAddress, sender_address
from gateway.domain.record import replace
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Sender
from gateway.domain.visibility import Permission

APPENDED = 160
"""Characters that may be put under every text of a sender: as much as one short message."""

HEAVIEST = 1_000

_MMS_KINDS = frozenset({SenderKind.LONG_CODE, SenderKind.SHORT_CODE, SenderKind.TOLL_FREE})


def sender_needs(command: CreateSender | UpdateSender | RemoveSender, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def create(command: CreateSender, scene: Scene) -> Sender:
    """One more address of ours; its value in the canonical spelling."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    try:
        value = sender_address(command.kind, command.value).value
    except InvalidAddress as error:
        raise invalid("value", str(error)) from error
    if scene.view.sender_of(command.kind, value) is not None:
        raise conflict("sender-exists", f"{value} is one of your senders already.")
    gateway_ids = require_live("gateway_ids", "gateway", command.gateway_ids, scene.view.gateways)
    sender = scene.working.put(
        Sender(
            scene.workspace_id,
            scene.new_id(),
            command.kind,
            value,
            scene.now,
            checked_text("label", command.label, LONGEST),
            gateway_ids,
            checked_text("append_text", command.append_text, APPENDED),
            _checked_mms(command.kind, command.mms_enabled),
            checked_prices(command.prices),
            checked_rate(command.rate),
            gateway_choice=command.gateway_choice,
            gateway_weights=_checked_weights(command.gateway_weights, gateway_ids),
        )
    )
    scene.settings_changed("sender", sender.id)
    return sender


def update(command: UpdateSender, scene: Scene) -> Sender:
    """What is named changes; kind and value never do."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    before = live_sender(scene, command.sender_id)
    after = before
    if command.label is not UNCHANGED:
        after = replace(after, label=checked_text("label", command.label, LONGEST))
    if command.gateway_ids is not UNCHANGED:
        ids = require_live("gateway_ids", "gateway", command.gateway_ids, scene.view.gateways)
        weights = {one: weight for one, weight in after.gateway_weights.items() if int(one) in ids}
        after = replace(after, gateway_ids=ids, gateway_weights=weights)
    if command.append_text is not UNCHANGED:
        after = replace(after, append_text=checked_text("append_text", command.append_text, APPENDED))
    if command.mms_enabled is not UNCHANGED:
        after = replace(after, mms_enabled=_checked_mms(before.kind, command.mms_enabled))
    if command.prices is not UNCHANGED:
        after = replace(after, prices=checked_prices(command.prices))
    if command.rate is not UNCHANGED:
        after = replace(after, rate=checked_rate(command.rate))
    if command.gateway_choice is not UNCHANGED:
        after = replace(after, gateway_choice=command.gateway_choice)
    if command.gateway_weights is not UNCHANGED:
        after = replace(after, gateway_weights=_checked_weights(command.gateway_weights, after.gateway_ids))
    if after == before:
        return before
    scene.working.load(before)
    scene.working.put(after)
    scene.settings_changed("sender", after.id)
    return after


def remove(command: RemoveSender, scene: Scene) -> None:
    """Leaves its pools; what it sent and received still names it."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    sender = live_sender(scene, command.sender_id)
    for pool in scene.view.pools.values():
        if sender.id in pool.sender_ids:
            scene.working.load(pool)
            scene.working.put(replace(pool, sender_ids=tuple(one for one in pool.sender_ids if one != sender.id)))
    scene.working.load(sender)
    scene.working.put(replace(sender, removed_at=scene.now))
    scene.settings_changed("sender", sender.id)


def _checked_weights(weights: Mapping[int, int], gateway_ids: tuple[int, ...]) -> dict[str, int]:
    """Of gateways that serve the sender; those that serve it no more are forgotten."""
    for gateway_id, weight in weights.items():
        if gateway_id not in gateway_ids:
            raise invalid("gateway_weights", "Weights are given to gateways that serve this sender.")
        if isinstance(weight, bool) or not 0 <= weight <= HEAVIEST:
            raise invalid("gateway_weights", f"A weight is a whole number from 0 to {HEAVIEST}.")
    if weights and len(weights) == len(gateway_ids) and not any(weights.values()):
        raise invalid("gateway_weights", "At least one gateway needs a weight above 0.")
    return {str(gateway_id): weight for gateway_id, weight in weights.items()}


def _checked_mms(kind: SenderKind, enabled: bool) -> bool:
    if enabled and kind not in _MMS_KINDS:
        raise invalid("mms_enabled", "Only phone numbers and short codes carry MMS.")
    return enabled


def live_sender(scene: Scene, sender_id: int) -> Sender:
    """A sender that was not removed, or 404."""
    sender = scene.view.senders.get(sender_id)
    if sender is None or sender.removed_at is not None:
        raise not_found("sender")
    return sender
