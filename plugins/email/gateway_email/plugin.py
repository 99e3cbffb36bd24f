"""Registers the e-mail channel."""

from collections.abc import Sequence

from gateway.sdk import Channel, hookimpl
from gateway_email.channel import EmailChannel


@hookimpl
def register_channels() -> Sequence[type[Channel]]:
    """The one channel of this plugin."""
    return (EmailChannel,)
