"""Phrases of a workspace's own."""

import pytest

from gateway.domain.own_wishes import may_want_out

PHRASES = ("Paus", "Nie wieder Pizza", "l'été fini")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("paus", True),
        ("  PAUS!! ", True),
        ("paus in the middle", False),
        ("nie wieder pizza", True),
        ("Ihr seid toll, aber nie wieder, PIZZA bitte", True),
        ("nie wieder pizzas", False),
        ("Lete fini", True),
        ("", False),
        ("please stop texting", True),
    ],
)
def test_several_words_count_anywhere_and_one_alone(text: str, meant: bool) -> None:
    assert may_want_out(text, PHRASES) is meant


def test_without_any_it_is_what_everybody_says() -> None:
    assert not may_want_out("paus", ())
