"""Working hours: when somebody takes new conversations, by the clocks where they are.

A shift is one stretch from the first moment its beginning shows on the wall to the last moment its end does: a change
of the clocks makes it longer or shorter, never two.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.domain.day_times import clock_text, minute_of_day
from gateway.domain.record import record
from gateway.domain.time_zones import first_moment, last_moment, shown, zone_named

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_SHIFTS = 4
"""Of one day."""
MOST_DAYS_OFF = 400
_DAY = 1440
_WEEK = 7
_CLOCK = re.compile(r"([01]?[0-9]|2[0-4])(?:[:.]([0-5][0-9]))?")
_SHIFT = re.compile(rf"\s*({_CLOCK.pattern})\s*[-\N{{EN DASH}}]\s*({_CLOCK.pattern})\s*")

Shift = tuple[int, int]
"""From and to, in minutes after midnight of the day it begins on; beyond 1440 it ends on the next."""


@record
class WorkingHours:
    """Shifts for each day of the week, Monday first. None begins on a day off."""

    timezone: str
    week: tuple[tuple[Shift, ...], ...]
    days_off: tuple[date, ...] = ()


class HoursError(ValueError):
    """What is wrong with hours, in a sentence, and where: `timezone`, `days_off` or a day of the week."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def at_work(hours: WorkingHours, now: int) -> bool:
    """Whether a moment (ms) falls into a shift."""
    zone = ZoneInfo(hours.timezone)
    yesterday = shown(zone, now).date() - timedelta(days=1)
    return any(first <= now < last for first, last in _shifts(hours, zone, yesterday, 2))


def begins_after(hours: WorkingHours, now: int) -> int | None:
    """When the next shift begins after a moment (ms); None where there never is one."""
    zone = ZoneInfo(hours.timezone)
    # A week in which no day is off has every shift there is; days off put it off by as many weeks at most.
    days = (len(hours.days_off) + 1) * _WEEK + 1
    begins = (first for first, _ in _shifts(hours, zone, shown(zone, now).date(), days) if first > now)
    return next(begins, None)


def _shifts(hours: WorkingHours, zone: ZoneInfo, day: date, days: int) -> Iterator[tuple[int, int]]:
    for one in (day + timedelta(days=after) for after in range(days)):
        if one in hours.days_off:
            continue
        midnight = datetime.combine(one, time())
        for start, end in hours.week[one.weekday()]:
            first = first_moment(midnight + timedelta(minutes=start), zone)
            yield first, last_moment(midnight + timedelta(minutes=end), zone)


def hours_of(given: Mapping[str, Any]) -> WorkingHours:
    """Hours as they are kept and the API has them. Raises HoursError.

    `{"timezone": "Europe/Paris", "week": {"monday": [{"start": "09:00", "end": "17:30"}]}, "days_off": ["2026-12-24"]}`
    """
    zone, week, off = given.get("timezone"), given.get("week"), given.get("days_off", ())
    if zone_named(zone) is None:
        raise HoursError("timezone", "This is not a time zone; use a name like Europe/Paris.")
    if not isinstance(week, Mapping) or set(week) - set(WEEKDAYS):
        raise HoursError("week", f"A week has {', '.join(WEEKDAYS)}.")
    if not isinstance(off, list | tuple) or len(off) > MOST_DAYS_OFF:
        raise HoursError("days_off", f"There are at most {MOST_DAYS_OFF} days off.")
    shifts = tuple(_day(name, week.get(name) or ()) for name in WEEKDAYS)
    if not any(shifts):
        raise HoursError("week", "A week without any hours: switch availability off instead.")
    return WorkingHours(str(zone), shifts, tuple(sorted({_date(one) for one in off})))


def written(hours: WorkingHours) -> dict[str, Any]:
    """The same back."""
    week = {
        name: [{"start": clock_text(start), "end": _end_text(end)} for start, end in shifts]
        for name, shifts in zip(WEEKDAYS, hours.week, strict=True)
    }
    return {"timezone": hours.timezone, "week": week, "days_off": [one.isoformat() for one in hours.days_off]}


def shifts_typed(day: str, text: str) -> list[dict[str, str]]:
    """Shifts as people type them: `9-12:30, 13:30 - 18`. Raises HoursError."""
    found = []
    for piece in filter(str.strip, re.split(r"[,;]", text)):
        match = _SHIFT.fullmatch(piece)
        if match is None:
            raise HoursError(day, "Write hours as 09:00-12:30, 13:30-18:00.")
        _, from_hour, from_minute, _, to_hour, to_minute = match.groups()
        start, end = f"{int(from_hour):02}:{from_minute or '00'}", f"{int(to_hour):02}:{to_minute or '00'}"
        found.append({"start": start, "end": end})
    return found


def shifts_text(shifts: tuple[Shift, ...]) -> str:
    """The same back, as a form shows it."""
    return ", ".join(f"{clock_text(start)}-{_end_text(end)}" for start, end in shifts)


def _end_text(end: int) -> str:
    return "24:00" if end == _DAY else clock_text(end % _DAY)


def _day(name: str, given: Any) -> tuple[Shift, ...]:
    if not isinstance(given, list | tuple) or len(given) > MOST_SHIFTS:
        raise HoursError(name, f"A day has at most {MOST_SHIFTS} stretches of hours.")
    shifts = sorted(_shift(name, one) for one in given)
    if any(later[0] < earlier[1] for earlier, later in pairwise(shifts)):
        raise HoursError(name, "Two stretches of hours of this day overlap.")
    return tuple(shifts)


def _shift(name: str, given: Any) -> Shift:
    if not isinstance(given, Mapping) or set(given) != {"start", "end"}:
        raise HoursError(name, "Hours have a start and an end, such as 09:00 and 17:30.")
    start, end = _minute(name, given["start"]), _minute(name, given["end"], last=_DAY)
    if start == end:
        raise HoursError(name, "Hours end at another time than they start; a whole day is 00:00-24:00.")
    return start, end if end > start else end + _DAY


def _minute(name: str, text: Any, last: int = _DAY - 1) -> int:
    if not isinstance(text, str) or not re.fullmatch(r"[0-2][0-9]:[0-5][0-9]", text) or minute_of_day(text) > last:
        raise HoursError(name, "A time of day is written as 09:00.")
    return minute_of_day(text)


def _date(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise HoursError("days_off", "A day off is written as 2026-12-24.") from None
