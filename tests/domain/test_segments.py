"""Segments: counted as providers count them, cut where no character breaks."""

import json
from pathlib import Path
from typing import Literal

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.encoding import GSM_CHARACTERS, GSM_EXTENSION, Encoding, mend_surrogates, units
from gateway.domain.joining import Concat
from gateway.domain.segments import Segmentation, parse_udh, split, udh

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "segments.json").read_text())["cases"]
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"  # one character to the eye, eleven units
LIMITS = {
    (Encoding.GSM7, 8): (160, 153),
    (Encoding.GSM7, 16): (160, 152),
    (Encoding.UCS2, 8): (70, 67),
    (Encoding.UCS2, 16): (70, 66),
}

bits_ = st.sampled_from([8, 16])
gsm_text = st.text(st.sampled_from(sorted(GSM_CHARACTERS)), max_size=500)
dear_text = st.lists(
    st.sampled_from(
        ["a", "\u00e7", "e\u0301", "\r\n", "\U0001f600", "\U0001f44d\U0001f3fd", "\U0001f1fa\U0001f1f8", FAMILY]
    ),
    max_size=150,
).map("".join)
any_text = gsm_text | dear_text | st.text(st.characters(exclude_categories=[]), max_size=300)


@pytest.mark.parametrize("case", VECTORS, ids=range(len(VECTORS)))
def test_counts_agree_with_the_vectors(case: dict[str, str | int]) -> None:
    found = split(str(case["text"]))
    assert (found.encoding, found.units, len(found.parts)) == (case["encoding"], case["units"], case["segments"])


def test_the_empty_text_is_one_empty_part() -> None:
    assert split("") == Segmentation(Encoding.GSM7, 0, ("",))


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(("character", "encoding"), [("a", Encoding.GSM7), ("\u00e7", Encoding.UCS2)])
def test_at_each_limit_and_beside_it(character: str, encoding: Encoding, bits: Literal[8, 16]) -> None:
    whole, part = LIMITS[encoding, bits]
    assert len(split(character * whole, bits).parts) == 1
    assert [len(cut) for cut in split(character * (whole + 1), bits).parts] == [part, whole + 1 - part]
    assert len(split(character * 3 * part, bits).parts) == 3
    assert len(split(character * (3 * part + 1), bits).parts) == 4


@given(any_text, bits_)
def test_parts_fit_and_are_the_text_again(text: str, bits: Literal[8, 16]) -> None:
    found = split(text, bits)
    whole, part = LIMITS[found.encoding, bits]
    assert "".join(found.parts) == mend_surrogates(text)
    assert found.units == sum(units(cut, found.encoding) for cut in found.parts)
    assert all(units(cut, found.encoding) <= (part if len(found.parts) > 1 else whole) for cut in found.parts)
    assert all(found.parts) or text == ""


@given(dear_text, bits_)
def test_what_looks_like_one_character_stays_whole(text: str, bits: Literal[8, 16]) -> None:
    ends = {found.end() for found in regex.finditer(r"\X", text)}
    place = 0
    for cut in split(text, bits).parts[:-1]:
        place += len(cut)
        assert place in ends


@given(any_text, bits_)
def test_no_part_could_have_taken_the_next_character(text: str, bits: Literal[8, 16]) -> None:
    found = split(text, bits)
    limit = LIMITS[found.encoding, bits][1]
    for cut, following in zip(found.parts, found.parts[1:], strict=False):
        first = regex.match(r"\X", following)
        assert first is not None
        joined = regex.findall(r"\X", cut + first[0])
        if joined[-1] == first[0]:  # a boundary that holds in the text too
            assert units(cut + first[0], found.encoding) > limit


def test_an_escape_pair_moves_to_the_next_part() -> None:
    text = "a" * 152 + "\u20ac" + "b" * 10
    assert split(text).parts == ("a" * 152, "\u20ac" + "b" * 10)
    assert all(extension in GSM_EXTENSION for extension in "\u20ac[]")


def test_a_family_moves_to_the_next_part_whole() -> None:
    assert split("a" * 60 + FAMILY + "b").parts == ("a" * 60, FAMILY + "b")


def test_a_line_end_is_not_cut() -> None:
    assert split("a" * 152 + "\r\n" + "b" * 20).parts == ("a" * 152, "\r\n" + "b" * 20)


def test_what_is_longer_than_a_part_is_cut_between_code_points() -> None:
    stacked = "e" + "\u0301" * 100
    assert [len(cut) for cut in split(stacked).parts] == [67, 34]
    # the two parts end a unit early rather than inside a surrogate pair
    flags = "a" + "\U0001f469\u200d" * 50
    assert "".join(split(flags).parts) == flags


@given(st.integers(1, 255), st.integers(0, 65535), bits_, st.data(), st.binary(max_size=134))
def test_a_header_reads_as_it_was_written(
    total: int, reference: int, bits: Literal[8, 16], data: st.DataObject, payload: bytes
) -> None:
    index = data.draw(st.integers(1, total))
    reference &= (1 << bits) - 1
    header = udh(reference, total, index, bits)
    assert len(header) == {8: 6, 16: 7}[bits]
    assert parse_udh(header + payload) == (Concat(reference, total, index), payload)


def test_headers_as_the_standard_prints_them() -> None:
    assert udh(0xAB, 3, 2) == bytes.fromhex("050003ab0302")
    assert udh(0xABCD, 3, 2, 16) == bytes.fromhex("060804abcd0302")


@pytest.mark.parametrize(
    ("reference", "total", "index", "bits"),
    [(256, 2, 1, 8), (65536, 2, 1, 16), (-1, 2, 1, 8), (1, 256, 1, 8), (1, 2, 3, 8), (1, 2, 0, 8), (1, 0, 0, 8)],
)
def test_numbers_that_do_not_fit_are_refused(reference: int, total: int, index: int, bits: Literal[8, 16]) -> None:
    with pytest.raises(ValueError, match="no header for part"):
        udh(reference, total, index, bits)


@pytest.mark.parametrize(
    ("data", "concat", "rest"),
    [
        ("0b 0504 1388 0000 0003 ab 03 02 68", Concat(0xAB, 3, 2), "68"),  # ports first
        ("0b 0003 ab 03 02 0504 1388 0000 68", Concat(0xAB, 3, 2), "68"),  # ports last
        ("0c 0804 abcd 03 02 0504 1388 0000 68", Concat(0xABCD, 3, 2), "68"),
        ("06 0504 1388 0000 68", None, "68"),
        ("0a 0003 01 02 01 0804 0002 02 68", Concat(1, 2, 1), "68"),  # the second runs over the header's end
        ("0b 0804 0002 02 02 0003 01 02 01 68", Concat(1, 2, 1), "68"),  # of two the last counts
        ("05 0003 ab 03 04 68", None, "68"),  # index beyond total
        ("05 0003 ab 03 00 68", None, "68"),
        ("05 0003 ab 00 00 68", None, "68"),
        ("04 0002 ab 03 68", None, "68"),  # wrong length
        ("00 68", None, "68"),
        ("09 0003 ab", None, "09 0003 ab"),  # longer than the data
        ("", None, ""),
    ],
)
def test_headers_of_others(data: str, concat: Concat | None, rest: str) -> None:
    found, following = parse_udh(bytes.fromhex(data))
    assert found == concat
    assert following == bytes.fromhex(rest)


@given(st.binary(max_size=150))
def test_no_octets_make_reading_fail(data: bytes) -> None:
    concat, rest = parse_udh(data)
    assert data.endswith(rest)
    assert concat is None or 1 <= concat.index <= concat.total
