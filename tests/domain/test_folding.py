"""Folding: what the eye doesn't see or doesn't tell apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.folding import ascii_digits, folded, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain text", "plain text"),
        ("tab\tand\r\nlines", "tab\tand\r\nlines"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("\ufeffso\u00adft\u200b\u200d\u2060", "soft"),
        ("\u202e\u2066abc\u2069\u202c", "abc"),
        ("heart\ufe0f", "heart"),
        ("half\ud83d", "half"),
        ("fill\u3164er", "filler"),
        ("\u00e9\u4e2d\U0001f600", "\u00e9\u4e2d\U0001f600"),
    ],
)
def test_the_invisible_goes_and_the_rest_stays(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize(
    ("text", "plain"),
    [("STOP\x00", "stop"), ("\uff33\uff54\u200bop", "stop"), ("Stra\u00dfe", "strasse"), ("\ufb01", "fi")],
)
def test_case_and_width_are_folded(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.characters(categories=["Nd"]))
def test_the_digits_of_every_script(digit: str) -> None:
    assert ascii_digits(f"a{digit}") == f"a{int(digit)}"


@given(st.text(st.characters(exclude_categories=[])))
def test_what_is_visible_stays_so(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    visible(text).encode()
