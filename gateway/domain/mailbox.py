"""Mailboxes: e-mail addresses in their one canonical spelling."""

import re
import unicodedata

# Looser than what one would choose for oneself (dots anywhere: phone companies gave such out), stricter than RFC 5322
# (no quoted names, no address literals).
_LOCAL_PART = re.compile(r"[^\s\x00-\x1f\x7f@\"(),:;<>\[\]\\]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)(?:(?!-)[\w-]{1,63}(?<!-)\.)+(?!-)(?![0-9]+$)[\w-]{2,63}(?<!-)")


def canonical_mailbox(text: str) -> str | None:
    """Lower case, composed (NFC), the domain in Unicode without a last dot; dots and tags stay. None if it's none.

    Strictly the part before the @ may differ by case; nobody's mail server still does.
    """
    local, _, domain = unicodedata.normalize("NFC", text).rpartition("@")
    labels = unicodedata.normalize("NFKC", domain).lower().replace("\u3002", ".").removesuffix(".").split(".")
    domain = ".".join(map(_unicode_label, labels))
    local = unicodedata.normalize("NFC", local.lower())
    if not (_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        return None
    return f"{local}@{domain}"


def _unicode_label(label: str) -> str:
    """One part of a domain in Unicode, so that `xn--` and written-out spellings are one; "" for a broken one."""
    if not label.startswith("xn--"):
        return label
    try:
        return unicodedata.normalize("NFC", label[4:].encode("ascii").decode("punycode"))
    except UnicodeError:
        return ""
