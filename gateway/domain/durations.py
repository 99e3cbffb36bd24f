"""How long: seconds, or a number with its unit (30s, 15m, 2h, 3d)."""

import re
from typing import Any

LONGEST_S = 366 * 86_400
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_WRITTEN = re.compile(r"(\d{1,9})\s*([smhd]?)")


def seconds_of(value: Any) -> int:
    """Seconds from a whole number or a text. ValueError, with a sentence, for what is neither, or beyond a year."""
    is_written = isinstance(value, int | str) and not isinstance(value, bool)
    found = _WRITTEN.fullmatch(str(value).strip().lower()) if is_written else None
    if found is None:
        raise ValueError("Write seconds, or a number with its unit: 30s, 15m, 2h or 3d.")
    seconds = int(found[1]) * UNITS[found[2] or "s"]
    if seconds > LONGEST_S:
        raise ValueError("A year is the longest.")
    return seconds


def parted(seconds: int) -> tuple[int, str]:
    """The same in its largest whole unit: 7200 is (2, "h")."""
    for unit in ("d", "h", "m"):
        if seconds and seconds % UNITS[unit] == 0:
            return seconds // UNITS[unit], unit
    return seconds, "s"
