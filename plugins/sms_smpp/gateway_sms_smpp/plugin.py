"""Registers the SMPP channel."""

from collections.abc import Sequence

from gateway.sdk import Channel, hookimpl
from gateway_sms_smpp.channel import SmppChannel


@hookimpl
def register_channels() -> Sequence[type[Channel]]:
    """The one channel of this plugin."""
    return (SmppChannel,)
