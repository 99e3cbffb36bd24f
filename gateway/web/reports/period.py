"""The days a report is about, in somebody's time zone."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from gateway.core.errors import invalid
from gateway.domain.record import record
from gateway.domain.statistics import QUARTER_MS, quarter_of

LONGEST_DAYS = 366
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9990, 12, 31)
"""Nothing was counted beyond them, and calendars end soon after."""
RANGES: Final[Mapping[str, int]] = MappingProxyType({"today": 1, "7": 7, "30": 30, "90": 90})
USUAL = "30"


@record
class Period:
    """Whole days, both ends included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def quarters(self) -> tuple[int, int]:
        """The quarters of an hour it spans: the first, and the one after the last."""
        return _quarter(self.first, self.zone), _quarter(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> list[date]:
        """Each day, in order."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def previous(self) -> "Period":
        """As many days just before."""
        length = timedelta(days=(self.last - self.first).days + 1)
        return Period(self.first - length, self.last - length, self.zone)

    def instant(self, quarter: int) -> int:
        """When a quarter begins, in milliseconds since the epoch."""
        return quarter * QUARTER_MS

    def moment(self, quarter: int) -> datetime:
        """When a quarter begins, as clocks show it there."""
        return datetime.fromtimestamp(quarter * QUARTER_MS / 1000, self.zone)


def period_of(name: str, first: date | None, last: date | None, zone: ZoneInfo, now: int) -> Period:
    """A range by its name, or the days from `first` to `last` when they are given. Refused (422) when it's too long."""
    today = datetime.fromtimestamp(now / 1000, zone).date()
    if first is None and last is None:
        return Period(today - timedelta(days=RANGES.get(name, RANGES[USUAL]) - 1), today, zone)
    end = last or today
    begin = first or end
    if begin > end:
        raise invalid("from", "The first day comes after the last.")
    if (end - begin).days >= LONGEST_DAYS:
        raise invalid("from", f"At most {LONGEST_DAYS} days at once.")
    if begin < FIRST_DAY or end > LAST_DAY:
        raise invalid("from", f"Days are those from {FIRST_DAY} to {LAST_DAY}.")
    return Period(begin, end, zone)


def _quarter(day: date, zone: ZoneInfo) -> int:
    return quarter_of(int(datetime.combine(day, time(), zone).timestamp() * 1000))
