"""Time zones by their names (Europe/Paris), and what clocks there show."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MINUTE_S = 60


def zone_named(name: object) -> ZoneInfo | None:
    """The zone of that name; None where there is none."""
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def shown(zone: ZoneInfo, at: int) -> datetime:
    """What clocks there show at a moment (ms): a time with its zone."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)


def first_moment(wall: datetime, zone: ZoneInfo) -> int:
    """The first moment (ms) at which clocks there show `wall` (without a zone), or later where they leap over it."""
    moment = wall.replace(tzinfo=zone).timestamp()
    if shown(zone, round(moment * 1000)).replace(tzinfo=None) != wall:
        early = round(wall.replace(tzinfo=zone, fold=1).timestamp())  # read so it lies before the leap
        minutes = range(early, round(moment) + _MINUTE_S, _MINUTE_S)
        moment = next(one for one in minutes if shown(zone, one * 1000).replace(tzinfo=None) >= wall)
    return round(moment * 1000)


def last_moment(wall: datetime, zone: ZoneInfo) -> int:
    """The same, and of an hour that clocks show twice the second time."""
    twice = round(wall.replace(tzinfo=zone, fold=1).timestamp() * 1000)
    return max(first_moment(wall, zone), twice)
