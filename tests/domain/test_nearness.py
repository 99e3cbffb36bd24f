"""Which of our numbers is nearest to a contact's, and who gets which when all are alike."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.nearness import Nearness, nearness
from gateway.domain.spread import spread


@pytest.mark.parametrize(
    ("ours", "theirs", "how"),
    [
        ("+14155550132", "+14155550148", Nearness.AREA),
        ("+442079460123", "+442079460999", Nearness.AREA),
        ("+14155550132", "+12065550148", Nearness.REGION),
        ("+4930123456", "+498912345", Nearness.REGION),
        ("+14155550132", "+12125550148", Nearness.COUNTRY),
        ("+18005550199", "+14155550148", Nearness.COUNTRY),
        ("+442079460123", "+447700900123", Nearness.REGION),
        ("+447700900124", "+447700900123", Nearness.COUNTRY),
        ("+14155550132", "+16135550148", Nearness.FAR),
        ("+14155550132", "+442079460123", Nearness.FAR),
        ("12345", "+14155550148", Nearness.FAR),
        ("+14155550132", "ann@company.example", Nearness.FAR),
    ],
)
def test_area_then_region_then_country(ours: str, theirs: str, how: Nearness) -> None:
    assert nearness(ours, theirs) is how


def test_shares_are_as_the_weights_say() -> None:
    first = Counter(spread(f"+1415555{number:04}", {1: 3, 2: 1, 3: 0})[0] for number in range(4_000))
    assert first[1] == pytest.approx(3_000, abs=150)
    assert first[2] == pytest.approx(1_000, abs=150)
    assert first[3] == 0


@given(
    st.text(min_size=1),
    st.dictionaries(st.integers(1, 50), st.integers(0, 9), min_size=2),
    st.data(),
)
def test_who_leaves_moves_nobody_else(key: str, weights: dict[int, int], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(sorted(weights)))
    left = {one: weight for one, weight in weights.items() if one != gone}
    before = spread(key, weights)
    assert sorted(before) == sorted(weights)
    assert spread(key, left) == [one for one in before if one != gone]
