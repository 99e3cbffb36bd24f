"""Answers to what machines ask: what people write instead of a number, and what only has a number in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.questions import read_answer

STAR, UP, DOWN = "\N{WHITE MEDIUM STAR}", "\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"
WORDS = {1: "one eins bad", 2: "two zwei", 3: "three drei", 4: "four vier", 5: "five f\u00fcnf great"}
ANSWERS = {str(value): [*words.split(), STAR * value] for value, words in WORDS.items()}
ANSWERS["5"].append(UP)
ANSWERS["1"].append(DOWN)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5"),
        ("five", "5"),
        ("4!!", "4"),
        (UP, "5"),
        (f"{UP}\U0001f3fd", "5"),
        (UP * 3, "5"),
        (DOWN, "1"),
        (STAR * 4, "4"),
        (f"5{STAR}", "5"),
        ("very good 5", "5"),
        ("5/5", "5"),
        ("4 out of 5", "4"),
        ("4 von 5", "4"),
        ("I\u2019d give it a 4, thanks!", "4"),
        ("F\u00dcNF!", "5"),
        ("Sehr gut, 5 Punkte", "5"),
        ("eine klare 4", "4"),
        ("Great!", "5"),
        (" 3. ", "3"),
        ("\uff13", "3"),
        ("5\n\n--\nAnn", "5"),
        ("5\nOn Mon, 1 Dec 2026, Acme wrote:\n> 1 (bad) to 5", "5"),
        ("2\nAm Mo., 1. Dez. 2026 schrieb Acme:\n> 1 bis 5", "2"),
    ],
)
def test_an_answer(text: str, value: str) -> None:
    assert read_answer(text, ANSWERS) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "thanks",
        "no",
        "55",
        "0",
        "4 or 5",
        "1 2 3",
        "not 5",
        "5 people are coming",
        "Call me at 5",
        "I have 5 kids",
        "5 days ago I ordered and nothing came",
        "Where is my order?",
        "great, when will the other four arrive",
        f"{UP}{DOWN}",
    ],
)
def test_no_answer(text: str) -> None:
    assert read_answer(text, ANSWERS) is None


@given(st.text(st.characters(exclude_categories=[])))
def test_whatever_is_written_is_a_value_or_none(text: str) -> None:
    assert read_answer(text, ANSWERS) in {None, *ANSWERS}
