"""Smart encoding: which character makes a text dear, and what says the same for less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.encoding import GSM_CHARACTERS, Encoding, encoding_of
from gateway.domain.smart import REPLACEMENTS, Costly, costly, plain, replacement_for


def test_the_table_is_large_and_everything_in_it_gets_cheap() -> None:
    assert len(REPLACEMENTS) > 200
    for character, instead in REPLACEMENTS.items():
        assert character not in GSM_CHARACTERS, f"{character!r} needs no replacement"
        assert encoding_of(instead) is Encoding.GSM7


def test_no_character_is_listed_twice() -> None:
    from gateway.domain import smart

    listed = [character for characters in smart._INSTEAD.values() for character in characters]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("dear", "cheap"),
    [
        ("\u201cIt\u2019s\u201d", '"It\'s"'),
        ("9\u201317 \u2014 Mon", "9-17 - Mon"),
        ("wait\u2026", "wait..."),
        ("10\u00a0kg", "10 kg"),
        ("so\u00adft \u200bzero\ufeff", "soft zero"),
        ("gar\u00e7on, cr\u00eape, ni\u00f1o, \u0141\u00f3d\u017a", "garcon, crepe, ni\u00f1o, Lodz"),
        ("\u01df \u1ebf", "\u00e4 e"),
        ("cafe\u0301", "cafe"),
        ("\ufb01ne \u2122 \u00bd \u2460 \uff21", "fine TM 1/2 1 A"),
        ("\u0152uvre \u00a9 \u2022 point", "OEuvre (c) * point"),
        ("\u0391\u0392\u0393 \u039a\u0391\u0399", "AB\u0393 KAI"),
        ("a\tb\u2028c", "a b\nc"),
        ("\u043f\u0440\u0438\u0432\u0435\u0442", "\u043f\u0440\u0438\u0432\u0435\u0442"),
        ("\u0439 \u03ac \U0001f600 \ufe8d", "\u0439 \u03ac \U0001f600 \ufe8d"),
        ("plain [text] \u20ac5", "plain [text] \u20ac5"),
        ("", ""),
    ],
)
def test_what_can_be_said_plainly_is_and_the_rest_stays(dear: str, cheap: str) -> None:
    assert plain(dear) == cheap


def test_each_costly_character_is_named_with_its_place() -> None:
    assert costly("It\u2019s \U0001f600!") == (Costly(2, "\u2019", "'"), Costly(5, "\U0001f600", None))
    assert costly("It's fine [\u20ac]") == ()


@given(st.text(st.characters(exclude_categories=[])))
def test_plain_text_is_cheap_unless_something_has_no_replacement(text: str) -> None:
    dear = costly(text)
    assert (dear == ()) == (encoding_of(text) is Encoding.GSM7)
    assert (encoding_of(plain(text)) is Encoding.GSM7) == all(each.replacement is not None for each in dear)
    assert all(text[each.index] == each.char and replacement_for(each.char) == each.replacement for each in dear)
    assert plain(plain(text)) == plain(text)
