"""What the simulated phones post, as the values of the sdk."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.sdk import Inbound, MediaReference, WebhookError, WebhookRequest

_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}


def parse_inbound(request: WebhookRequest) -> Inbound:
    """`{from, to, body, media?: [URL or {url, content_type}], id?}`. Raises WebhookError."""
    document = _decoded(request.body)
    if not isinstance(document, Mapping):
        raise WebhookError("The body is no JSON object.")
    media = tuple(_media(item) for item in _list(document.get("media")))
    sender, recipient = _text(document, "from"), _text(document, "to")
    return Inbound(
        sender=sender,
        recipient=recipient,
        body=_text(document, "body", required=not media),
        provider_id=_text(document, "id", required=False) or None,
        channel="email" if "@" in recipient else "mms" if media else "sms",
        media=media,
        raw=request.body,
    )


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        return json.loads(body)  # half a character, or another encoding: what phones get away with
    except (ValueError, RecursionError) as error:
        raise WebhookError("The body is no JSON.") from error


def _text(document: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = document.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise WebhookError(f"{name} is missing, or no text.")
    return value


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise WebhookError("media is no list.")
    return value


def _media(item: Any) -> MediaReference:
    if isinstance(item, str):
        ending = item.partition("?")[0].rpartition(".")[2].lower()
        return MediaReference(_TYPES.get(ending, "application/octet-stream"), url=item)
    if isinstance(item, Mapping) and isinstance(item.get("url"), str):
        kind = item.get("content_type")
        return MediaReference(kind if isinstance(kind, str) else "application/octet-stream", url=item["url"])
    raise WebhookError("Each of media is a URL, or an object with url and content_type.")
