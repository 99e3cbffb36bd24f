"""What contacts answered on a scale: how many, how good on average, and what they said about it."""

from collections.abc import Mapping, Sequence
from datetime import date

from gateway.domain.record import record
from gateway.domain.statistics import ANSWERED, ASKED, Dimension
from gateway.sdk.registration import Scale
from gateway.storage import question_reads
from gateway.storage.question_reads import Remark
from gateway.storage.session import Session
from gateway.web.reports.figures import Figures
from gateway.web.reports.period import Period
from gateway.web.reports.reading import Scope


@record
class Rating:
    """A scale's answers of some time. Shares are 0 to 1, None of nothing."""

    scale: Scale
    asked: int
    counts: Mapping[int, int]
    total: int

    @property
    def answered(self) -> int:
        """How many answered."""
        return sum(self.counts.values())

    @property
    def average(self) -> float | None:
        """The mean of the values."""
        return self.total / self.answered if self.answered else None

    @property
    def satisfied(self) -> float | None:
        """The share of the answers that the scale calls good."""
        good = sum(count for value, count in self.counts.items() if value in self.scale.good)
        return good / self.answered if self.answered else None

    @property
    def response_rate(self) -> float | None:
        """The share of those asked who answered."""
        return self.answered / self.asked if self.asked else None


def rating_of(scale: Scale, figures: Figures) -> Rating:
    """What the figures say of a scale."""
    answered = f"{ANSWERED}{scale.name}"
    counts = {value: count for value, count in sorted(figures.bands.get(answered, {}).items()) if count}
    return Rating(scale, figures.counts.get(f"{ASKED}{scale.name}", 0), counts, figures.totals.get(answered, 0))


def ratings_by_day(scale: Scale, days: Mapping[date, Figures]) -> dict[date, Rating]:
    """A rating for each day."""
    return {day: rating_of(scale, figures) for day, figures in sorted(days.items())}


def remarks_on(session: Session, workspace_id: int, scale: Scale, scope: Scope, period: Period) -> Sequence[Remark]:
    """What was said beside the answers of a period, the newest first."""
    first, last = (period.instant(quarter) for quarter in period.quarters)
    user_id = scope.subject if scope.dimension is Dimension.USER else None
    return question_reads.remarks(session, workspace_id, scale.name, first, last, user_id)
