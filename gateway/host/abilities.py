"""What gateways can do with senders, as the core asks it: synchronously, in whichever thread decides."""

from collections.abc import Callable

import structlog

from gateway.domain.sender import Capabilities
from gateway.domain.settings import Gateway, Sender
from gateway.sdk.channel import Channel
from gateway.sdk.values import SenderView

NOTHING = Capabilities(inbound=False, outbound=False)

_log = structlog.get_logger(__name__)


class Abilities:
    """`capabilities` of channels made for this alone: they are asked a pure question, and never run, send or close.

    `make` builds a channel from a gateway's settings and raises what it likes; then the gateway can do nothing.
    """

    def __init__(self, make: Callable[[Gateway], Channel]) -> None:
        self._make = make
        self._channels: dict[int, tuple[Gateway, Channel | None]] = {}

    def __call__(self, gateway: Gateway, sender: Sender) -> Capabilities:
        """What that gateway can do with that sender."""
        channel = self._channel(gateway)
        if channel is None:
            return NOTHING
        try:
            found = channel.capabilities(SenderView(sender.id, sender.kind, sender.value))
        except Exception:  # noqa: BLE001  a plugin's fault: it can do nothing then
            _log.exception("capabilities failed", plugin=gateway.plugin, gateway=gateway.id)
            return NOTHING
        return found if isinstance(found, Capabilities) else NOTHING

    def _channel(self, gateway: Gateway) -> Channel | None:
        known = self._channels.get(gateway.id)
        if known is not None and known[0].plugin == gateway.plugin and known[0].settings == gateway.settings:
            return known[1]
        try:
            channel = self._make(gateway)
        except Exception:  # noqa: BLE001  said aloud where the channel is to be used
            channel = None
        self._channels[gateway.id] = (gateway, channel)
        return channel
