"""Shifts by the clocks where people are: every hour of the day, nights, days off, and every change of the clocks."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.working_hours import (
    WEEKDAYS,
    HoursError,
    WorkingHours,
    at_work,
    begins_after,
    hours_of,
    shifts_text,
    shifts_typed,
    written,
)

PARIS, NEW_YORK, LORD_HOWE, KOLKATA = "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
WEEKDAYS_9_TO_5 = dict.fromkeys(WEEKDAYS[:5], "9-17")


def hours(zone: str = PARIS, off: tuple[str, ...] = (), **week: str) -> WorkingHours:
    typed = {day: shifts_typed(day, text) for day, text in (week or WEEKDAYS_9_TO_5).items()}
    return hours_of({"timezone": zone, "week": typed, "days_off": list(off)})


def at(text: str, zone: str = PARIS, fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000)


@pytest.mark.parametrize("zone", [PARIS, NEW_YORK, LORD_HOWE, KOLKATA, "UTC"])
@pytest.mark.parametrize("day", ["2026-07-01", "2026-12-02", "2026-03-27", "2026-03-30", "2026-10-23", "2026-10-26"])
def test_nine_to_five_at_every_hour(zone: str, day: str) -> None:
    """Days in summer and winter, and around both changes of the clocks."""
    plan = hours(zone)
    found = [at_work(plan, at(f"{day} {hour:02}:30", zone)) for hour in range(24)]
    assert found == [9 <= hour < 17 for hour in range(24)]
    assert not at_work(plan, at(f"{day} 09:00", zone) - 1)
    assert at_work(plan, at(f"{day} 09:00", zone))
    assert not at_work(plan, at(f"{day} 17:00", zone))


NIGHTS = hours(saturday="22:00-06:00")
EARLY = hours(sunday="02:30-10:00")
FOUND_TWICE = hours(sunday="00:00-02:30")


@pytest.mark.parametrize(
    ("plan", "now", "begins"),
    [
        (hours(), at("2026-07-03 08:59"), at("2026-07-03 09:00")),
        (hours(), at("2026-07-03 09:00"), at("2026-07-06 09:00")),  # a Friday: on Monday again
        (hours(off=("2026-07-06", "2026-07-07")), at("2026-07-03 12:00"), at("2026-07-08 09:00")),
        (hours(monday="9-12, 13-17"), at("2026-07-06 10:00"), at("2026-07-06 13:00")),
        (
            hours(off=("2026-07-06", "2026-07-13", "2026-07-20"), monday="9-17"),
            at("2026-07-05 10:00"),
            at("2026-07-27 09:00"),
        ),
        (NIGHTS, at("2026-07-05 05:00"), at("2026-07-11 22:00")),
        (hours(NEW_YORK), at("2026-07-03 12:00"), at("2026-07-03 09:00", NEW_YORK)),
        # The clocks leap from 02:00 to 03:00 on this Sunday: half past two begins when it is passed.
        (EARLY, at("2026-03-28 12:00"), at("2026-03-29 03:00")),
        # And show the hour from two twice on that one: it begins the first time.
        (EARLY, at("2026-10-24 12:00"), at("2026-10-25 02:30")),
    ],
)
def test_when_they_begin_next(plan: WorkingHours, now: int, begins: int) -> None:
    assert begins_after(plan, now) == begins


@pytest.mark.parametrize(
    ("plan", "first", "last", "long"),
    [
        (NIGHTS, at("2026-07-04 22:00"), at("2026-07-05 06:00"), 8),
        (NIGHTS, at("2026-03-28 22:00"), at("2026-03-29 06:00"), 7),
        (NIGHTS, at("2026-10-24 22:00"), at("2026-10-25 06:00"), 9),
        (FOUND_TWICE, at("2026-10-25 00:00"), at("2026-10-25 02:30", fold=1), 3.5),
        (hours(sunday="00:00-24:00"), at("2026-03-29 00:00"), at("2026-03-30 00:00"), 23),
    ],
)
def test_a_shift_is_one_stretch_through_a_change_of_the_clocks(
    plan: WorkingHours, first: int, last: int, long: float
) -> None:
    assert last - first == long * HOUR_MS
    assert all(at_work(plan, moment) for moment in range(first, last, 5 * MINUTE_MS))
    assert not at_work(plan, first - 1)
    assert not at_work(plan, last)


def test_nobody_works_on_a_day_off_but_a_night_before_it_goes_on() -> None:
    plan = hours(off=("2026-07-05",), saturday="22:00-06:00", sunday="09:00-17:00")
    assert at_work(plan, at("2026-07-05 03:00"))
    assert not at_work(plan, at("2026-07-05 12:00"))


@given(
    zone=st.sampled_from([PARIS, NEW_YORK, LORD_HOWE, KOLKATA, "America/St_Johns", "UTC"]),
    start=st.integers(0, 1439),
    long=st.integers(1, 1440),
    day=st.sampled_from(WEEKDAYS),
    moment=st.integers(1_704_067_200, 1_861_920_000),
)
def test_they_begin_within_eight_days_and_not_before(zone: str, start: int, long: int, day: str, moment: int) -> None:
    week = tuple(((start, start + long),) if name == day else () for name in WEEKDAYS)
    plan, now = WorkingHours(zone, week), moment * 1000
    begins = begins_after(plan, now)
    assert begins is not None
    assert now < begins <= now + 8 * 24 * HOUR_MS
    assert at_work(plan, begins)
    assert not at_work(plan, begins - 1)
    if not at_work(plan, now):
        local = datetime.fromtimestamp(now / 1000, UTC)
        steps = (round((local + timedelta(hours=one)).timestamp() * 1000) for one in range(192))
        assert not [one for one in steps if now < one < begins and at_work(plan, one)]


def test_as_typed_as_kept_and_back() -> None:
    plan = hours(monday="9-12.30; 13:30 \N{EN DASH} 18", friday="22-6", sunday="0-24", off=("2026-12-25", "2026-12-24"))
    assert shifts_text(plan.week[0]) == "09:00-12:30, 13:30-18:00"
    assert [shifts_text(one) for one in plan.week][4:] == ["22:00-06:00", "", "00:00-24:00"]
    assert written(plan)["days_off"] == ["2026-12-24", "2026-12-25"]
    assert hours_of(written(plan)) == plan


def _week(*shifts: tuple[str, str]) -> dict[str, Any]:
    return {"timezone": PARIS, "week": {"monday": [{"start": start, "end": end} for start, end in shifts]}}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"timezone": "Mars/Base", "week": {}}, "timezone"),
        ({"timezone": PARIS, "week": {"funday": []}}, "week"),
        ({"timezone": PARIS, "week": {}}, "week"),
        (_week(("09:00", "09:00")), "monday"),
        (_week(("24:00", "09:00")), "monday"),
        (_week(("9", "17:00")), "monday"),
        (_week(("29:00", "17:00")), "monday"),
        (_week(("09:00", "13:00"), ("12:00", "17:00")), "monday"),
        ({**_week(("09:00", "17:00")), "days_off": ["24.12."]}, "days_off"),
        ({**_week(("09:00", "17:00")), "days_off": ["2026-01-01"] * 401}, "days_off"),
    ],
)
def test_what_is_no_week(given: dict[str, Any], field: str) -> None:
    with pytest.raises(HoursError) as refused:
        hours_of(given)
    assert refused.value.field == field


@pytest.mark.parametrize("text", ["nine to five", "9", "9-17-18", "25-26", "9-17,,x"])
def test_what_is_not_typed_as_hours(text: str) -> None:
    with pytest.raises(HoursError):
        shifts_typed("monday", text)
