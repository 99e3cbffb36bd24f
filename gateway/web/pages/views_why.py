"""Why a message has its number: what the dialog and its page show."""

from collections.abc import Sequence

from gateway.domain.record import record


@record
class WhyLine:
    """One thing that was thought of: `taken` or passed over; None where there was nothing to choose."""

    title: str
    reason: str
    taken: bool | None = None
    number: str = ""


@record
class WhyPart:
    """What was thought of one question."""

    title: str
    lines: Sequence[WhyLine]


@record
class Why:
    """A message's number and way, and how it came to them."""

    name: str
    value: str
    gateway: str
    parts: Sequence[WhyPart]
    back: str = "/conversations"
