"""Quiet hours of somebody, as a body has them: by one clock, or by that of each contact."""

from typing import Annotated

import msgspec

from gateway.domain.day_times import clock_text, minute_of_day

OfDay = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class QuietHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when to when nobody is disturbed: `21:00` to `08:00`."""

    start: OfDay
    end: OfDay


def minutes_of(hours: QuietHours | None) -> tuple[int, int]:
    """Minutes of the day; without hours the same twice, which is never."""
    return (0, 0) if hours is None else (minute_of_day(hours.start), minute_of_day(hours.end))


def hours_of(start: int, end: int) -> QuietHours | None:
    """The hours of two minutes of the day; None where they are the same."""
    return None if start == end else QuietHours(clock_text(start), clock_text(end))
