"""Why a message goes where it goes: before sending (preview) and afterwards (explain)."""

from datetime import datetime

import msgspec

from gateway.core.compose import Composition
from gateway.core.errors import FieldError, Refused
from gateway.core.explanation import WayVote, explain
from gateway.core.preview import Preview, preview
from gateway.domain.visibility import Permission
from gateway.web.api.call import Call
from gateway.web.api.compose import NewMessage, command_of
from gateway.web.api.reading import find_message
from gateway.web.api.route import Routes
from gateway.web.api.shapes.message import Cost, cost_shape
from gateway.web.api.shapes.settings import SenderBrief, sender_brief
from gateway.web.api.times import to_id, to_id_or_none, to_time_or_none

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


class PreviewGateway(msgspec.Struct, frozen=True):
    """The gateway it would leave through, and what was thought of each that serves the sender."""

    id: str
    name: str
    reasons: list[str]


class RefusalShape(msgspec.Struct, frozen=True):
    """Why it can't be sent as it is."""

    code: str
    field: str
    message: str


class PreviewShape(msgspec.Struct, frozen=True):
    """The message as it would leave. `form` says why a text leaves as MMS; `notices` keep nothing from being sent."""

    text: str
    encoding: str | None
    units: int
    segments: int
    costly: list[Costly]
    sender: PreviewSender | None
    channel: str | None
    cost: Cost | None
    refusals: list[RefusalShape]
    gateway: PreviewGateway | None = None
    form: str | None = None
    notices: list[RefusalShape] = []


class VoteShape(msgspec.Struct, frozen=True):
    """What one resolver of the chain said."""

    resolver: str
    sender_id: str | None
    sender: str | None
    accepted: bool
    reason: str


class GatewayVoteShape(msgspec.Struct, frozen=True):
    """What was thought of one gateway that serves the sender. `at` is set where it took over from another."""

    gateway_id: str
    gateway: str
    accepted: bool
    reason: str
    at: datetime | None = None


class ExplainedCost(msgspec.Struct, frozen=True):
    """What it was said to cost before it was sent, and what it costs as far as is known."""

    estimate: Cost | None
    actual: Cost | None
    corrected: bool


class Explanation(msgspec.Struct, frozen=True):
    """A message's route: each resolver's vote in the order they were asked, then each gateway's.

    `form` says why a text became an MMS, `hour` why it waits for the morning, `wish` why it waits for a person.
    """

    message_id: str
    sender: SenderBrief | None
    gateway_id: str | None
    gateway: str | None
    channel: str
    votes: list[VoteShape]
    gateways: list[GatewayVoteShape]
    failovers: list[GatewayVoteShape]
    form: str | None
    hour: str | None
    cost: ExplainedCost
    wish: str | None = None


@routes.ask("/messages/preview", permission=Permission.REPLY)
async def preview_message(call: Call, body: NewMessage) -> PreviewShape:
    """Look ahead: the text, its segments, its sender and its price.

    Always 200: limits, consent and what a sender can't do are refusals here, not errors. Sends nothing.
    """
    try:
        command = await command_of(call, body)
        state = call.state
        found = await preview(state.database, state.around, state.clock(), command, call.caller)
    except Refused as refused:
        found = Preview(None, (), refused.errors or (FieldError("to", refused.detail, refused.code),))
    return _preview_shape(body, found)


@routes.get("/messages/{message_id}/explain")
async def explain_message(call: Call, message_id: int) -> Explanation:
    """Explain a message's route."""
    message = await find_message(call, message_id)
    gateway = call.view.gateways.get(message.gateway_id or 0)
    found = explain(message)
    return Explanation(
        message_id=to_id("message", message.id),
        sender=sender_brief(call.view.senders.get(message.sender_id or 0)),
        gateway_id=to_id_or_none("gateway", message.gateway_id),
        gateway=gateway.name if gateway else None,
        channel=message.channel,
        votes=[
            VoteShape(one.resolver, to_id_or_none("sender", one.sender_id), one.sender, one.accepted, one.reason)
            for one in found.votes
        ],
        gateways=[_gateway_vote(one) for one in found.gateways],
        failovers=[_gateway_vote(one) for one in found.failovers],
        form=found.form,
        hour=found.hour,
        cost=ExplainedCost(cost_shape(found.estimate), cost_shape(found.cost), found.corrected),
        wish=found.wish,
    )


def _gateway_vote(vote: WayVote) -> GatewayVoteShape:
    at = to_time_or_none(vote.at)
    return GatewayVoteShape(to_id("gateway", vote.gateway_id), vote.gateway, vote.accepted, vote.reason, at)


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
        cost=cost_shape(price),
        refusals=refusals,
        gateway=_gateway_shape(composed),
        form=composed.form,
        notices=[RefusalShape(one.code, one.field, one.message) for one in composed.notices],
    )


def _sender_shape(composed: Composition) -> PreviewSender | None:
    sender = composed.route.sender
    if sender is None:
        return None
    return PreviewSender(to_id("sender", sender.id), sender.value, [vote.reason for vote in composed.route.votes])


def _gateway_shape(composed: Composition) -> PreviewGateway | None:
    gateway = composed.route.gateway
    if gateway is None:
        return None
    reasons = [f"{vote.gateway.name}: {vote.reason}" for vote in composed.route.gateways]
    return PreviewGateway(to_id("gateway", gateway.id), gateway.name, reasons)
