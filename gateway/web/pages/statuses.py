"""What a message's status says to people, and what they can do about it."""

from typing import Final

from gateway.domain.model import Direction, Message
from gateway.domain.status import FAILURES
from gateway.domain.status import Status as Stored
from gateway.sdk.errors import SendErrorKind
from gateway.web.language import marked
from gateway.web.pages.formatting import Times
from gateway.web.pages.views_list import Tick
from gateway.web.pages.views_thread import Status

_WORDS: Final = {
    Stored.HELD: ("pause", marked("On hold"), "amber"),
    Stored.QUEUED: ("clock", marked("Queued"), ""),
    Stored.SENDING: ("clock", marked("Sending"), ""),
    Stored.SENT: ("check", marked("Sent"), ""),
    Stored.DELIVERED: ("check-check", marked("Delivered"), "green"),
    Stored.READ: ("check-check", marked("Read"), "green"),
    Stored.CANCELLED: ("x", marked("Cancelled"), ""),
}
_FAILED: Final = {
    Stored.FAILED: marked("Not delivered"),
    Stored.UNDELIVERED: marked("Not delivered"),
    Stored.EXPIRED: marked("Expired before it arrived"),
}


def status_of(message: Message, times: Times, *, retried: bool = False) -> Status | None:
    """The status of what we sent; None for what they wrote. What was sent again already offers no retry."""
    if message.direction is Direction.INBOUND:
        return None
    status, _ = message.status, times.language.gettext
    if status is Stored.SCHEDULED:
        when = times.full(message.send_at) if message.send_at is not None else _("Scheduled")
        return Status("calendar-clock", when, "accent", cancel=True, edit=True)
    if status is Stored.UNCERTAIN:
        reason = _("The provider never answered. It may have been sent.")
        return Status("circle-alert", _("Not sure it left"), "amber", bold=True, reason=reason, decide=True)
    if status in FAILURES:
        reason = message.error_message or _("The provider gave no reason.")
        code = f" ({message.error_provider_code})" if message.error_provider_code else ""
        said = _("Sent again") if retried else ""
        told = f"{reason}{code}" + (f" · {said}" if said else "")
        again = (
            not retried and message.error_code != SendErrorKind.OPTED_OUT
        )  # neither from here nor from another sender
        return Status("circle-alert", _(_FAILED[status]), "red", bold=True, reason=told, retry=again)
    icon, text, tone = _WORDS[status]
    waiting = status in {Stored.QUEUED, Stored.SENDING}
    return Status(icon, _(text), tone, cancel=status is Stored.HELD, pending=waiting)


def tick_of(status: Stored | None) -> Tick | None:
    """The sign of what became of a row's last message; None for what they wrote, and for what says so otherwise."""
    if status is Stored.SCHEDULED:
        return Tick("calendar-clock", marked("Scheduled"))
    if status is None or status not in _WORDS:
        return None
    icon, words, tone = _WORDS[status]
    return Tick(icon, words, tone)


def is_open(message: Message) -> bool:
    """Whether more is to be expected, so that the page asks again when something moved in the thread."""
    return message.direction is Direction.OUTBOUND and message.status not in {
        Stored.DELIVERED,
        Stored.READ,
        Stored.CANCELLED,
    }
