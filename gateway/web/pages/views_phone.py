"""The simulator's phones."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A sender the handsets can text, and where its gateway listens."""

    value: str
    label: str
    post: str  # the gateway's public inbound address
    outbox: str


@dataclass(frozen=True, slots=True)
class Handset:
    """One phone in the browser."""

    name: str
    number: str
    number_text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Switch:
    """One fault of the simulator's network; `share` is what switching it on sets."""

    name: str
    label: str
    share: float
    on: bool


@dataclass(frozen=True, slots=True)
class Dials:
    """The network of the simulator; `delay` is seconds."""

    gateway: str
    delay: float
    switches: Sequence[Switch]
    may_turn: bool


@dataclass(frozen=True, slots=True)
class PhonePage:
    """All phones and what they talk to."""

    lines: Sequence[PhoneLine]
    handsets: Sequence[Handset]
    dials: Dials | None
