"""Senders: our own addresses, who serves them, and what they cost."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateSender, RemoveSender, UpdateSender
from gateway.core.decisions.names import LONGEST, checked_rate, checked_text, require_live
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

CHANNELS = ("sms", "mms", "whatsapp", "email")
DEAREST = 1_000_000

_CURRENCY = re.compile(r"[A-Z]{3}|credits")
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
    sender = scene.working.put(
        Sender(
            scene.workspace_id,
            scene.new_id(),
            command.kind,
            value,
            scene.now,
            checked_text("label", command.label, LONGEST),
            require_live("gateway_ids", "gateway", command.gateway_ids, scene.view.gateways),
            checked_text("append_text", command.append_text, APPENDED),
            _checked_mms(command.kind, command.mms_enabled),
            checked_prices(command.prices),
            checked_rate(command.rate),
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
        after = replace(after, gateway_ids=ids)
    if command.append_text is not UNCHANGED:
        after = replace(after, append_text=checked_text("append_text", command.append_text, APPENDED))
    if command.mms_enabled is not UNCHANGED:
        after = replace(after, mms_enabled=_checked_mms(before.kind, command.mms_enabled))
    if command.prices is not UNCHANGED:
        after = replace(after, prices=checked_prices(command.prices))
    if command.rate is not UNCHANGED:
        after = replace(after, rate=checked_rate(command.rate))
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


def checked_prices(prices: Mapping[str, Any]) -> dict[str, Any]:
    """`{"sms": "0.0075", "mms": 0.02, "currency": "USD"}`: amounts by channel, in a currency or in credits."""
    for name, value in prices.items():
        if name == "currency":
            if not (isinstance(value, str) and _CURRENCY.fullmatch(value)):
                raise invalid("prices.currency", "A currency is three capital letters such as USD, or credits.")
        elif name not in CHANNELS:
            raise invalid(f"prices.{name}", f"Prices are given for {', '.join(CHANNELS)}, and a currency.")
        elif not _is_amount(value):
            raise invalid(f"prices.{name}", "A price is an amount of 0 or more, such as 0.0075.")
    return dict(prices)


def _is_amount(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return False
    return amount.is_finite() and 0 <= amount <= DEAREST


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
