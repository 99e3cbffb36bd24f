"""Where a phone number's clocks are: its time zones, from its first digits.

The table (`number_zones.txt`, 30 kB) is read when it is first asked. The library's own is part of a package that needs
100 MB of memory for names of places nobody asks for.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_TABLE = "number_zones.txt"


def zones_of(number: str) -> tuple[str, ...]:
    """The zones an E.164 number may be in, nothing for what is none or known to nobody."""
    if not number.startswith("+"):
        return ()
    table, digits = _table(), number[1:]
    for length in range(len(digits), 0, -1):
        found = table.get(digits[:length])
        if found is not None:
            return found
    return ()


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in files("gateway.domain").joinpath(_TABLE).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            zones, *prefixes = line.split(" ")
            table.update(dict.fromkeys(prefixes, tuple(zones.split(","))))
    return table
