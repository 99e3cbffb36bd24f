"""The values that cross the plugin seam.

A plugin translates its wire into these and back, and knows nothing else of the core.
"""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from gateway.domain.consent_words import ConsentWord
from gateway.domain.encoding import Encoding
from gateway.domain.joining import Concat
from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.domain.sender import SenderKind
from gateway.domain.status import Status


@record
class MediaReference:
    """A picture or file of a message.

    Inbound: `url` is where the provider keeps it, fetched later as work through `Channel.fetch_media`, or `content` is
    the file itself when the wire carried it. Outbound: `url` is public, signed and good for a day; where the channel
    `takes_files`, `content` is set instead. `content_id` is what the message's own HTML calls it by (`cid:`).
    """

    content_type: str
    url: str | None = None
    content: bytes | None = None
    name: str | None = None
    size: int | None = None
    content_id: str | None = None


@record
class Inbound:
    """A message from a contact (MO), as the provider said it.

    `sender` and `recipient` are the provider's spellings; the core normalises them. `provider_id` is unique for the
    gateway's account and is what makes a second delivery harmless; without one the core derives a key from the content
    and the minute. `at` is the provider's time in milliseconds since the epoch. `concat` is set on one part of a long
    message: the core joins parts in any order. `consent` is set where the provider itself read the text as a wish to
    stop or to start again, in whatever words: the ledger follows it. `html` is the same message formatted, as it came:
    it is sanitised before it is stored. `quoted` is what the message repeats of earlier ones, apart from `body`.
    `nature` is set where the wire itself says why the message exists, as automatic mail does. `raw` is kept for 30
    days.
    """

    sender: str
    recipient: str
    body: str
    provider_id: str | None = None
    channel: str = "sms"
    subject: str | None = None
    media: tuple[MediaReference, ...] = ()
    at: int | None = None
    concat: Concat | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    consent: ConsentWord | None = None
    html: str | None = None
    quoted: str | None = None
    nature: Nature | None = None


@record
class Receipt:
    """A provider's report about one part (DLR).

    It finds its part by one of `provider_ids` (all spellings the id may have, most likely first) or by `attempt`, the
    id we gave the provider with the send. `state` is None when the provider's word is not known to us: the receipt is
    then kept and changes nothing. Of a failure `code` is the provider's, `text` a sentence for people; without one the
    status has its own. `opted_out` says that it failed because the contact opted out at the provider, which the ledger
    learns. `cost_micros` is what the whole message cost, in millionths of `currency`, once that is known.
    """

    provider_ids: tuple[str, ...]
    state: Status | None
    attempt: str | None = None
    code: str | None = None
    text: str | None = None
    at: int | None = None
    raw: bytes = b""
    opted_out: bool = False
    cost_micros: int | None = None
    currency: str | None = None


@record
class Unparsed:
    """A payload the channel could not read: kept raw, counted, shown, and replayable after a fix."""

    reason: str
    raw: bytes


@record
class SenderView:
    """What a channel may know of one of our senders."""

    id: int
    kind: SenderKind
    value: str


@record
class EarlierMessage:
    """The newest message before an outbound one, of the same channel and with the same contact's address.

    `metadata` is what the channel said of it, in its Inbound or in its SendResult.
    """

    inbound: bool
    subject: str | None
    metadata: Mapping[str, str]


@record
class Outbound:
    """A message to a contact (MT), fully composed: `body` is the final text, `parts` its segments in order.

    `attempt` names this try; a channel hands it to the provider wherever it will be echoed, so that a receipt can
    settle a send whose answer was lost. `reference` (0..65535) is the concatenation reference of the message. `to` is
    canonical (E.164, short code or e-mail address). `answers` is the message it refers back to, where the channel
    `refers_back` and there is one. Times are milliseconds since the epoch.
    """

    message_id: int
    attempt: str
    sender: SenderView
    to: str
    channel: str
    body: str
    parts: tuple[str, ...]
    encoding: Encoding | None
    reference: int
    subject: str | None = None
    media: tuple[MediaReference, ...] = ()
    expires_at: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    nature: Nature = Nature.NATURAL
    answers: EarlierMessage | None = None


@record
class Inquiry:
    """A send whose outcome is unknown: what the provider is asked about. `message_id` begins each of its attempts.

    If the provider got it, it did so between `since` and `until` (milliseconds since the epoch; None: nobody knows).
    """

    message_id: str
    provider_ids: tuple[str, ...]
    sender: str
    to: str
    channel: str = "sms"
    body: str = ""
    since: int | None = None
    until: int | None = None


@record
class PartResult:
    """What the provider answered for one part (`index` from 1): its id, or why it refused that part."""

    index: int
    provider_id: str | None
    status: Status = Status.SENT
    code: str | None = None
    reason: str | None = None


@record
class Balance:
    """What is left of an account at its provider. `unit` is a currency's three letters, or credits."""

    amount: Decimal
    unit: str


@record
class SendResult:
    """The provider accepted the message, wholly or in part. A send that was not accepted at all raises SendError.

    `subject` is the one it left with, where nobody had given one; `metadata` is kept with the message.
    """

    parts: tuple[PartResult, ...]
    cost_micros: int | None = None
    currency: str | None = None
    subject: str | None = field(default=None, repr=False)
    metadata: Mapping[str, str] = field(default_factory=dict)
