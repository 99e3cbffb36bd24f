"""Registers the Twilio channel."""

from collections.abc import Sequence

from gateway.sdk import Channel, hookimpl
from gateway_sms_twilio.channel import TwilioChannel


@hookimpl
def register_channels() -> Sequence[type[Channel]]:
    """The one channel of this plugin."""
    return (TwilioChannel,)
