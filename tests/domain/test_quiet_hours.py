"""Nobody is disturbed at night, by the clocks where they are, through every change of the clocks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.number_zones import zones_of
from gateway.domain.policy import QuietHours
from gateway.domain.quiet_hours import local_time, wakes_at

NIGHT = QuietHours(21 * 60, 8 * 60, "Europe/Paris")
SIESTA = QuietHours(13 * 60, 15 * 60, "Europe/Madrid")
EARLY = QuietHours(21 * 60, 2 * 60 + 30, "Europe/Paris")  # an end in the hour that an autumn night has twice
PARIS, NEW_YORK, LOS_ANGELES, SYDNEY = "Europe/Paris", "America/New_York", "America/Los_Angeles", "Australia/Sydney"


def at(text: str, zone: str = PARIS, fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000)


@pytest.mark.parametrize(
    ("hours", "zones", "now", "wakes"),
    [
        (NIGHT, (), at("2026-07-01 20:59:59"), None),
        (NIGHT, (), at("2026-07-01 21:00"), at("2026-07-02 08:00")),
        (NIGHT, (), at("2026-07-02 00:00"), at("2026-07-02 08:00")),
        (NIGHT, (), at("2026-07-02 07:59:59"), at("2026-07-02 08:00")),
        (NIGHT, (), at("2026-07-02 08:00"), None),
        (SIESTA, (), at("2026-07-01 14:00", "Europe/Madrid"), at("2026-07-01 15:00", "Europe/Madrid")),
        (NIGHT, (NEW_YORK,), at("2026-07-01 23:00"), None),
        (NIGHT, (NEW_YORK,), at("2026-07-01 12:00"), at("2026-07-01 08:00", NEW_YORK)),
        (NIGHT, (NEW_YORK, LOS_ANGELES), at("2026-07-01 09:00", NEW_YORK), at("2026-07-01 08:00", LOS_ANGELES)),
        (NIGHT, (NEW_YORK, LOS_ANGELES), at("2026-07-01 20:00", LOS_ANGELES), at("2026-07-02 08:00", LOS_ANGELES)),
        # The clocks go forward and back in the night of a Sunday: eight is eight.
        (NIGHT, (), at("2026-03-28 23:00"), at("2026-03-29 08:00")),
        (NIGHT, (), at("2026-10-24 23:00"), at("2026-10-25 08:00")),
        (EARLY, (), at("2026-03-29 01:10"), at("2026-03-29 03:00")),  # that night has no half past two
        (EARLY, (), at("2026-10-25 02:10"), at("2026-10-25 02:30")),
        (EARLY, (), at("2026-10-25 02:10", fold=1), at("2026-10-25 02:30", fold=1)),
        # Somebody always sleeps in one of these: the workspace's own night counts.
        (NIGHT, (LOS_ANGELES, PARIS, SYDNEY), at("2026-07-01 23:00"), at("2026-07-02 08:00")),
        (NIGHT, (LOS_ANGELES, PARIS, SYDNEY), at("2026-07-01 12:00"), None),
    ],
)
def test_when_they_wake(hours: QuietHours, zones: tuple[str, ...], now: int, wakes: int | None) -> None:
    assert wakes_at(hours, zones, now) == wakes


@given(
    start=st.integers(0, 1439),
    length=st.integers(1, 1439),
    zone=st.sampled_from([PARIS, NEW_YORK, SYDNEY, "Asia/Kolkata", "America/St_Johns", "UTC"]),
    moment=st.integers(1_704_067_200_000, 1_861_920_000_000),
)
def test_what_wakes_is_awake_and_it_never_takes_longer_than_a_day(
    start: int, length: int, zone: str, moment: int
) -> None:
    hours = QuietHours(start, (start + length) % 1440, zone)
    wakes = wakes_at(hours, (zone,), moment)
    if wakes is None:
        return
    assert 0 < wakes - moment <= timedelta(hours=25).total_seconds() * 1000
    assert wakes_at(hours, (zone,), wakes - 1) == wakes, "not a moment later than they wake"
    # Where the end falls into the hour that comes twice, the second may be quiet once more, and no longer.
    again = wakes_at(hours, (zone,), wakes)
    assert again is None or again - wakes <= timedelta(hours=1).total_seconds() * 1000


def test_clocks_there() -> None:
    assert local_time(NEW_YORK, at("2026-07-01 23:05")) == "17:05"


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+14155550148", (LOS_ANGELES,)),
        ("+12125550148", (NEW_YORK,)),
        ("+4930123456", ("Europe/Berlin",)),
        ("+61290000000", (SYDNEY,)),
        ("+919876543210", ("Asia/Calcutta",)),
        ("ann@company.example", ()),
        ("12345", ()),
        ("+0", ()),
    ],
)
def test_zones_of_numbers(number: str, zones: tuple[str, ...]) -> None:
    assert zones_of(number) == zones


def test_every_zone_of_the_table_is_known_here() -> None:
    for prefix in ("+1", "+7", "+61", "+52", "+55"):
        zones = zones_of(prefix)
        assert len(zones) > 1
        assert all(ZoneInfo(zone) for zone in zones)
