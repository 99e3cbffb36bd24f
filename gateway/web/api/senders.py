"""Senders: our own addresses."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateSender, RemoveSender, UpdateSender
from gateway.core.errors import invalid
from gateway.domain.address import InvalidAddress, sender_address
from gateway.domain.sender import SenderKind
from gateway.domain.settings import GatewayChoice
from gateway.domain.visibility import Permission
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, AddressText, Id, Label, Prices, RateLimit, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import SenderShape, sender_shape
from gateway.web.api.times import id_in_field, ids_in_field

routes = Routes("Senders")

Weights = Annotated[dict[Id, Annotated[int, msgspec.Meta(ge=0, le=1000)]], msgspec.Meta(max_length=100)]
AppendedText = Annotated[str, msgspec.Meta(max_length=1000)]


class NewSender(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of our addresses.

    `prices` maps a channel to an amount for a segment (SMS) or a message (all else), has a `currency` (or `credits`),
    and dearer or cheaper destinations by the beginning of their numbers:
    `{"sms": "0.0079", "mms": "0.02", "currency": "USD", "to": {"+44": {"sms": "0.04"}}}`.
    Of several gateways `gateway_choice` takes, of those that are well, the one used with the contact before
    (`last_used`), the first (`order`), the `cheapest`, or one by `gateway_weights` (`weight`).
    """

    kind: SenderKind
    value: AddressText
    label: Label | None = None
    gateway_ids: list[Id] = []
    append_text: AppendedText | None = None
    mms_enabled: bool = False
    prices: Prices = {}
    rate: RateLimit | None = None
    gateway_choice: GatewayChoice = GatewayChoice.LAST_USED
    gateway_weights: Weights = {}


class SenderChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; kind and value never do."""

    label: Label | Unset | None = UNSET
    gateway_ids: list[Id] | Unset = UNSET
    append_text: AppendedText | Unset | None = UNSET
    mms_enabled: bool | Unset = UNSET
    prices: Prices | Unset = UNSET
    rate: RateLimit | Unset | None = UNSET
    gateway_choice: GatewayChoice | Unset = UNSET
    gateway_weights: Weights | Unset = UNSET


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
        prices=body.prices,
        rate=body.rate,
        gateway_choice=body.gateway_choice,
        gateway_weights=_weights(body.gateway_weights),
    )
    return sender_shape(await call.execute(command, sender_shape))


@routes.get("/senders/{sender_id}")
async def get_sender(call: Call, sender_id: int) -> SenderShape:
    """Read a sender."""
    return sender_shape(live_record(call.view.senders, sender_id, "sender"))


@routes.patch("/senders/{sender_id}", permission=Permission.MANAGE_GATEWAYS)
async def update_sender(call: Call, sender_id: int, body: SenderChange) -> SenderShape:
    """Change a sender."""
    gateways, weights = body.gateway_ids, body.gateway_weights
    command = UpdateSender(
        sender_id,
        label=changed(body.label),
        gateway_ids=UNCHANGED if gateways is UNSET else ids_in_field("gateway", gateways, "gateway_ids"),
        append_text=changed(body.append_text),
        mms_enabled=changed(body.mms_enabled),
        prices=changed(body.prices),
        rate=changed(body.rate),
        gateway_choice=changed(body.gateway_choice),
        gateway_weights=UNCHANGED if weights is UNSET else _weights(weights),
    )
    return sender_shape(await call.execute(command))


@routes.delete("/senders/{sender_id}", permission=Permission.MANAGE_GATEWAYS)
async def remove_sender(call: Call, sender_id: int) -> None:
    """Remove a sender; what it sent keeps its value."""
    await call.execute(RemoveSender(sender_id))


def _weights(given: Mapping[Id, int]) -> dict[int, int]:
    return {id_in_field("gateway", one, "gateway_weights"): weight for one, weight in given.items()}
