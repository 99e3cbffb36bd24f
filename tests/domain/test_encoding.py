"""Encodings: the GSM alphabet, septets, UCS-2, and nothing that fails on what a stranger sends."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.encoding import (
    GSM_BASIC,
    GSM_CHARACTERS,
    GSM_EXTENSION,
    Encoding,
    encoding_of,
    fill_bits,
    gsm7_decode,
    gsm7_encode,
    gsm7_pack,
    gsm7_unpack,
    mend_surrogates,
    normalise,
    ucs2_decode,
    ucs2_encode,
    units,
)

gsm_text = st.text(st.sampled_from(sorted(GSM_CHARACTERS)))
any_text = st.text(st.characters(exclude_categories=[]))
septets = st.lists(st.integers(0, 127)).map(bytes)


def test_the_alphabet_has_128_places_and_ten_extensions() -> None:
    assert len(GSM_BASIC) == len(set(GSM_BASIC)) == 128
    assert len(GSM_EXTENSION) == 10
    assert len(GSM_CHARACTERS) == 137


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("", Encoding.GSM7),
        ("Hello @ \u00a350 \u0394", Encoding.GSM7),
        ("\u20ac [x] {y} ~ ^ | \\ \f", Encoding.GSM7),
        ("line\r\nline", Encoding.GSM7),
        ("\u00c7", Encoding.GSM7),
        ("\u00e7", Encoding.UCS2),
        ("`", Encoding.UCS2),
        ("\t", Encoding.UCS2),
        ("\x1b", Encoding.UCS2),
        ("e\u0301", Encoding.UCS2),
        ("\N{GRINNING FACE}", Encoding.UCS2),
    ],
)
def test_the_cheapest_encoding_that_holds_the_text(text: str, encoding: Encoding) -> None:
    assert encoding_of(text) is encoding


@pytest.mark.parametrize(
    ("text", "encoding", "length"),
    [
        ("", Encoding.GSM7, 0),
        ("abc", Encoding.GSM7, 3),
        ("\u20ac]", Encoding.GSM7, 4),
        ("\u20ac]", Encoding.UCS2, 2),
        ("\N{GRINNING FACE}", Encoding.UCS2, 2),
        ("\ud83d", Encoding.UCS2, 1),
    ],
)
def test_units(text: str, encoding: Encoding, length: int) -> None:
    assert units(text, encoding) == length


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("hello", b"hello"),
        ("@\u00a3$", b"\x00\x01\x02"),
        ("_\u00a7\u00e0", b"\x11\x5f\x7f"),
        ("[\u20ac]", b"\x1b\x3c\x1b\x65\x1b\x3e"),
        ("\f", b"\x1b\x0a"),
        ("\u0394\u03a9 \u20ac", b"\x10\x15\x20\x1b\x65"),
    ],
)
def test_septets_of_a_text(text: str, octets: bytes) -> None:
    assert gsm7_encode(text) == octets
    assert gsm7_decode(octets) == text


@given(gsm_text)
def test_every_text_of_the_alphabet_comes_back_and_counts_its_septets(text: str) -> None:
    octets = gsm7_encode(text)
    assert gsm7_decode(octets) == text
    assert len(octets) == units(text, Encoding.GSM7)


@given(any_text)
def test_a_text_is_gsm7_exactly_when_it_can_be_encoded_so(text: str) -> None:
    if encoding_of(text) is Encoding.GSM7:
        assert gsm7_decode(gsm7_encode(text)) == text
    else:
        with pytest.raises(UnicodeEncodeError) as refused:
            gsm7_encode(text)
        assert text[refused.value.start] not in GSM_CHARACTERS


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"\x1bA", "A"),  # an extension nobody defined is the basic character
        (b"a\x1b", "a "),
        (b"\x1b\x1b", " "),
        (b"\x1b\x1b\x65", " e"),
        (b"\x1b\x1b\x1b\x65", " \u20ac"),
        (b"\x1b\x1b\x1b", "  "),
        (b"a\x80\xff", "a\ufffd\ufffd"),
        (b"\x1b\xff", "\ufffd"),
        (b"", ""),
    ],
)
def test_odd_septets_are_read_as_the_standard_says(octets: bytes, text: str) -> None:
    assert gsm7_decode(octets) == text


@given(st.binary())
def test_no_octets_make_decoding_fail(octets: bytes) -> None:
    assert "\x1b" not in gsm7_decode(octets)
    ucs2_decode(octets).encode()


def test_packing_as_the_standard_prints_it() -> None:
    assert gsm7_pack(b"hellohello") == bytes.fromhex("e8329bfd4697d9ec37")
    assert gsm7_unpack(bytes.fromhex("e8329bfd4697d9ec37")) == b"hellohello"


@given(septets, st.integers(0, 6))
def test_packed_septets_come_back(text: bytes, fill: int) -> None:
    packed = gsm7_pack(text, fill)
    assert len(packed) == -(-(7 * len(text) + fill) // 8)
    assert gsm7_unpack(packed, fill, len(text)) == text
    assert gsm7_unpack(packed, fill) in {text, text + b"\x00"}


def test_no_more_septets_are_read_than_there_are() -> None:
    assert gsm7_unpack(b"\x68", count=9) == b"h"
    assert gsm7_unpack(b"", 3) == b""


@pytest.mark.parametrize(("header", "fill"), [(0, 0), (6, 1), (7, 0), (1, 6)])
def test_septets_after_a_header_begin_at_a_septet_boundary(header: int, fill: int) -> None:
    assert fill_bits(header) == fill
    assert (8 * header + fill) % 7 == 0


@pytest.mark.parametrize(
    ("octets", "text", "halves"),
    [
        (b"\x00h\x20\xac", "h\u20ac", "h\u20ac"),
        (b"\xd8\x3d\xde\x00", "\U0001f600", "\U0001f600"),
        (b"\xd8\x3d", "\ufffd", "\ud83d"),
        (b"\xde\x00\x00h", "\ufffdh", "\ude00h"),
        (b"\x00h\x00", "h\ufffd", "h\ufffd"),
    ],
)
def test_ucs2_octets(octets: bytes, text: str, halves: str) -> None:
    assert ucs2_decode(octets) == text
    assert ucs2_decode(octets, keep_halves=True) == halves


@given(any_text)
def test_ucs2_holds_every_text_but_half_characters(text: str) -> None:
    assert ucs2_decode(ucs2_encode(text)) == mend_surrogates(text)


def test_two_halves_are_mended_and_one_is_replaced() -> None:
    assert mend_surrogates("a\ud83d\ude00b\ud83d") == "a\U0001f600b\ufffd"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Caf" + "e\u0301", "Caf\u00e9"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\ud83d", "\ufffd"),
        ("\uff21 \u2019", "\uff21 \u2019"),
    ],
)
def test_normalising_composes_letters_and_line_ends_and_nothing_else(text: str, normal: str) -> None:
    assert normalise(text) == normal


@given(any_text)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert unicodedata.is_normalized("NFC", normalise(text))
