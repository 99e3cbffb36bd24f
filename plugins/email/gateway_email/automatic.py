"""Mail that no person wrote just now (RFC 3834 and what was usual before it): never answered by a machine."""

import re
from email.message import Message

from gateway_email.headers import field

_PRECEDENCE = frozenset({"bulk", "list", "junk", "auto_reply"})
_LIST = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List", "X-Mailing-List")
_RESPONDERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-AutoReply-From")
_ROBOTS = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|bounces?|owner-[^@]*|[^@]*-bounces?|[^@]*-owner)@", re.IGNORECASE
)


def reason(headers: Message, content_type: str, sender: str, envelope_from: str | None) -> str | None:
    """Why a mail is automatic, in a word; None for one that a person wrote.

    `envelope_from` is what the mail was sent from on the wire, "" for the null sender; None where it is not known.
    """
    submitted = field(headers, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return submitted[:40]
    if content_type == "multipart/report":
        return "report"
    null = envelope_from == "" or field(headers, "Return-Path").strip() == "<>"
    if null or _ROBOTS.match(sender):
        return "bounce"
    precedence = field(headers, "Precedence").strip().lower()
    if precedence in _PRECEDENCE:
        return "bulk" if precedence in ("junk", "auto_reply") else precedence
    if any(field(headers, name) for name in _LIST):
        return "list"
    if any(_says_yes(field(headers, name)) for name in _RESPONDERS):
        return "auto-replied"
    return None


def _says_yes(value: str) -> bool:
    return bool(value) and value.strip().lower() not in ("no", "false", "0")
