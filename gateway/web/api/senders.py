"""Senders: our own addresses."""

import re
from collections.abc import Mapping
from typing import Annotated

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateSender, RemoveSender, UpdateSender
from gateway.core.errors import invalid
from gateway.domain.address import InvalidAddress, sender_address
from gateway.domain.sender import SenderKind
from gateway.domain.visibility import Permission
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, AddressText, Id, Label, RateLimit, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import SenderShape, sender_shape
from gateway.web.api.times import ids_in_field

routes = Routes("Senders")

_AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
Prices = Annotated[dict[str, str | float], msgspec.Meta(max_length=20)]
AppendedText = Annotated[str, msgspec.Meta(max_length=1000)]


class NewSender(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of our addresses.

    `prices` maps a channel to an amount for a segment (SMS) or a message (all else), and has a `currency`:
    `{"sms": "0.0079", "mms": "0.02", "currency": "USD"}`.
    """

    kind: SenderKind
    value: AddressText
    label: Label | None = None
    gateway_ids: list[Id] = []
    append_text: AppendedText | None = None
    mms_enabled: bool = False
    prices: Prices = {}
    rate: RateLimit | None = None


class SenderChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; kind and value never do."""

    label: Label | Unset | None = UNSET
    gateway_ids: list[Id] | Unset = UNSET
    append_text: AppendedText | Unset | None = UNSET
    mms_enabled: bool | Unset = UNSET
    prices: Prices | Unset = UNSET
    rate: RateLimit | Unset | None = UNSET


@routes.get("/senders")
async def list_senders(call: Call, query: PageQuery) -> Page[SenderShape]:
    """List senders."""
    return page_of(call.view.live(call.view.senders), query, sender_shape, lambda sender: sender.id)


@routes.post("/senders", permission=Permission.MANAGE_GATEWAYS, status=201)
async def create_sender(call: Call, body: NewSender) -> SenderShape:
    """Add a sender."""
    try:
        value = sender_address(body.kind, body.value).value
    except InvalidAddress as error:
        raise invalid("value", str(error)) from None
    command = CreateSender(
        kind=body.kind,
        value=value,
        label=body.label,
        gateway_ids=ids_in_field("gateway", body.gateway_ids, "gateway_ids"),
        append_text=body.append_text,
        mms_enabled=body.mms_enabled,
        prices=_prices(body.prices),
        rate=body.rate,
    )
    return sender_shape(await call.execute(command, sender_shape))


@routes.get("/senders/{sender_id}")
async def get_sender(call: Call, sender_id: int) -> SenderShape:
    """Read a sender."""
    return sender_shape(live_record(call.view.senders, sender_id, "sender"))


@routes.patch("/senders/{sender_id}", permission=Permission.MANAGE_GATEWAYS)
async def update_sender(call: Call, sender_id: int, body: SenderChange) -> SenderShape:
    """Change a sender."""
    gateways = body.gateway_ids
    command = UpdateSender(
        sender_id,
        label=changed(body.label),
        gateway_ids=UNCHANGED if gateways is UNSET else ids_in_field("gateway", gateways, "gateway_ids"),
        append_text=changed(body.append_text),
        mms_enabled=changed(body.mms_enabled),
        prices=UNCHANGED if body.prices is UNSET else _prices(body.prices),
        rate=changed(body.rate),
    )
    return sender_shape(await call.execute(command))


@routes.delete("/senders/{sender_id}", permission=Permission.MANAGE_GATEWAYS)
async def remove_sender(call: Call, sender_id: int) -> None:
    """Remove a sender; what it sent keeps its value."""
    await call.execute(RemoveSender(sender_id))


def _prices(given: Mapping[str, str | float]) -> dict[str, str]:
    """Amounts as exact decimals. Refused (422) for what is no amount of money."""
    checked: dict[str, str] = {}
    for name, value in given.items():
        text = str(value)
        if name == "currency":
            fits = len(text) == 3 and text.isascii() and text.isupper()
        else:
            fits = bool(_AMOUNT.fullmatch(text)) and name.isidentifier()
        if not fits:
            raise invalid(f"prices.{name}", "Give an amount like 0.0079 for a channel, and a currency like USD.")
        checked[name] = text
    return checked
