"""Values of the sdk as tests need them: short to write, with everything in them that a real one has."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from gateway.sdk import MediaReference, Outbound, SenderView, WebhookRequest
from gateway.sdk.ids import format_message_id
from gateway.sdk.text import Encoding, SenderKind, split

OUR_NUMBER = "+14155550100"
CONTACT = "+14155550148"
PUBLIC = "https://desk.example/c/gateway-token"


def sender(value: str = OUR_NUMBER, kind: SenderKind = SenderKind.LONG_CODE) -> SenderView:
    """One of our senders."""
    return SenderView(1, kind, value)


def outbound(  # noqa: PLR0913  each is a field of the message
    body: str = "Hello",
    to: str = CONTACT,
    *,
    from_: SenderView | None = None,
    channel: str = "sms",
    number: int = 1,
    subject: str | None = None,
    media: tuple[MediaReference, ...] = (),
    expires_at: int | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Outbound:
    """A message as the worker hands it over: cut into parts as the core cuts. `number` tells messages apart."""
    texting = channel in ("sms", "mms")
    cut = split(body)
    return Outbound(
        message_id=number,
        attempt=f"{format_message_id(number)}-1",
        sender=from_ or sender(),
        to=to,
        channel=channel,
        body=body,
        parts=cut.parts if texting else (body,),
        encoding=Encoding(cut.encoding) if texting else None,
        reference=number & 0xFFFF,
        subject=subject,
        media=media,
        expires_at=expires_at,
        metadata=metadata or {},
    )


def post_json(
    document: Any, action: str = "inbound", *, headers: Mapping[str, str] | None = None, url: str = PUBLIC
) -> WebhookRequest:
    """A provider's webhook with a JSON body."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return _request("POST", f"{url}/{action}", {"content-type": "application/json", **_lower(headers)}, body)


def post_form(
    fields: Mapping[str, str], action: str = "inbound", *, headers: Mapping[str, str] | None = None, url: str = PUBLIC
) -> WebhookRequest:
    """A provider's webhook with a form."""
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return _request("POST", f"{url}/{action}", {**kind, **_lower(headers)}, urlencode(fields).encode())


def get(
    query: Mapping[str, str] | None = None,
    action: str = "inbound",
    *,
    headers: Mapping[str, str] | None = None,
    url: str = PUBLIC,
) -> WebhookRequest:
    """A provider's webhook that says everything in its URL."""
    asked = f"?{urlencode(query)}" if query else ""
    return _request("GET", f"{url}/{action}{asked}", _lower(headers), b"")


def _request(method: str, url: str, headers: Mapping[str, str], body: bytes) -> WebhookRequest:
    parts = urlsplit(url)
    action = parts.path.rpartition("/")[2]
    return WebhookRequest(method, url, action, dict(parse_qsl(parts.query, keep_blank_values=True)), headers, body)


def _lower(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): value for name, value in (headers or {}).items()}
