"""What is to be carried, to whom, and whether a sender can carry it through a gateway."""

from collections.abc import Iterable

from gateway.core.scene import Scene
from gateway.domain.address import Address, AddressKind
from gateway.domain.attachments import why_not_taken
from gateway.domain.model import Conversation, Media, Thread
from gateway.domain.prices import CHANNELS
from gateway.domain.record import record
from gateway.domain.sender import Capabilities, capabilities_of
from gateway.domain.settings import Gateway, Sender

__all__ = ["CHANNELS", "Question", "can_carry", "capabilities_through", "channel_of", "no_channel", "not_taken"]


@record
class Question:
    """What is to be carried, to whom, and what is known of the thread. `from_` and `gateway_id` were asked for."""

    to: Address
    channel: str | None
    has_media: bool
    from_: str | None = None
    root: Thread | None = None
    conversation: Conversation | None = None
    gateway_id: int | None = None


def can_carry(capabilities: Capabilities, question: Question) -> str | None:
    """Why a sender on a gateway can't carry this; None when it can."""
    if not capabilities.outbound:
        return "It can't send."
    email = question.to.kind is AddressKind.EMAIL
    channel = question.channel or ("email" if email else None)
    if (channel == "email") != email:
        return "An e-mail sender is needed for an e-mail address, and only for one."
    if email:
        return None if capabilities.email else "It can't send e-mail."
    if channel == "whatsapp":
        return None if capabilities.whatsapp else "It can't send WhatsApp messages."
    if channel == "mms" or (question.has_media and channel is None):
        return None if capabilities.mms or capabilities.whatsapp else "It can't send pictures."
    if channel == "sms":
        return None if capabilities.sms else "It can't send SMS."
    if channel is not None:
        return no_channel(channel)
    return None if capabilities.sms or capabilities.whatsapp else "It can't send texts."


def capabilities_through(scene: Scene, gateway: Gateway, sender: Sender) -> Capabilities:
    """What a sender can do through a gateway."""
    own = capabilities_of(sender.kind, mms_enabled=sender.mms_enabled)
    return own & scene.capabilities(gateway, sender)


def not_taken(capabilities: Capabilities | None, channel: str, files: Iterable[Media]) -> str | None:
    """Why one of the files can't leave by that channel; None when all can. What is not fetched yet is not known."""
    own = capabilities.media_types if capabilities else None
    why = (why_not_taken(channel, one.content_type, one.name, own) for one in files if one.state == "stored")
    return next((one for one in why if one is not None), None)


def channel_of(question: Question, capabilities: Capabilities | None) -> str:
    """The channel a message leaves by before P6 has its say."""
    if question.channel is not None:
        return question.channel
    if question.to.kind is AddressKind.EMAIL:
        return "email"
    if capabilities is not None and capabilities.whatsapp and not capabilities.sms:
        return "whatsapp"
    return "mms" if question.has_media else "sms"


def no_channel(channel: str) -> str:
    """The sentence about a channel that nobody knows."""
    return f"There is no channel {channel}; use {', '.join(CHANNELS)}."
