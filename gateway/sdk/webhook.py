"""Webhooks as plain values: what `verify`, `parse` and `ack` are pure functions of, whichever front serves them."""

from collections.abc import Mapping
from dataclasses import field

from gateway.domain.record import record


@record
class WebhookRequest:
    """One request from a provider. `url` is the public URL it was sent to; header names are lower case."""

    method: str
    url: str
    action: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@record
class WebhookResponse:
    """What the provider is answered once everything is durable."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
