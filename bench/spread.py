"""A few measurements of one thing: their median and their range."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, lowest and highest of some rounds."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        """`0.38 (0.35-0.41)`."""
        return f"{short(self.median)} ({short(self.low)}-{short(self.high)})"


def spread(values: Iterable[float]) -> Spread:
    """Of at least one value."""
    known = list(values)
    return Spread(median(known), min(known), max(known))


def ratios(ours: Iterable[float], theirs: Iterable[float]) -> Spread:
    """Round by round, since only what ran next to each other compares on a noisy machine."""
    return spread(one / other for one, other in zip(ours, theirs, strict=True))


def short(value: float) -> str:
    """Two or three digits that mean something."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
