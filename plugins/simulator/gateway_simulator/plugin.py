"""Registers the simulator."""

from collections.abc import Sequence

from gateway.sdk import Channel, hookimpl
from gateway_simulator.channel import SimulatorChannel


@hookimpl
def register_channels() -> Sequence[type[Channel]]:
    """The one channel of this plugin."""
    return (SimulatorChannel,)
