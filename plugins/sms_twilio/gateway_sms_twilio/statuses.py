"""Twilio's statuses on our lattice."""

from gateway.sdk.text import Status

# `queued`, `accepted` and `sending` are Twilio's own queue: it has the message, which settles a send whose answer was
# lost. What was cancelled there, by somebody in its console, never leaves; a part of a group reached is not delivered.
STATUSES = {
    "accepted": Status.SENT,
    "scheduled": Status.SENT,
    "queued": Status.SENT,
    "sending": Status.SENT,
    "sent": Status.SENT,
    "partially_delivered": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}
CANCELED = "It was cancelled at Twilio before it went out."

_EXPIRED = frozenset({"30036"})  # the validity period ended


def status_of(word: str, code: str | None) -> Status | None:
    """Where a message is; None for a word nobody has heard of yet."""
    status = STATUSES.get(word.lower())
    return Status.EXPIRED if status in (Status.UNDELIVERED, Status.FAILED) and code in _EXPIRED else status
