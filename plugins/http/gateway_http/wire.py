"""Webhooks as the values of the sdk, with fields where the settings say."""

import json
import mimetypes
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gateway.sdk import Inbound, MediaReference, Receipt, WebhookError, WebhookRequest
from gateway.sdk.text import Status
from gateway_http.paths import look, look_text
from gateway_http.settings import Settings

_FORM = "application/x-www-form-urlencoded"
_STATES = {
    "accepted": Status.SENT,
    "delivered": Status.DELIVERED,
    "expired": Status.EXPIRED,
    "failed": Status.FAILED,
    "read": Status.READ,
    "rejected": Status.FAILED,
    "seen": Status.READ,
    "sent": Status.SENT,
    "undelivered": Status.UNDELIVERED,
}
_REPORTED = frozenset(_STATES.values())


def parse_messages(request: WebhookRequest, settings: Settings) -> list[Inbound]:
    """The messages of contacts in a webhook. Raises WebhookError."""
    return [_message(item, request, settings) for item in _items(request, settings)]


def parse_receipts(request: WebhookRequest, settings: Settings) -> list[Receipt]:
    """The receipts in a webhook. Raises WebhookError."""
    return [_receipt(item, request, settings) for item in _items(request, settings)]


def _message(item: Any, request: WebhookRequest, settings: Settings) -> Inbound:
    media = _media(look(item, settings.inbound_media)) if settings.inbound_media else ()
    body = look_text(item, settings.inbound_body)
    if body is None and not media:
        raise WebhookError(f"{settings.inbound_body} is missing, or no text.")
    sender, recipient = (_needed(item, path) for path in (settings.inbound_from, settings.inbound_to))
    return Inbound(
        sender=sender,
        recipient=recipient,
        body=body or "",
        provider_id=look_text(item, settings.inbound_id) if settings.inbound_id else None,
        channel="email" if "@" in recipient else "mms" if media else "sms",
        media=media,
        raw=request.body,
    )


def _receipt(item: Any, request: WebhookRequest, settings: Settings) -> Receipt:
    identity = _needed(item, settings.receipt_id)
    word = _needed(item, settings.receipt_state)
    return Receipt(
        provider_ids=(identity,),
        state=_state(word, settings.receipt_states or {}),
        code=look_text(item, settings.receipt_code) if settings.receipt_code else None,
        text=word,
        raw=request.body,
    )


def _state(word: str, words: Mapping[str, str]) -> Status | None:
    """The state behind a provider's word; None keeps the receipt and changes nothing."""
    meant = words.get(word, word).strip().lower()
    found = _STATES.get(meant)
    return found if found in _REPORTED else None


def _items(request: WebhookRequest, settings: Settings) -> Sequence[Any]:
    document = _document(request)
    items = look(document, settings.items) if settings.items else document
    if isinstance(items, list):
        return items
    if not isinstance(items, Mapping):
        raise WebhookError(f"There is no message in it{f' at {settings.items}' if settings.items else ''}.")
    return [items]


def _document(request: WebhookRequest) -> Any:
    if request.method == "GET":
        return dict(request.query)
    try:
        text = request.body.decode()
        if request.headers.get("content-type", "").partition(";")[0].strip() == _FORM:
            return dict(parse_qsl(text, keep_blank_values=True))
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WebhookError("The body is neither JSON nor a form.") from error


def _media(found: Any) -> tuple[MediaReference, ...]:
    if found in (None, "", []):
        return ()
    urls = found if isinstance(found, list) else [found]
    if not all(isinstance(url, str) and urlsplit(url).scheme in ("http", "https") for url in urls):
        raise WebhookError("Media are no URLs.")
    return tuple(MediaReference(_kind(url), url=url) for url in urls)


def _kind(url: str) -> str:
    return mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"


def _needed(item: Any, path: str) -> str:
    found = look_text(item, path)
    if not found:
        raise WebhookError(f"{path} is missing, or no text.")
    return found
