"""What a report says of something: counts, shares and durations, summed up from tallies."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.domain.statistics import ANSWERED, DURATIONS, FAILED_BY, Measure, median_of, share_within
from gateway.storage.statistics import Sum


@dataclass(slots=True)
class Figures:
    """Sums over some time of one subject."""

    counts: dict[str, int] = field(default_factory=dict)
    bands: dict[str, dict[int, int]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)

    def add(self, one: Sum) -> None:
        """One more tally."""
        self.counts[one.measure] = self.counts.get(one.measure, 0) + one.count
        if one.measure in DURATIONS or one.measure.startswith(ANSWERED):
            bands = self.bands.setdefault(one.measure, {})
            bands[one.band] = bands.get(one.band, 0) + one.count
            self.totals[one.measure] = self.totals.get(one.measure, 0) + one.total

    def count(self, measure: Measure) -> int:
        """How often."""
        return self.counts.get(measure, 0)

    def median(self, measure: Measure) -> int | None:
        """The median of a duration, in milliseconds, within 5 %."""
        return median_of(self.bands.get(measure, {}))

    def within(self, measure: Measure, limit: int) -> float | None:
        """The share of a duration's that were no longer than `limit` (ms), 0 to 1; None of nothing."""
        return share_within(self.bands.get(measure, {}), limit)

    def mean(self, measure: Measure) -> int | None:
        """The mean of a duration, in milliseconds."""
        count = self.count(measure)
        return round(self.totals.get(measure, 0) / count) if count else None

    @property
    def failures(self) -> dict[str, int]:
        """How many failed for each reason, by the error's code, the most frequent first."""
        found = {
            name.removeprefix(FAILED_BY): n for name, n in self.counts.items() if name.startswith(FAILED_BY) and n > 0
        }
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def settled(self) -> int:
        """Outbound messages that a provider answered for."""
        return sum(self.count(one) for one in (Measure.SENT, Measure.DELIVERED, Measure.FAILED))

    @property
    def reply_rate(self) -> float | None:
        """The share of what a provider took that was answered, 0 to 1: of campaigns."""
        arrived = self.count(Measure.SENT) + self.count(Measure.DELIVERED)
        return self.count(Measure.REPLIED) / arrived if arrived else None

    @property
    def delivery_rate(self) -> float | None:
        """The share of those that were delivered, 0 to 1."""
        return self.count(Measure.DELIVERED) / self.settled if self.settled else None


def all_together(found: Iterable[Figures]) -> Figures:
    """The counts of several subjects as one's."""
    counts: Counter[str] = Counter()
    for one in found:
        counts.update(one.counts)
    return Figures(counts=dict(counts))


def figures_of(found: Iterable[Sum]) -> Figures:
    """All of them together."""
    figures = Figures()
    for one in found:
        figures.add(one)
    return figures
