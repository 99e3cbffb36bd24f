"""What a bad network does, as dials: a simulated provider turns them, and so does every fake one in a test."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import TypeVar

from gateway.domain.record import record

T = TypeVar("T")

Chance = Callable[[], float]
"""A float in [0, 1)."""


class Fault(StrEnum):
    """What becomes of one thing a provider is asked, when it doesn't simply answer."""

    THROTTLE = "throttle"  # it answers: slower
    FAIL = "fail"  # it answers that something broke on its side
    RUBBISH = "rubbish"  # it answers something nobody can read
    HANG = "hang"  # it takes the request and never answers
    RESET = "reset"  # it takes the request and cuts the connection
    REFUSE = "refuse"  # nobody listens


@record(kw_only=True)
class Dials:
    """`delay` is seconds; all others are shares, 1 being all.

    `throttle`, `fail`, `rubbish`, `hang`, `reset` and `refuse` are shares of what the provider is asked; `double`,
    `reorder`, `lose` and `split` are shares of what it tells: it comes twice, is overtaken by the next, never comes, or
    comes in pieces.
    """

    delay: float = 0.0
    double: float = 0.0
    reorder: float = 0.0
    lose: float = 0.0
    split: float = 0.0
    throttle: float = 0.0
    fail: float = 0.0
    rubbish: float = 0.0
    hang: float = 0.0
    reset: float = 0.0
    refuse: float = 0.0

    def __post_init__(self) -> None:
        """Refuse shares of more than all, and less than nothing."""
        for dial in fields(self):
            value = getattr(self, dial.name)
            if value < 0 or (value > 1 and dial.name != "delay"):
                raise ValueError(f"{dial.name} is {value:g}: a share is from 0 to 1, and a delay is no less than 0")


@record
class Fate:
    """What becomes of one thing a provider tells."""

    doubles: bool = False
    late: bool = False
    lost: bool = False
    splits: bool = False


def only(fault: Fault | None) -> Dials:
    """Dials that give this fault to everything asked; None is a network without faults."""
    return Dials() if fault is None else Dials(**{fault.value: 1.0})


def draw_fault(dials: Dials, chance: Chance) -> Fault | None:
    """What becomes of one request. A dial at 0 draws nothing."""
    return next((fault for fault in Fault if _falls(getattr(dials, fault.value), chance)), None)


def draw_fate(dials: Dials, chance: Chance) -> Fate:
    """What becomes of one report. A dial at 0 draws nothing."""
    return Fate(
        doubles=_falls(dials.double, chance),
        late=_falls(dials.reorder, chance),
        lost=_falls(dials.lose, chance),
        splits=_falls(dials.split, chance),
    )


def arrange(told: Iterable[tuple[Sequence[T], Fate]]) -> list[T]:
    """In which order, and how often, what was told arrives. Each comes as its pieces, which keep together.

    What is late lets the next one overtake it; the last has nothing to be overtaken by.
    """
    arrived: list[T] = []
    held: list[T] = []
    for pieces, fate in told:
        own = [] if fate.lost else [*pieces, *pieces] if fate.doubles else list(pieces)
        if fate.late and not held:
            held = own
            continue
        arrived += own + held
        held = []
    return arrived + held


def _falls(share: float, chance: Chance) -> bool:
    return share > 0 and chance() < share
