"""The simulator's phones."""

from collections.abc import Sequence

from gateway.domain.record import record


@record
class PhoneLine:
    """A sender the handsets can text, and where its gateway listens."""

    value: str
    label: str
    post: str  # the gateway's public inbound address
    outbox: str


@record
class Handset:
    """One phone in the browser."""

    name: str
    number: str
    number_text: str
    hint: str


@record
class Switch:
    """One fault of the simulator's network; `share` is what switching it on sets."""

    name: str
    label: str
    share: float
    on: bool


@record
class Dials:
    """The network of the simulator; `delay` is seconds."""

    gateway: str
    delay: float
    switches: Sequence[Switch]
    may_turn: bool


@record
class PhonePage:
    """All phones and what they talk to."""

    lines: Sequence[PhoneLine]
    handsets: Sequence[Handset]
    dials: Dials | None
