"""Quiet hours: when contacts are not to be disturbed by what sends by itself, by the clocks where they are.

Times of day are those on the wall: an hour that a change of the clocks takes away or gives twice makes no difference.
"""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from gateway.domain.policy import QuietHours
from gateway.domain.time_zones import first_moment, shown

_DAY_MINUTES = 1440
_ROUNDS = 16
"""A country's zones are passed round so often until an hour is found at which all of them are awake."""


def wakes_at(hours: QuietHours, zones: Sequence[str], now: int) -> int | None:
    """When quiet hours end that `now` (ms) falls into in any of the zones; None when everybody is awake.

    Where somebody always sleeps (a number that may be anywhere in the world) the workspace's own zone decides.
    """
    return _until_all_wake(hours, zones, now) if zones else _end_of(hours, hours.timezone, now)


def _until_all_wake(hours: QuietHours, zones: Sequence[str], now: int) -> int | None:
    at = now
    for _ in range(_ROUNDS):
        later = max((_end_of(hours, zone, at) or at for zone in zones), default=at)
        if later == at:
            return None if at == now else at
        at = later
    return _end_of(hours, hours.timezone, now)


def _end_of(hours: QuietHours, zone: str, at: int) -> int | None:
    """The end of the quiet span that lies around `at`, or None."""
    local = shown(ZoneInfo(zone), at)
    minute = local.hour * 60 + local.minute
    into = (minute - hours.start) % _DAY_MINUTES
    length = (hours.end - hours.start) % _DAY_MINUTES
    if into >= length:
        return None
    # Counted on the wall, in the zone, and only then turned into a moment: that is what the hands will show.
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    days = 1 if hours.end < hours.start <= minute else 0
    end = midnight + timedelta(days=days, minutes=hours.end)
    # In the second of two equal hours (fold 1) an end in that hour is the second too; one that the clocks leap over is
    # there with the leap.
    there = ZoneInfo(zone)
    moment = round(end.replace(tzinfo=there, fold=1).timestamp() * 1000) if local.fold else first_moment(end, there)
    return moment if moment > at else None


def local_time(zone: str, at: int) -> str:
    """What clocks there show, as 21:40."""
    return f"{shown(ZoneInfo(zone), at):%H:%M}"
