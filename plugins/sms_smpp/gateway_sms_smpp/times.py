"""Until when a centre is to try, in the two forms of the protocol's time (SMPP 3.4, section 7.1.1)."""

from datetime import UTC, datetime
from enum import StrEnum


class Validity(StrEnum):
    """How a centre is told: an absolute time in UTC, a time from now, or not at all."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    NONE = "none"


def validity_period(form: Validity, expires_at: int | None, now: int) -> str:
    """The field's text; times are milliseconds since the epoch. "" is the centre's own default."""
    if expires_at is None or form is Validity.NONE:
        return ""
    return _absolute(expires_at) if form is Validity.ABSOLUTE else _relative(expires_at - now)


def _absolute(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%y%m%d%H%M%S000+")


def _relative(milliseconds: int) -> str:
    """At least a second, since nothing at all would mean for ever; a month is 30 days and a year twelve of those."""
    minutes, seconds = divmod(max(1, milliseconds // 1000), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    months, days = divmod(days, 30)
    years, months = divmod(months, 12)
    if years > 99:
        return ""
    return f"{years:02}{months:02}{days:02}{hours:02}{minutes:02}{seconds:02}000R"
