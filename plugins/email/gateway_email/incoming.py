"""A mail as it came in: a message, a report about one of ours, or something nobody can read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from hashlib import sha256

from gateway.sdk import Inbound, Nature, Receipt, Unparsed
from gateway_email.addresses import Named, addresses_of, canonical, ours_among
from gateway_email.automatic import reason
from gateway_email.bounces import receipts_of
from gateway_email.content import Content, content_of, whole_mail
from gateway_email.headers import field, parse_headers, split_headers, text_field
from gateway_email.limits import MAIL_BYTES, METADATA_CHARACTERS, MIB, SUBJECT_CHARACTERS
from gateway_email.message_ids import MessageIds, ids_in
from gateway_email.mime import Part, TooWild, parse
from gateway_email.quotes import fold

_SHOWN = ("To", "Cc")
_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "Resent-To", "To", "Cc")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the wire said beside the mail: `sender` is "" for the null sender, `recipients` as they were written."""

    sender: str
    recipients: tuple[str, ...]


class Incoming:
    """Reads mail for one mailbox, `home`; `own` are all addresses it is for, canonical."""

    def __init__(self, home: str, ids: MessageIds) -> None:
        self._home = home
        self._ids = ids

    def items(
        self, raw: bytes, own: Collection[str], envelope: Envelope | None = None
    ) -> Sequence[Inbound | Receipt | Unparsed]:
        """What a mail is. Never raises; takes as long as the mail is large, so not on the event loop."""
        try:
            return self._items(raw, own, envelope)
        except Exception as error:  # noqa: BLE001  a mail that breaks the reader is kept as it came
            return (Unparsed(f"This mail could not be read: {type(error).__name__}.", raw),)

    def too_large(self, head: bytes, size: int, own: Collection[str]) -> Inbound | Unparsed:
        """A mail of which only the header block was fetched."""
        headers = parse_headers(head)
        words = (
            f"This e-mail has {size / MIB:.0f} MiB; more than {MAIL_BYTES // MIB} MiB are not taken over. "
            "It is still in the mailbox."
        )
        return self._inbound(headers, head, own, None, Content(words, None, ()), "too large")

    def _items(
        self, raw: bytes, own: Collection[str], envelope: Envelope | None
    ) -> Sequence[Inbound | Receipt | Unparsed]:
        try:
            mail = parse(raw)
        except TooWild as error:
            words = f"This e-mail could not be taken apart: {error} It is attached as it came."
            content = Content(words, None, (whole_mail(raw),))
            return (self._inbound(parse_headers(split_headers(raw)[0]), raw, own, envelope, content, str(error)),)
        why = self._automatic(mail, own, envelope)
        reports = receipts_of(mail, self._ids, why)
        if reports:
            return reports
        return (self._inbound(mail.headers, raw, own, envelope, content_of(mail), None, why),)

    def _automatic(self, mail: Part, own: Collection[str], envelope: Envelope | None) -> str | None:
        author = _author(mail.headers)
        if author is not None and ours_among([author.address], own):
            return "own"
        return reason(mail.headers, mail.type, author.address if author else "", envelope.sender if envelope else None)

    def _inbound(
        self,
        headers: Message,
        raw: bytes,
        own: Collection[str],
        envelope: Envelope | None,
        content: Content,
        unparsed: str | None,
        why: str | None = None,
    ) -> Inbound | Unparsed:
        author = _author(headers)
        if author is None:
            return Unparsed("This mail says nowhere whom it is from.", raw)
        wished = addresses_of(field(headers, "Reply-To"))
        answers_to = next((one for one in wished if canonical(one.address) is not None), author)
        sender = author if why is not None else answers_to
        body, quoted = fold(content.text)
        message_id = next(iter(ids_in(field(headers, "Message-ID"))), None)
        return Inbound(
            sender=sender.address,
            recipient=self._recipient(headers, own, envelope),
            body=body,
            provider_id=_identity(message_id, author, raw),
            channel="email",
            subject=text_field(headers, "Subject", SUBJECT_CHARACTERS) or None,
            media=content.files,
            at=_sent_at(headers),
            metadata=_facts(headers, author, message_id, {"automatic": why, "unparsed": unparsed}),
            raw=raw,
            html=content.html,
            quoted=quoted,
            nature=None if why is None else Nature.AUTO,
        )

    def _recipient(self, headers: Message, own: Collection[str], envelope: Envelope | None) -> str:
        """Which of our addresses it came to; the mailbox's own where that isn't said, as for blind copies."""
        said = list(envelope.recipients) if envelope else []
        for name in _DELIVERED:
            said += [one.address for value in headers.get_all(name, []) for one in addresses_of(str(value))]
        return ours_among(said, own) or self._home


def _author(headers: Message) -> Named | None:
    for name in ("From", "Sender", "Reply-To", "Return-Path"):
        found = addresses_of(field(headers, name))
        if found:
            return found[0]
    return None


def _identity(message_id: str | None, author: Named, raw: bytes) -> str:
    """The same for every copy of a mail. Someone else can't take it by using an id they have seen."""
    if message_id is None:
        return f"sha256:{sha256(raw).hexdigest()}"
    return f"{message_id}|{canonical(author.address) or author.address}"


def _sent_at(headers: Message) -> int | None:
    try:
        return round(parsedate_to_datetime(field(headers, "Date")[:100]).timestamp() * 1000)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _facts(headers: Message, author: Named, message_id: str | None, more: dict[str, str | None]) -> dict[str, str]:
    """What a reply needs, and what people may want to know."""
    facts: dict[str, str | None] = {
        "message_id": message_id,
        "in_reply_to": " ".join(ids_in(field(headers, "In-Reply-To"))[:1]),
        "references": " ".join(f"<{one}>" for one in ids_in(field(headers, "References"))),
        "from": author.address,
        "from_name": author.name,
        **{name.lower(): text_field(headers, name, METADATA_CHARACTERS) for name in _SHOWN},
        **more,
    }
    return {name: value[:METADATA_CHARACTERS] for name, value in facts.items() if value}
