"""Messages in and out, their receipts, and what a worker reports of a send. Times are milliseconds since the epoch."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.address import Address
from gateway.domain.consent_words import ConsentWord
from gateway.domain.joining import Concat
from gateway.domain.model import Event, Media, Message, Thread, Work
from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.sdk.decisions import Assignment
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.values import MediaReference, Outbound, Receipt, SendResult


@record
class Received:
    """What became of an inbound message. `message` is None for a duplicate, or while parts are missing."""

    message: Message | None
    duplicate: bool = False


@record
class StoredFile:
    """A file that came with a message, its bytes in the blob store already."""

    content_type: str
    size: int
    blob: str
    name: str | None = None
    content_id: str | None = None


@record
class ReceiveMessage(Command[Received]):
    """A contact wrote (MO). Addresses are canonical already; `provider_key` makes a repeat harmless.

    `consent` is how the provider read the text, where it did. `media` is still to be fetched, `files` are here; `html`
    is the message formatted, sanitised.
    """

    gateway_id: int
    sender: Address
    recipient: Address
    body: str
    provider_key: str
    account: str
    channel: str = "sms"
    subject: str | None = None
    media: tuple[MediaReference, ...] = ()
    at: int | None = None
    concat: Concat | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    nature: Nature | None = None
    assignment: Assignment | None = None
    incomplete: bool = False
    consent: ConsentWord | None = None
    files: tuple[StoredFile, ...] = ()
    html: StoredFile | None = None
    quoted: str | None = None


@record
class RecordReceipt(Command[bool]):
    """A provider reported on a part. Answers whether the part is known; if not, the receipt is parked."""

    gateway_id: int
    account: str
    receipt: Receipt


@record
class RematchReceipts(Command[int]):
    """Receipts that were parked under these keys although their part is known: two nodes were at it at once.

    Answers how many found their part.
    """

    keys: tuple[str, ...]


@record
class KeepRaw(Command[None]):
    """A payload that could not be read, kept as it came (`content` is base64)."""

    gateway_id: int
    reason: str
    content: str


@record
class DropRaw(Command[None]):
    """A payload that was read after all, or that nobody wants."""

    payload_id: int


@record
class FlushIncomplete(Command[Received | None]):
    """A long message whose parts did not all come: show what is there. `key` names the set of parts."""

    gateway_id: int
    key: str
    total: int
    sender: Address
    recipient: Address
    account: str
    channel: str = "sms"


@record
class SendMessage(Command[Message]):
    """Somebody, or something, sends a message (MT). Exactly one of `to`, `contact_id`, `thread_id` is set.

    `body` is final but for the sender's appended text. `from_` names a sender by id or value, a pool, or is None for
    the workspace's chain; `gateway_id` one of the gateways that serve it, or None for its own choice. `nature` None
    is natural for a person. `expected_seq` refuses the send when the thread has moved on.
    """

    body: str
    to: Address | None = None
    contact_id: int | None = None
    thread_id: int | None = None
    from_: str | None = None
    channel: str | None = None
    subject: str | None = None
    media_ids: tuple[int, ...] = ()
    media_urls: tuple[str, ...] = ()
    send_at: int | None = None
    expires_at: int | None = None
    purpose: str | None = None
    nature: Nature | None = None
    test: bool = False
    expected_seq: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    retry_of: int | None = None
    gateway_id: int | None = None


@record
class RetryMessage(Command[Message]):
    """Send a failed message again, as a new one, from the same or another sender. Once: its retry can be retried."""

    message_id: int
    from_: str | None = None
    gateway_id: int | None = None


@record
class EditScheduled(Command[Message]):
    """Change a message that is still scheduled."""

    message_id: int
    body: str = UNCHANGED
    send_at: int = UNCHANGED
    expires_at: int | None = UNCHANGED
    metadata: Mapping[str, str] = UNCHANGED


@record
class CancelMessage(Command[Message]):
    """Withdraw a message that is scheduled, held or not yet picked up."""

    message_id: int


class Settlement(StrEnum):
    """What a person decides about an uncertain message."""

    CHECK = "check"
    RESEND = "resend"
    SENT = "sent"
    FAILED = "failed"


@record
class SettleMessage(Command[Message]):
    """Decide an uncertain message; the decision is an event."""

    message_id: int
    as_: Settlement


@record
class ReleaseScheduled(Command[None]):
    """The time of a scheduled message has come."""

    message_id: int


@record
class Start:
    """A send may begin: what to hand to the channel once its `files` are enclosed.

    The message is `sending`, durably.
    """

    outbound: Outbound
    files: tuple[Media, ...] = ()


@record
class Dropped:
    """A send must not begin; the message has its final status and its work is gone."""

    code: str


@record
class BeginSend(Command[Start | Dropped]):
    """A worker holds the lease and is about to send: recheck consent and expiry, then mark `sending`."""

    work: Work
    attempt: str


@record
class RecordSent(Command[Message | None]):
    """The provider took the message. None when the fence refused the write (its ids are kept as evidence)."""

    work: Work
    attempt: str
    account: str
    result: SendResult


@record
class RecordSendFailure(Command[Message | None]):
    """The send was not accepted, or its outcome is unknown. `retry_at` is set when it shall be tried again.

    `unknown`: the provider may have it, and refuses a second one itself; so no other may be tried.
    """

    work: Work
    kind: SendErrorKind
    sentence: str
    provider_code: str | None = None
    retry_at: int | None = None
    counts: bool = True
    unknown: bool = False


@record
class RecoverSend(Command[None]):
    """A worker died with this work: queued again if it had not begun, uncertain if it had.

    `again_at` is set where the provider recognises a second try: what had begun is then tried again.
    """

    work: Work
    again_at: int | None = None


@record
class FoundThread:
    """A thread, and whether it was made just now."""

    thread: Thread
    conversation_id: int | None
    created: bool


@record
class FindOrCreateThread(Command[FoundThread]):
    """The thread of an address."""

    address: Address


@record
class AppendEvent(Command[Event]):
    """A plugin's own event type. Answers the event as it stands in the log, with its position."""

    type: str
    thread_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
