"""What counts as an answer, by what a question asks for; and which words are whose."""

from datetime import date

import pytest

from gateway.domain.consent_words import ConsentWord
from gateway.domain.form_answers import WrongAnswer, choice_of, read_answer
from gateway.domain.forms import Choice, DateOrder, Question, QuestionType
from gateway.domain.said import first_words, of_law, plain, wants_out

TODAY = date(2026, 5, 4)
N, D, T = QuestionType.NUMBER, QuestionType.DATE, QuestionType.TEXT
Y, E, P = QuestionType.YES_NO, QuestionType.EMAIL, QuestionType.PHONE
COLOURS = (Choice("Rot"), Choice("Größe L", ("big", "XL")), Choice("3"))


def ask(kind: QuestionType, **more: object) -> Question:
    return Question("a", "A?", kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "said", "value"),
    [
        (ask(T), "  Maya  ", "Maya"),
        (ask(T), "\u200bMaya\u2069", "Maya"),
        (ask(T, least=3), "Jo", None),
        (ask(T, most=3), "Maya", None),
        (ask(T), "", None),
        (ask(T), "x" * 1001, None),
        (ask(N), "34", "34"),
        (ask(N), "3,5", "3.5"),
        (ask(N), "1.000", "1000"),
        (ask(N), "1,000", "1000"),
        (ask(N), "1,234.5", "1234.5"),
        (ask(N), "1.234,5", "1234.5"),
        (ask(N), "12 000", "12000"),
        (ask(N), "-2.", "-2"),
        (ask(N), "\u0663\u0664", "34"),
        (ask(N), "thirty", None),
        (ask(N), "1e5", None),
        (ask(N, least=1), "0", None),
        (ask(N, most=120), "121", None),
        (ask(Y), "Yes!", "yes"),
        (ask(Y), "ja gerne", "yes"),
        (ask(Y), "1", "yes"),
        (ask(Y), "Nope", "no"),
        (ask(Y), "no thanks", "no"),
        (ask(Y), "maybe", None),
        (ask(D), "2030-12-31", "2030-12-31"),
        (ask(D), "31.12.2030", "2030-12-31"),
        (ask(D), "3/4/30", "2030-04-03"),
        (ask(D, order=DateOrder.MONTH_FIRST), "3/4/30", "2030-03-04"),
        (ask(D), "1.1.99", "1999-01-01"),
        (ask(D), "Tomorrow", "2026-05-05"),
        (ask(D), "31.2.2030", None),
        (ask(D), "soon", None),
        (ask(E), "Maya@Shop.Example.", "maya@shop.example"),
        (ask(E), "maya", None),
        (ask(P), "+1 (415) 555-2671", "+14155552671"),
        (ask(P), "415 555 2671", None),
        (ask(P), "maya@shop.example", None),
        (ask(QuestionType.CHOICE, choices=COLOURS), "2.", "Größe L"),
        (ask(QuestionType.CHOICE, choices=COLOURS), "grosse l", "Größe L"),
        (ask(QuestionType.CHOICE, choices=COLOURS), "GRÖSSE L", "Größe L"),
        (ask(QuestionType.CHOICE, choices=COLOURS), "4", None),
    ],
)
def test_answers(question: Question, said: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(WrongAnswer) as wrong:
            read_answer(question, said, TODAY)
        assert wrong.value.sentence.endswith(".")
    else:
        assert read_answer(question, said, TODAY).value == value


def test_choices_and_countries() -> None:
    assert choice_of(COLOURS, "xl") == 1
    assert choice_of(COLOURS, "3") == 2  # a number is a place before it is a word
    assert choice_of(COLOURS, "!") is None
    assert read_answer(ask(P), "(415) 555-2671", TODAY, "US").value == "+14155552671"


@pytest.mark.parametrize(
    ("word", "family"),
    [
        ("STOP", ConsentWord.STOP),
        ("s.t.o.p", ConsentWord.STOP),
        ("Stop news", ConsentWord.STOP),
        ("cancel order", ConsentWord.STOP),
        ("Unstop", ConsentWord.START),
        ("info", ConsentWord.HELP),
        ("INFO PACK", None),
        ("opt out", ConsentWord.STOP),
        ("remove me from this", ConsentWord.SUGGEST),
        ("JOIN", None),
        ("Stopwatch", None),
        ("YES", None),
    ],
)
def test_words_of_law(word: str, family: ConsentWord | None) -> None:
    assert of_law(word) is family


def test_plain_words() -> None:
    assert plain("  Été, «JOIN»! \u200b🎉 ") == "ete join"
    assert plain("don't") == plain("DON\u2019T") == "dont"
    assert plain("Straße") == "strasse"
    assert first_words("a b c d", 3) == ["a b c", "a b", "a"]
    assert wants_out("please stop texting me")
    assert not wants_out("STOP")
