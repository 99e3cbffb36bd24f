"""A message of ours as a mail: headers that thread, text and HTML, files."""

import html
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from gateway.sdk import Nature, Outbound
from gateway_email.addresses import Named, header, on_the_wire
from gateway_email.headers import one_line
from gateway_email.limits import NAME_CHARACTERS, SUBJECT_CHARACTERS
from gateway_email.message_ids import references

_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}[^\s<>\"'.,;:!?)\]]")
_REPLY = re.compile(r"\s*(?:re|aw|sv|antw|vs|ref|rif|res)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}", re.IGNORECASE)
_OPENING = 60  # characters of the text that make a subject where nobody gave one


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to be sent. `metadata` is what the next one needs to refer back to it."""

    message_id: str
    subject: str
    sender: str
    recipient: str
    octets: bytes
    utf8: bool
    metadata: dict[str, str]

    def with_octets(self, octets: bytes) -> "Mail":
        """The same, signed."""
        return replace(self, octets=octets)


def compose(outbound: Outbound, display_name: str, message_id: str, at: int) -> Mail:
    """The mail of a message. `at` is milliseconds since the epoch. Raises ValueError for what no mail can hold."""
    sender, recipient = on_the_wire(outbound.sender.value), on_the_wire(outbound.to)
    utf8 = not (sender.isascii() and recipient.isascii())
    subject = subject_of(outbound)
    mail = EmailMessage(policy=SMTPUTF8 if utf8 else SMTP)
    mail["From"] = header(Named(outbound.sender.value, display_name))
    mail["To"] = header(Named(outbound.to))
    mail["Subject"] = subject
    mail["Date"] = format_datetime(datetime.fromtimestamp(at / 1000, UTC))
    mail["Message-ID"] = f"<{message_id}>"
    metadata = {"message_id": message_id}
    earlier = outbound.answers.metadata if outbound.answers else {}
    parent = earlier.get("message_id")
    if parent:
        known = references(earlier.get("references", ""), parent)
        metadata |= {"in_reply_to": parent, "references": " ".join(f"<{one}>" for one in known)}
        mail["In-Reply-To"] = f"<{parent}>"
        mail["References"] = metadata["references"]
    for name, value in _automatic(outbound):
        mail[name] = value
    _fill(mail, outbound)
    return Mail(message_id, subject, sender, recipient, mail.as_bytes(), utf8, metadata)


def subject_of(outbound: Outbound) -> str:
    """The one that was given, else the answered mail's with `Re:`, else how the text begins."""
    if outbound.subject and one_line(outbound.subject):
        return one_line(outbound.subject)[:SUBJECT_CHARACTERS]
    before = one_line(outbound.answers.subject or "") if outbound.answers else ""
    if before:
        return (before if _REPLY.match(before) else f"Re: {before}")[:SUBJECT_CHARACTERS]
    opening = one_line(outbound.body)
    return (
        opening if len(opening) <= _OPENING else f"{opening[:_OPENING].rpartition(' ')[0] or opening[:_OPENING]}\u2026"
    )


def as_html(text: str) -> str:
    """Plain text as HTML that looks the same: paragraphs, line ends, links."""
    made, end = [], 0
    for link in _LINK.finditer(text):
        url = html.escape(link[0])
        made += [html.escape(text[end : link.start()]), f'<a href="{url}">{url}</a>']
        end = link.end()
    body = "".join([*made, html.escape(text[end:])])
    paragraphs = "".join(f"<p>{one.replace(chr(10), '<br>')}</p>" for one in body.split("\n\n"))
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{paragraphs}</body></html>'


def _automatic(outbound: Outbound) -> list[tuple[str, str]]:
    """RFC 3834: what no person sends says so, and asks that no machine answers."""
    if outbound.nature is Nature.NATURAL:
        return []
    said = [("Auto-Submitted", "auto-replied" if outbound.answers else "auto-generated")]
    said.append(("X-Auto-Response-Suppress", "All"))
    if outbound.nature is Nature.CAMPAIGN:
        address = on_the_wire(outbound.sender.value)
        said = [("Precedence", "bulk"), ("List-Unsubscribe", f"<mailto:{address}?subject=STOP&body=STOP>")]
    return said


def _fill(mail: EmailMessage, outbound: Outbound) -> None:
    text = outbound.body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(as_html(text), subtype="html", cte="quoted-printable")
    for number, file in enumerate(outbound.media, 1):
        if file.content is None:
            raise ValueError("A file has no content.")
        main, _, sub = _type_of(file.content_type).partition("/")
        name = one_line(file.name or f"file-{number}").replace("/", "_").replace("\\", "_")[:NAME_CHARACTERS]
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=name)


def _type_of(content_type: str) -> str:
    """A type that a part may have; those with rules of their own (text, message, multipart) are sent as octets."""
    kind = content_type.partition(";")[0].strip().lower()
    known = _TYPE.fullmatch(kind) and not kind.startswith(("message/", "multipart/"))
    return kind if known else "application/octet-stream"
