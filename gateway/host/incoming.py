"""What a channel says, as the core's commands: addresses canonical, text storable, repeats recognisable."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

from gateway.core.commands.base import Command
from gateway.core.commands.messages import KeepRaw, ReceiveMessage, RecordReceipt
from gateway.domain.address import InvalidAddress, provider_address
from gateway.domain.encoding import REPLACEMENT, mend_surrogates
from gateway.host.arrivals import NOTHING, Arrived
from gateway.host.spool import SpoolRecord
from gateway.sdk.values import Inbound, Receipt, Unparsed

_MINUTE_MS = 60_000
_LONGEST_BODY = 100_000  # characters; what is longer is no message anybody reads, and is kept raw


def command_for(record: SpoolRecord, arrived: Arrived = NOTHING) -> Command[object]:
    """The command that stores an item. What can't be one becomes KeepRaw with the reason. `arrived` is what came along.

    A part of a long message keeps half characters at its edges: the core mends them when it joins the parts.
    """
    match record.item:
        case Inbound() as inbound:
            return _receive(record, inbound, arrived)
        case Receipt() as receipt if receipt.provider_ids or receipt.attempt:
            return RecordReceipt(record.gateway_id, record.account, clean_receipt(receipt))
        case Receipt():
            return keep_raw(record, "The receipt names no message.")
        case Unparsed() as unparsed:
            return keep_raw(record, unparsed.reason)


def provider_key(account: str, inbound: Inbound, at: int) -> str:
    """What makes a second delivery harmless: the provider's id within its account, else the content and the minute.

    `at` is when it came, in milliseconds since the epoch.
    """
    if inbound.provider_id:
        what = ["id", account, inbound.provider_id]
    else:
        media = [reference.url or reference.name or "" for reference in inbound.media]
        part = inbound.concat
        which = [str(part.reference), str(part.total), str(part.index)] if part else []
        minute = str((inbound.at or at) // _MINUTE_MS)
        what = ["text", account, inbound.sender, inbound.recipient, inbound.body, *media, *which, minute]
    return sha256("\x1f".join(what).encode("utf-8", "replace")).hexdigest()[:40]


def _receive(record: SpoolRecord, inbound: Inbound, arrived: Arrived) -> Command[object]:
    if len(inbound.body) > _LONGEST_BODY:
        return keep_raw(record, "The text is too long.")
    try:
        sender, recipient = provider_address(inbound.sender), provider_address(inbound.recipient)
    except InvalidAddress as error:
        return keep_raw(record, str(error))
    is_part = inbound.concat is not None and inbound.concat.is_long
    return ReceiveMessage(
        gateway_id=record.gateway_id,
        sender=sender,
        recipient=recipient,
        body=inbound.body.replace("\0", REPLACEMENT) if is_part else clean(inbound.body),
        provider_key=provider_key(record.account, inbound, record.at),
        account=record.account,
        channel=inbound.channel,
        subject=None if inbound.subject is None else clean(inbound.subject),
        media=tuple(one for one in inbound.media if one.content is None),
        at=inbound.at,
        concat=inbound.concat,
        metadata={clean(name): clean(value) for name, value in inbound.metadata.items()} if inbound.metadata else {},
        nature=inbound.nature,
        consent=inbound.consent,
        files=tuple(replace(one, name=None if one.name is None else clean(one.name)) for one in arrived.files),
        html=arrived.html,
        quoted=None if inbound.quoted is None else clean(inbound.quoted[:_LONGEST_BODY]),
    )


def keep_raw(record: SpoolRecord, reason: str) -> KeepRaw:
    """Keeps the payload as it came, or what the channel made of it, in base64."""
    item = record.item
    raw = item.raw
    if isinstance(item, Inbound) and not raw:
        raw = f"{item.sender}\n{item.recipient}\n{item.body}".encode("utf-8", "replace")
    return KeepRaw(record.gateway_id, clean(reason), b64encode(raw).decode())


def clean(text: str) -> str:
    """Text that every database and encoder takes: no lone surrogates, no NUL."""
    if text.isascii() and "\0" not in text:  # nearly all of them
        return text
    return mend_surrogates(text).replace("\0", REPLACEMENT)


def clean_receipt(receipt: Receipt) -> Receipt:
    """The same receipt with text that can be written down."""
    return replace(
        receipt,
        provider_ids=tuple(clean(one) for one in receipt.provider_ids),
        attempt=None if receipt.attempt is None else clean(receipt.attempt),
        code=None if receipt.code is None else clean(receipt.code),
        text=None if receipt.text is None else clean(receipt.text),
    )
