"""Registers the channel."""

from collections.abc import Sequence

from gateway.sdk import Channel, hookimpl
from gateway_http.channel import HttpChannel


@hookimpl
def register_channels() -> Sequence[type[Channel]]:
    """The one channel of this plugin."""
    return (HttpChannel,)
