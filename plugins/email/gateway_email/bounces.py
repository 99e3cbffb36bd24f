"""Reports about mail of ours as receipts: delivery (RFC 3464), reading (RFC 8098), and bounces in plain words."""

import re
from email.message import Message

from gateway.sdk import Receipt
from gateway.sdk.text import Status
from gateway_email.headers import decoded, field, one_line, parse_headers
from gateway_email.message_ids import MessageIds
from gateway_email.mime import Part

_LOOKED_AT = 64 * 1024  # of the text of a bounce that has no form
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
_FORMLESS = frozenset({"bounce", "report", "auto-replied", "auto-generated"})
_SENT_BACK = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
_REPORTS = ("delivery-status", "disposition-notification")
_EXPIRED = "4.4.7"  # delivery time expired
_SENTENCE = 500


def receipts_of(mail: Part, ids: MessageIds, why_automatic: str | None) -> list[Receipt]:
    """What an automatic mail says of a message of ours; empty when it is no report, or one about a stranger's mail."""
    if why_automatic not in _FORMLESS:
        return []
    named = _named(mail, ids)
    if named is None:
        return []
    message_id, attempt = named
    for part in mail.walk():
        if part.type in ("message/delivery-status", "message/global-delivery-status"):
            return _delivery(part, message_id, attempt)
        if part.type in ("message/disposition-notification", "message/global-disposition-notification"):
            return _disposition(part, message_id, attempt)
    return [] if why_automatic != "bounce" else [_in_words(mail, message_id, attempt)]


def _named(mail: Part, ids: MessageIds) -> tuple[str, str | None] | None:
    """Which message of ours is meant: by the mail that is sent back, the envelope id, or what is quoted."""
    for part in mail.walk():
        if part.type in _SENT_BACK or part.type.endswith(_REPORTS):
            found = ids.ours_in(_text(part))
            if found is not None:
                return found
    if any(part.type.startswith("message/") for part in mail.walk() if part.type != "message/rfc822"):
        return None
    texts = (ids.ours_in(_text(part)) for part in mail.walk() if part.type == "text/plain")
    return next((found for found in texts if found is not None), None)


def _delivery(part: Part, message_id: str, attempt: str | None) -> list[Receipt]:
    """One receipt for each recipient reported on; a message of ours has one."""
    blocks = re.split(rb"\r?\n\r?\n", part.octets()[:_LOOKED_AT].strip())
    receipts = []
    for block in blocks:
        fields = parse_headers(block)
        action = field(fields, "Action").strip().lower()
        if not action:
            continue
        receipts.append(
            Receipt(
                (message_id,),
                _state(action, field(fields, "Status")),
                attempt,
                code=_code(fields),
                text=_sentence(fields, action),
                raw=block,
            )
        )
    return receipts


def _state(action: str, status: str) -> Status | None:
    match action:
        case "delivered":
            return Status.DELIVERED
        case "relayed" | "expanded":
            return Status.SENT
        case "failed":
            return Status.EXPIRED if status.strip().startswith(_EXPIRED) else Status.UNDELIVERED
    return None  # delayed: still on its way


def _code(fields: Message) -> str | None:
    found = _STATUS.search(field(fields, "Status")) or _STATUS.search(field(fields, "Diagnostic-Code"))
    return found[0] if found else None


def _sentence(fields: Message, action: str) -> str | None:
    said = one_line(decoded(field(fields, "Diagnostic-Code")).partition(";")[2])[:_SENTENCE]
    return said or (None if action == "delivered" else f"The mail server reports: {action[:40]}.")


def _disposition(part: Part, message_id: str, attempt: str | None) -> list[Receipt]:
    disposition = field(parse_headers(part.octets()[:_LOOKED_AT]), "Disposition").partition(";")[2].strip().lower()
    state = Status.READ if disposition.startswith("displayed") else Status.DELIVERED
    return [Receipt((message_id,), state, attempt, text=one_line(disposition)[:_SENTENCE] or None)]


def _in_words(mail: Part, message_id: str, attempt: str | None) -> Receipt:
    """A bounce without a form: it names a message of ours, and comes from a mail system."""
    text = next((_text(part) for part in mail.walk() if part.type == "text/plain"), "")
    code = _STATUS.search(text)
    final = code is None or code[1] == "5"
    return Receipt(
        (message_id,),
        Status.UNDELIVERED if final else None,
        attempt,
        code=code[0] if code else None,
        text="A mail server on the way sent the message back.",
    )


def _text(part: Part) -> str:
    return part.octets()[:_LOOKED_AT].decode("utf-8", "replace")
