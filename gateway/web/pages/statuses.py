"""What a message's status says to people, and what they can do about it."""

from typing import Final

from gateway.domain.model import Direction, Message
from gateway.domain.status import FAILURES
from gateway.domain.status import Status as Stored
from gateway.web.pages.formatting import Times
from gateway.web.pages.views_thread import Status

_WORDS: Final = {
    Stored.HELD: ("pause", "On hold", "amber"),
    Stored.QUEUED: ("clock", "Queued", ""),
    Stored.SENDING: ("clock", "Sending", ""),
    Stored.SENT: ("check", "Sent", ""),
    Stored.DELIVERED: ("check-check", "Delivered", "green"),
    Stored.READ: ("check-check", "Read", "green"),
    Stored.CANCELLED: ("x", "Cancelled", ""),
}
_FAILED: Final = {
    Stored.FAILED: "Not delivered",
    Stored.UNDELIVERED: "Not delivered",
    Stored.EXPIRED: "Expired before it arrived",
}
_UNSURE: Final = "It may have been sent. Wait for a receipt before you send it again."


def status_of(message: Message, times: Times) -> Status | None:
    """The status of what we sent; None for what they wrote."""
    if message.direction is Direction.INBOUND:
        return None
    status = message.status
    if status is Stored.SCHEDULED:
        when = times.full(message.send_at) if message.send_at is not None else "Scheduled"
        return Status("calendar-clock", when, "accent", cancel=True)
    if status is Stored.UNCERTAIN:
        return Status("circle-alert", "Not sure it left", "amber", bold=True, reason=_UNSURE)
    if status in FAILURES:
        reason = message.error_message or "The provider gave no reason."
        code = f" ({message.error_provider_code})" if message.error_provider_code else ""
        return Status("circle-alert", _FAILED[status], "red", bold=True, reason=f"{reason}{code}", retry=True)
    icon, text, tone = _WORDS[status]
    waiting = status in {Stored.QUEUED, Stored.SENDING}
    return Status(icon, text, tone, cancel=status is Stored.HELD, pending=waiting)


def is_open(message: Message) -> bool:
    """Whether more is to be expected, so that the page asks again when something moved in the thread."""
    return message.direction is Direction.OUTBOUND and message.status not in {
        Stored.DELIVERED,
        Stored.READ,
        Stored.CANCELLED,
    }
