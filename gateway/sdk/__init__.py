"""Everything a plugin may import: hook specifications, the Channel class, values, errors, context and text tools."""

from gateway.domain.nature import Nature
from gateway.sdk.channel import Channel, Health, HealthState
from gateway.sdk.context import GatewayContext, Sink
from gateway.sdk.errors import ActionRefused, Delivery, SendError, SendErrorKind, WebhookError
from gateway.sdk.hookspecs import hookimpl
from gateway.sdk.settings import secret, setting
from gateway.sdk.values import (
    Balance,
    EarlierMessage,
    Inbound,
    Inquiry,
    MediaReference,
    Outbound,
    PartResult,
    Receipt,
    SenderView,
    SendResult,
    Unparsed,
)
from gateway.sdk.webhook import WebhookRequest, WebhookResponse

__all__ = [
    "ActionRefused",
    "Balance",
    "Channel",
    "Delivery",
    "EarlierMessage",
    "GatewayContext",
    "Health",
    "HealthState",
    "Inbound",
    "Inquiry",
    "MediaReference",
    "Nature",
    "Outbound",
    "PartResult",
    "Receipt",
    "SendError",
    "SendErrorKind",
    "SendResult",
    "SenderView",
    "Sink",
    "Unparsed",
    "WebhookError",
    "WebhookRequest",
    "WebhookResponse",
    "hookimpl",
    "secret",
    "setting",
]
