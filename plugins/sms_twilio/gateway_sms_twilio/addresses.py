"""Addresses as Twilio writes them: a WhatsApp number has a prefix, everything else is as we write it."""

from gateway.sdk import SenderView
from gateway.sdk.text import SenderKind

WHATSAPP = "whatsapp:"


def is_whatsapp(address: str) -> bool:
    """Whether it is a WhatsApp address."""
    return address.lower().startswith(WHATSAPP)


def sender_address(sender: SenderView) -> str:
    """One of our senders."""
    return f"{WHATSAPP}{sender.value}" if sender.kind is SenderKind.WHATSAPP else sender.value


def contact_address(to: str, channel: str) -> str:
    """A contact, on the channel of the message."""
    return f"{WHATSAPP}{to}" if channel == "whatsapp" else to


def channel_of(sender: str, sid: str, *, has_media: bool) -> str:
    """The channel a message came by; Twilio's ids of MMS begin with MM."""
    if is_whatsapp(sender):
        return "whatsapp"
    return "mms" if has_media or sid.startswith("MM") else "sms"
