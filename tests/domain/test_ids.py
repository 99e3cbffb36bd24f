"""Ids: ordered by time, readable outside, and never mistaken for another thing's."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.ids import EPOCH_MS, MAX_ID, PREFIXES, IdSource, created_ms, format_id, parse_id

NOON = 1_790_000_000_000
ids = st.integers(0, MAX_ID)


def source(readings: Sequence[int], node: int = 1) -> IdSource:
    clock = iter(readings)
    return IdSource(node, lambda: next(clock))


def test_an_id_knows_when_and_where_it_was_made() -> None:
    made = source([NOON], node=1023).next()
    assert created_ms(made) == NOON
    assert made >> 12 & 0x3FF == 1023
    assert made < 1 << 63


@given(st.lists(st.integers(EPOCH_MS - 5000, EPOCH_MS + 5000), min_size=2, max_size=50))
def test_ids_grow_whatever_the_clock_does(readings: list[int]) -> None:
    ids_ = source(readings)
    made = [ids_.next() for _ in readings]
    assert made == sorted(set(made))


def test_a_full_millisecond_runs_on_into_the_next() -> None:
    ids_ = IdSource(0, lambda: NOON)
    made = [ids_.next() for _ in range(4097)]
    assert created_ms(made[4095]) == NOON
    assert created_ms(made[4096]) == NOON + 1
    assert len(set(made)) == 4097


def test_two_nodes_never_make_the_same_id() -> None:
    first, second = IdSource(1, lambda: NOON), IdSource(2, lambda: NOON)
    assert not {first.next() for _ in range(5000)} & {second.next() for _ in range(5000)}


@pytest.mark.parametrize("node", [-1, 1024])
def test_a_node_outside_ten_bits_is_refused(node: int) -> None:
    with pytest.raises(ValueError, match="0 to 1023"):
        IdSource(node, lambda: NOON)


def test_the_last_moment_is_said_and_not_wrapped_around() -> None:
    with pytest.raises(OverflowError):
        source([EPOCH_MS + (1 << 41)]).next()


@given(ids, st.sampled_from(sorted(PREFIXES.values())))
def test_an_id_comes_back_from_its_string_in_any_case(made: int, prefix: str) -> None:
    text = format_id(prefix, made)
    assert len(text) == len(prefix) + 14
    assert parse_id(text, prefix) == parse_id(text.lower(), prefix) == parse_id(text.upper(), prefix) == made


@given(ids, ids)
def test_strings_sort_as_the_ids_do(one: int, other: int) -> None:
    assert (format_id("msg", one) < format_id("msg", other)) == (one < other)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("msg_0000000000000", 0),
        ("msg_000000000000o", 0),
        ("msg_000000000000I", 1),
        ("msg_000000000000l", 1),
        ("MSG_000000000000z", 31),
        ("msg_7ZZZZZZZZZZZZ", MAX_ID),
    ],
)
def test_letters_taken_for_digits_are_read_as_those(text: str, made: int) -> None:
    assert parse_id(text, "msg") == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "msg",
        "msg_",
        "0000000000000",
        "cnv_0000000000000",
        "msg_000000000000",
        "msg_00000000000000",
        "msg_8000000000000",
        "msg_ZZZZZZZZZZZZZ",
        "msg_000000000000U",
        "msg_000000000000u",
        "msg_ 000000000001",
        "msg_+000000000001",
        "msg_0_00000000001",
        "msg_00000000000\u0661\u0661",
        " msg_0000000000000",
        "msg_0000000000000\n",
    ],
)
def test_anything_else_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match=r"id of this kind|not an id"):
        parse_id(text, "msg")


@pytest.mark.parametrize("made", [-1, MAX_ID + 1])
def test_a_number_of_another_size_is_not_written(made: int) -> None:
    with pytest.raises(ValueError, match="63 bits"):
        format_id("msg", made)


def test_no_two_nouns_share_a_prefix() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert all(len(prefix) == 3 and prefix.islower() for prefix in PREFIXES.values())
