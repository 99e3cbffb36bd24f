"""A message, its parts and its media."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from gateway.domain.events import Actor
from gateway.domain.model import Direction, Media, Message, Part
from gateway.domain.prices import Price
from gateway.web.api.times import to_id, to_id_or_none, to_time, to_time_or_none

MICROS = 1_000_000
_NOUN_OF_ACTOR = {"user": "user", "api": "user", "contact": "contact", "automation": "automation"}


class Cost(msgspec.Struct, frozen=True):
    """Money; `amount` in whole units of the currency."""

    amount: float
    currency: str


class MediaShape(msgspec.Struct, frozen=True):
    """A picture or file. `url` is where to fetch it with the same credentials; null until it is stored.

    `content_id` is what the message's own HTML calls it by.
    """

    id: str
    content_type: str
    size: int | None
    url: str | None
    name: str | None = None
    state: str = "stored"
    content_id: str | None = None


class Author(msgspec.Struct, frozen=True):
    """Who wrote it."""

    type: str
    id: str | None
    name: str | None


class MessageError(msgspec.Struct, frozen=True):
    """Why it was not delivered."""

    code: str
    message: str
    provider_code: str | None
    retryable: bool


class PartShape(msgspec.Struct, frozen=True):
    """One segment, as the provider knows it."""

    index: int
    provider_id: str | None
    status: str


class MessageShape(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A message of either direction. `quoted` is what an e-mail repeats of earlier ones, apart from `body`.

    `html_url` shows the message formatted, as a page that can do nothing; null for one that is plain text.
    """

    id: str
    thread_id: str
    conversation_id: str | None
    contact_id: str
    direction: str
    channel: str
    nature: str
    status: str
    body: str
    subject: str | None
    from_: str
    to: str
    sender_id: str | None
    gateway_id: str | None
    encoding: str | None
    units: int
    segments: int
    cost: Cost | None
    media: list[MediaShape]
    author: Author | None
    error: MessageError | None
    parts: list[PartShape]
    metadata: dict[str, str]
    created_at: datetime
    send_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    expires_at: datetime | None = None
    purpose: str | None = None
    appended_text: str | None = None
    retry_of: str | None = None
    incomplete: bool = False
    quoted: str | None = None
    html_url: str | None = None


def message_shape(message: Message, parts: Sequence[Part] | None, media: Mapping[int, Media]) -> MessageShape:
    """The message as the API says it. Without `parts` they are those of a message that was just queued."""
    inbound = message.direction is Direction.INBOUND
    ours, theirs = message.our_address, message.their_address
    return MessageShape(
        id=to_id("message", message.id),
        thread_id=to_id("thread", message.thread_id),
        conversation_id=to_id_or_none("conversation", message.conversation_id),
        contact_id=to_id("contact", message.contact_id),
        direction=message.direction,
        channel=message.channel,
        nature=message.nature,
        status=message.status,
        body=message.body,
        subject=message.subject,
        from_=theirs if inbound else ours,
        to=ours if inbound else theirs,
        sender_id=to_id_or_none("sender", message.sender_id),
        gateway_id=to_id_or_none("gateway", message.gateway_id),
        encoding=message.encoding,
        units=message.units,
        segments=message.segments,
        cost=cost_of(message.cost_micros, message.currency),
        media=[media_shape(media[one]) for one in message.media_ids if one in media],
        author=author_of(message.author, message.author_name),
        error=_error_of(message),
        parts=_first_parts(message) if parts is None else [part_shape(part) for part in parts],
        metadata=dict(message.metadata),
        created_at=to_time(message.created_at),
        send_at=to_time_or_none(message.send_at),
        sent_at=to_time_or_none(message.sent_at),
        delivered_at=to_time_or_none(message.delivered_at),
        expires_at=to_time_or_none(message.expires_at),
        purpose=message.purpose,
        appended_text=message.appended,
        retry_of=to_id_or_none("message", message.retry_of),
        incomplete=message.incomplete,
        quoted=message.quoted,
        html_url=html_url(message),
    )


def html_url(message: Message) -> str | None:
    """Where the message can be seen as its sender formatted it."""
    return None if message.html_id is None else f"/api/v1/messages/{to_id('message', message.id)}/html"


def part_shape(part: Part) -> PartShape:
    """One part."""
    return PartShape(part.index, part.provider_id, part.status)


def media_shape(media: Media) -> MediaShape:
    """One picture or file."""
    made = to_id("media", media.id)
    url = f"/api/v1/media/{made}/content" if media.state == "stored" else None
    return MediaShape(made, media.content_type, media.size, url, media.name, media.state, media.content_id)


def cost_of(micros: int | None, currency: str | None) -> Cost | None:
    """Money out of micro-units; None when the price isn't known."""
    return None if micros is None or currency is None else Cost(micros / MICROS, currency)


def cost_shape(price: Price | None) -> Cost | None:
    """The same of a price."""
    return None if price is None else cost_of(price.micros, price.currency)


def author_of(actor: str, name: str | None) -> Author | None:
    """Who stands behind a compact actor; None for nobody and for the system itself."""
    if not actor or actor == "system":
        return None
    who = Actor.parse(actor)
    noun = _NOUN_OF_ACTOR.get(who.kind)
    made = None if who.id is None else (to_id(noun, who.id) if noun else str(who.id))
    return Author(who.kind, made, name)


def _error_of(message: Message) -> MessageError | None:
    if message.error_code is None:
        return None
    return MessageError(
        message.error_code, message.error_message or "", message.error_provider_code, message.error_retryable
    )


def _first_parts(message: Message) -> list[PartShape]:
    if message.direction is Direction.INBOUND:
        return []
    return [PartShape(index, None, message.status) for index in range(1, max(1, message.segments) + 1)]
