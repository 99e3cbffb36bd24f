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
class Dials:
    """The network of the simulator: seconds and shares of 1."""

    gateway: str
    delay: float
    fail_rate: float
    double_rate: float
    reorder_rate: float
    may_turn: bool


@dataclass(frozen=True, slots=True)
class PhonePage:
    """All phones and what they talk to."""

    lines: Sequence[PhoneLine]
    handsets: Sequence[Handset]
    dials: Dials | None
