"""How near two phone numbers are to each other: people rather pick up, and answer, a number from where they are."""

from enum import IntEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException

from gateway.domain.number_zones import zones_of
from gateway.domain.record import record

_KEPT = 8192


class Nearness(IntEnum):
    """How near, the nearer the more. A region is told by its clocks: they share a country and a time zone."""

    FAR = 0
    COUNTRY = 1
    REGION = 2
    AREA = 3


@record
class _Place:
    country: str | None
    area: str  # country and area code, nothing for numbers of no area: mobiles of most countries, toll-free
    zones: frozenset[str]


def nearness(ours: str, theirs: str) -> Nearness:
    """How near two E.164 numbers are; what is no number is far from everything."""
    one, other = _place_of(ours), _place_of(theirs)
    if one.country is None or one.country != other.country:
        return Nearness.FAR
    if one.area and one.area == other.area:
        return Nearness.AREA
    return Nearness.REGION if one.area and one.zones & other.zones else Nearness.COUNTRY


@lru_cache(maxsize=_KEPT)
def _place_of(value: str) -> _Place:
    """Reading a number takes 50 µs, and a pool may have a hundred."""
    try:
        parsed = phonenumbers.parse(value, None)
    except NumberParseException:
        return _Place(None, "", frozenset())
    # A range that several countries share (British mobiles: the islands too) counts for the main one of them.
    country = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    length = phonenumbers.length_of_geographical_area_code(parsed)
    national = phonenumbers.national_significant_number(parsed)
    area = f"{parsed.country_code} {national[:length]}" if length else ""
    return _Place(country, area, frozenset(zones_of(value)))
