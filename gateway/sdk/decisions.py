"""Values of the decide hooks: quick, pure, asked before the command is decided."""

from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.sdk.values import SenderView


@record
class InboundView:
    """A read-only snapshot of a message that has just arrived; addresses are canonical."""

    workspace_id: int
    gateway_id: int
    sender: str
    recipient: str
    channel: str
    body: str


@record
class OutboundView:
    """A read-only snapshot of a message about to be queued. `to` is canonical."""

    workspace_id: int
    to: str
    channel: str
    body: str
    nature: Nature
    purpose: str | None
    actor: str


@record
class Assignment:
    """Who an inbound message's conversation is given to when it opens."""

    user_id: int | None = None
    group_id: int | None = None


@record
class SenderVote:
    """A plugin's choice of sender, with the reason a person reads under "Why this number?"."""

    sender: SenderView
    reason: str


class MessageRefused(Exception):
    """Raised by `vet_outbound`: the message is refused with this sentence."""
