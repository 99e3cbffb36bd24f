"""The plugin kit: contract, case tables, fake far sides with dials, a frozen clock, a stage, the whole gateway."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gateway.testing.cases import Asked, InboundCase, OutboundCase, Problem
    from gateway.testing.channel_contract import ChannelContract
    from gateway.testing.clock import NOON, FrozenClock
    from gateway.testing.contract import KINDS, Signature
    from gateway.testing.far_side import FarSide
    from gateway.testing.log import Log
    from gateway.testing.mail_server import FakeMailServer, Mail
    from gateway.testing.provider import Answer, FakeProvider, Heard, json_answer
    from gateway.testing.smsc import FakeSmsc
    from gateway.testing.stage import Failure, Stage
    from gateway.testing.values import CONTACT, OUR_NUMBER, get, outbound, post_form, post_json, sender
    from gateway.testing.whole import WholeGateway, whole_gateway

_HOMES = {
    "cases": ("Asked", "InboundCase", "OutboundCase", "Problem"),
    "channel_contract": ("ChannelContract",),
    "clock": ("NOON", "FrozenClock"),
    "contract": ("KINDS", "Signature"),
    "far_side": ("FarSide",),
    "log": ("Log",),
    "mail_server": ("FakeMailServer", "Mail"),
    "provider": ("Answer", "FakeProvider", "Heard", "json_answer"),
    "smsc": ("FakeSmsc",),
    "stage": ("Failure", "Stage"),
    "values": ("CONTACT", "OUR_NUMBER", "get", "outbound", "post_form", "post_json", "sender"),
    "whole": ("WholeGateway", "whole_gateway"),
}

__all__ = [
    "CONTACT",
    "KINDS",
    "NOON",
    "OUR_NUMBER",
    "Answer",
    "Asked",
    "ChannelContract",
    "Failure",
    "FakeMailServer",
    "FakeProvider",
    "FakeSmsc",
    "FarSide",
    "FrozenClock",
    "Heard",
    "InboundCase",
    "Log",
    "Mail",
    "OutboundCase",
    "Problem",
    "Signature",
    "Stage",
    "WholeGateway",
    "get",
    "json_answer",
    "outbound",
    "post_form",
    "post_json",
    "sender",
    "whole_gateway",
]


def __getattr__(name: str) -> Any:
    """Loads a part of the kit when it is first asked for: pytest imports this package in every run, used or not."""
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"gateway.testing has no {name}")
    return getattr(import_module(f"gateway.testing.{home}"), name)
