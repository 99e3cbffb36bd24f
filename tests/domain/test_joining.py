"""Joining: any order, any repetition, one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.encoding import ucs2_decode, ucs2_encode
from gateway.domain.joining import Assembly, Concat, join
from gateway.domain.segments import split

texts = st.lists(st.text(max_size=5), min_size=2, max_size=12)


@given(texts, st.data())
def test_parts_in_any_order_and_twice_make_the_same_text(parts: list[str], data: st.DataObject) -> None:
    total = len(parts)
    indexes = list(range(1, total + 1))
    arrivals = data.draw(st.permutations(indexes + data.draw(st.lists(st.sampled_from(indexes), max_size=total))))
    assembly = Assembly(total, {})
    for arrived, index in enumerate(arrivals, 1):
        added = assembly.add(Concat(7, total, index), parts[index - 1])
        assert added is not None
        assembly = added
        complete = set(arrivals[:arrived]) == set(indexes)
        assert (assembly.text is not None) == complete == (assembly.missing == ())
    assert assembly.text == assembly.so_far == "".join(parts)


@given(st.text(min_size=300, max_size=600))
def test_what_was_split_is_joined(text: str) -> None:
    parts = split(text).parts
    assert join(dict(enumerate(parts, 1)), len(parts)) == text


def test_of_a_part_that_comes_twice_the_first_stands() -> None:
    first = Assembly(2, {}).add(Concat(1, 2, 1), "one")
    assert first is not None
    assert first.add(Concat(1, 2, 1), "other") is first


@pytest.mark.parametrize(
    "concat", [Concat(1, 3, 0), Concat(1, 3, 4), Concat(1, 2, 1), Concat(1, 1, 1), Concat(1, 0, 0), Concat(1, 3, -1)]
)
def test_a_part_that_cannot_belong_is_a_message_of_its_own(concat: Concat) -> None:
    assert Assembly(3, {1: "one"}).add(concat, "stray") is None


@pytest.mark.parametrize(
    ("concat", "is_long"),
    [(Concat(1, 2, 1), True), (Concat(1, 2, 2), True), (Concat(1, 1, 1), False), (Concat(1, 2, 3), False)],
)
def test_one_of_one_is_no_long_message(concat: Concat, is_long: bool) -> None:
    assert concat.is_long is is_long


def test_what_is_missing_is_shown_as_missing() -> None:
    assembly = Assembly(3, {3: " end", 1: "start "})
    assert assembly.text is None
    assert assembly.missing == (2,)
    assert assembly.so_far == "start [\u2026] end"


@pytest.mark.parametrize(
    ("parts", "total", "text"),
    [
        ({1: "a"}, 1, "a"),
        ({2: "b", 1: "a"}, 2, "ab"),
        ({1: "a"}, 2, None),
        ({}, 1, None),
        ({}, 0, None),
        ({1: "a", 9: "x"}, 1, "a"),
    ],
)
def test_join(parts: dict[int, str], total: int, text: str | None) -> None:
    assert join(parts, total) == text


def test_a_character_cut_in_half_by_its_sender_is_whole_again() -> None:
    octets = ucs2_encode("hi \N{GRINNING FACE}!")
    halves = {1: ucs2_decode(octets[:8], keep_halves=True), 2: ucs2_decode(octets[8:], keep_halves=True)}
    assert join(halves, 2) == "hi \N{GRINNING FACE}!"
