"""From a request's message to the command: who it goes to, what it says, what goes with it, when."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from gateway.core.commands.messages import SendMessage
from gateway.core.errors import FieldError, Reason, Refused, invalid
from gateway.domain.address import Address, InvalidAddress, typed_address
from gateway.domain.consent import Purpose
from gateway.domain.ids import PREFIXES
from gateway.domain.nature import Nature
from gateway.web.api.call import Call
from gateway.web.api.inputs import AddressText, Id, Text
from gateway.web.api.render import rendered
from gateway.web.api.times import id_in_field, id_in_field_or_none, to_ms_or_none

Channel = Annotated[str, msgspec.Meta(min_length=1, max_length=30, pattern="^[a-z0-9_]+$")]
MediaText = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Subject = Annotated[str, msgspec.Meta(max_length=998)]
MetadataText = Annotated[str, msgspec.Meta(max_length=1000)]
_MOST_MEDIA = 10


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """What to send, and to whom: exactly one of `to`, `contact_id` and `thread_id`.

    `body` is literal, to the byte, unless `merge` (it may be empty) or `template` (a template's id or name) is there:
    only then it is Liquid. `from` is a sender (id or value) or a pool, `gateway_id` one of the gateways that serve it.
    `media` are ids of uploads, or https URLs.
    """

    body: Text = ""
    to: AddressText | None = None
    contact_id: Id | None = None
    thread_id: Id | None = None
    from_: AddressText | None = None
    channel: Channel | None = None
    subject: Subject | None = None
    media: Annotated[list[MediaText], msgspec.Meta(max_length=_MOST_MEDIA)] = []
    template: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    merge: dict[str, Any] | None = None
    send_at: datetime | None = None
    expires_at: datetime | None = None
    purpose: Purpose | None = None
    nature: Nature | None = None
    test: bool = False
    expected_seq: Annotated[int, msgspec.Meta(ge=0)] | None = None
    metadata: Annotated[dict[str, MetadataText], msgspec.Meta(max_length=50)] = {}
    gateway_id: Id | None = None


async def command_of(call: Call, body: NewMessage) -> SendMessage:
    """The command. Refused (422) with every field that can't be understood."""
    _one_recipient(body)
    to = None if body.to is None else address_in_field(call, body.to, "to")
    contact_id = id_in_field_or_none("contact", body.contact_id, "contact_id")
    thread_id = id_in_field_or_none("thread", body.thread_id, "thread_id")
    media_ids, media_urls = _media(body.media)
    send_at, expires_at = to_ms_or_none(body.send_at, "send_at"), to_ms_or_none(body.expires_at, "expires_at")
    if expires_at is not None and expires_at <= max(send_at or 0, call.state.clock()):
        raise invalid("expires_at", "That time has passed before the message could leave.")
    command = SendMessage(
        body=body.body,
        to=to,
        contact_id=contact_id,
        thread_id=thread_id,
        from_=body.from_,
        channel=body.channel,
        subject=body.subject,
        media_ids=media_ids,
        media_urls=media_urls,
        send_at=send_at,
        expires_at=expires_at,
        purpose=body.purpose,
        nature=body.nature,
        test=body.test,
        expected_seq=body.expected_seq,
        metadata=body.metadata,
        gateway_id=id_in_field_or_none("gateway", body.gateway_id, "gateway_id"),
    )
    return await rendered(call, command, body.template, body.merge)


def address_in_field(call: Call, text: str, field: str) -> Address:
    """An address as a person types it. Refused (422) with what was understood."""
    try:
        return typed_address(text, call.view.policy.default_country)
    except InvalidAddress as error:
        raise invalid(field, str(error), "invalid-address") from None


def _one_recipient(body: NewMessage) -> None:
    named = [name for name in ("to", "contact_id", "thread_id") if getattr(body, name) is not None]
    if len(named) != 1:
        message = "Name the recipient by exactly one of to, contact_id and thread_id."
        errors = [FieldError(name, message, "one-recipient") for name in named or ["to"]]
        raise Refused(Reason.INVALID, "one-recipient", message, errors)


def _media(texts: list[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    ids: list[int] = []
    urls: list[str] = []
    for index, text in enumerate(texts):
        if text.startswith("https://"):
            urls.append(text)
        elif text.startswith(f"{PREFIXES['media']}_"):
            ids.append(id_in_field("media", text, f"media[{index}]"))
        else:
            raise invalid(f"media[{index}]", "Name an upload by its id, or a file by its https URL.")
    return tuple(ids), tuple(urls)
