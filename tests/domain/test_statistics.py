"""Bands of durations, and the median read from them."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.statistics import (
    LONGEST_BAND,
    Measure,
    band_of,
    edges_of,
    median_of,
    middle_of,
    outcome_of,
    share_within,
)
from gateway.domain.status import Status


@pytest.mark.parametrize(
    ("status", "measure"),
    [
        (Status.QUEUED, None),
        (Status.UNCERTAIN, None),
        (Status.SENT, Measure.SENT),
        (Status.UNDELIVERED, Measure.FAILED),
        (Status.EXPIRED, Measure.FAILED),
        (Status.DELIVERED, Measure.DELIVERED),
        (Status.READ, Measure.DELIVERED),
        (Status.CANCELLED, None),
    ],
)
def test_what_a_status_counts_as(status: Status, measure: Measure | None) -> None:
    assert outcome_of(status) is measure


@given(st.integers(min_value=1_000, max_value=10**12))
def test_a_band_stands_for_its_durations_within_five_percent(duration: int) -> None:
    assert abs(middle_of(band_of(duration)) - duration) <= duration * 0.05 + 1


@given(st.lists(st.integers(min_value=1_000, max_value=10**9), min_size=1, max_size=60))
def test_the_median_of_bands_is_the_median(durations: list[int]) -> None:
    bands: dict[int, int] = {}
    for one in durations:
        bands[band_of(one)] = bands.get(band_of(one), 0) + 1
    found, exact = median_of(bands), statistics.median_low(durations)
    assert found is not None
    assert abs(found - exact) <= exact * 0.05 + 1


def test_the_ends() -> None:
    assert (band_of(-5), band_of(0), band_of(999), band_of(1_000)) == (0, 0, 0, 1)
    assert band_of(10**30) == LONGEST_BAND
    assert median_of({}) is None
    assert median_of({3: 0}) is None


def test_the_share_within_a_limit_is_exact_at_the_edges_of_bands_and_in_proportion_between() -> None:
    bands = {0: 1, band_of(1_500): 1, band_of(60_000): 2}
    assert [share_within(bands, limit) for limit in (0, 500, 1_000, 10_000, 100_000)] == [0, 0.125, 0.25, 0.5, 1]
    start, end = edges_of(band_of(60_000))
    assert start <= 60_000 < end
    assert share_within(bands, round((start + end) / 2)) == pytest.approx(0.75, abs=0.001)
    assert share_within({}, 1) is None
