"""Why a message goes where it goes: before sending (preview) and afterwards (explain)."""

import msgspec

from gateway.core.compose import Composition
from gateway.core.errors import Reason, Refused
from gateway.core.preview import Preview, preview
from gateway.domain.visibility import Permission
from gateway.web.api.call import Call
from gateway.web.api.compose import NewMessage, command_of
from gateway.web.api.reading import find_message
from gateway.web.api.route import Routes
from gateway.web.api.shapes.message import MICROS, Cost
from gateway.web.api.shapes.settings import SenderBrief, sender_brief
from gateway.web.api.times import to_id, to_id_or_none

routes = Routes("Messages")


class Costly(msgspec.Struct, frozen=True):
    """A character that forces the dear encoding; `replacement` is what would do instead, if anything."""

    index: int
    char: str
    replacement: str | None


class PreviewSender(msgspec.Struct, frozen=True):
    """The sender it would go out from, and why."""

    id: str | None
    value: str | None
    reasons: list[str]


class RefusalShape(msgspec.Struct, frozen=True):
    """Why it can't be sent as it is."""

    code: str
    field: str
    message: str


class PreviewShape(msgspec.Struct, frozen=True):
    """The message as it would leave."""

    text: str
    encoding: str | None
    units: int
    segments: int
    costly: list[Costly]
    sender: PreviewSender | None
    channel: str | None
    cost: Cost | None
    refusals: list[RefusalShape]


class VoteShape(msgspec.Struct, frozen=True):
    """What one resolver of the chain said."""

    resolver: str
    sender_id: str | None
    sender: str | None
    accepted: bool
    reason: str


class Explanation(msgspec.Struct, frozen=True):
    """A message's route: each resolver's vote, in the order they were asked."""

    message_id: str
    sender: SenderBrief | None
    gateway_id: str | None
    gateway: str | None
    channel: str
    votes: list[VoteShape]


@routes.post("/messages/preview", permission=Permission.REPLY)
async def preview_message(call: Call, body: NewMessage) -> PreviewShape:
    """Look ahead: the text, its segments, its sender and its price.

    Always 200: limits, consent and what a sender can't do are refusals here, not errors. Sends nothing.
    """
    try:
        command = await command_of(call, body)
        state = call.state
        found = await preview(state.database, state.around, state.clock(), command, call.caller)
    except Refused as refused:
        if refused.reason is not Reason.INVALID:
            raise
        found = Preview(None, (), refused.errors)
    return _preview_shape(body, found)


@routes.get("/messages/{message_id}/explain")
async def explain_message(call: Call, message_id: int) -> Explanation:
    """Explain a message's route."""
    message = await find_message(call, message_id)
    gateway = call.view.gateways.get(message.gateway_id or 0)
    votes = [
        VoteShape(
            resolver=str(vote.get("resolver", "")),
            sender_id=to_id_or_none("sender", vote.get("sender_id")),
            sender=vote.get("sender"),
            accepted=bool(vote.get("accepted")),
            reason=str(vote.get("reason", "")),
        )
        for vote in message.route
    ]
    return Explanation(
        message_id=to_id("message", message.id),
        sender=sender_brief(call.view.senders.get(message.sender_id or 0)),
        gateway_id=to_id_or_none("gateway", message.gateway_id),
        gateway=gateway.name if gateway else None,
        channel=message.channel,
        votes=votes,
    )


def _preview_shape(body: NewMessage, found: Preview) -> PreviewShape:
    refusals = [RefusalShape(one.code, one.field, one.message) for one in found.refusals]
    composed = found.composition
    if composed is None:
        return PreviewShape(body.body, None, 0, 0, [], None, body.channel, None, refusals)
    price = composed.price
    return PreviewShape(
        text=composed.text,
        encoding=composed.encoding,
        units=composed.units,
        segments=composed.segments,
        costly=[Costly(one.index, one.char, one.replacement) for one in found.costly],
        sender=_sender_shape(composed),
        channel=composed.channel,
        cost=Cost(price.micros / MICROS, price.currency) if price else None,
        refusals=refusals,
    )


def _sender_shape(composed: Composition) -> PreviewSender | None:
    sender = composed.route.sender
    if sender is None:
        return None
    return PreviewSender(to_id("sender", sender.id), sender.value, [vote.reason for vote in composed.route.votes])
