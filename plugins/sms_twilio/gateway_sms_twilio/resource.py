"""A message as Twilio's API shows it, when it was just made, when it is fetched, and in lists."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from gateway_sms_twilio.money import micros


@dataclass(frozen=True, slots=True)
class Resource:
    """A message at Twilio. Times are milliseconds since the epoch; `price` is in millionths of `currency`."""

    sid: str
    status: str
    direction: str
    sender: str
    recipient: str
    body: str
    media_count: int
    created_at: int | None
    sent_at: int | None
    error_code: str | None
    error_message: str | None
    price: int | None
    currency: str | None
    raw: bytes

    @property
    def is_inbound(self) -> bool:
        """Whether a contact wrote it."""
        return self.direction == "inbound"


def resource_of(document: Any) -> Resource | None:
    """None for what is no message, because it has no id or no status."""
    if not isinstance(document, Mapping):
        return None
    sid, status = document.get("sid"), document.get("status")
    if not isinstance(sid, str) or not isinstance(status, str) or not sid:
        return None
    price = micros(document.get("price"))
    return Resource(
        sid=sid,
        status=status,
        direction=_text(document.get("direction")),
        sender=_text(document.get("from")),
        recipient=_text(document.get("to")),
        body=_text(document.get("body")),
        media_count=_count(document.get("num_media")),
        created_at=_time(document.get("date_created")),
        sent_at=_time(document.get("date_sent")),
        error_code=_text(document.get("error_code")) or None,
        error_message=_text(document.get("error_message")) or None,
        price=price,
        currency=(_text(document.get("price_unit")) or None) if price is not None else None,
        raw=json.dumps(document).encode(),
    )


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, bool) else str(value)


def _count(value: object) -> int:
    text = _text(value)
    return int(text) if text.isascii() and text.isdecimal() else 0


def _time(value: object) -> int | None:
    """RFC 2822, as in `Thu, 24 Aug 2023 05:01:45 +0000`."""
    try:
        at = parsedate_to_datetime(_text(value))
    except ValueError:
        return None
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
