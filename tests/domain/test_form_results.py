"""Results of a form: what was answered, in the order of the question, numbers by value or in bands."""

import pytest

from gateway.domain.form_results import BANDS, Counted, result_of
from gateway.domain.forms import Choice, Question, QuestionType


def counts(question: Question, answers: dict[str | None, int]) -> list[tuple[str, int]]:
    return [(one.value, one.count) for one in result_of(question, answers).counts]


def test_choices_stand_in_their_order_and_those_that_are_gone_after_them() -> None:
    size = Question("size", "Size?", QuestionType.CHOICE, (Choice("Small"), Choice("Large")))
    assert counts(size, {"Huge": 1, "Large": 3, "Tiny": 2}) == [("Small", 0), ("Large", 3), ("Tiny", 2), ("Huge", 1)]
    assert counts(Question("ok", "OK?", QuestionType.YES_NO), {"no": 2}) == [("yes", 0), ("no", 2)]
    assert result_of(size, {}).answered == 0


def test_texts_are_only_counted() -> None:
    found = result_of(Question("who", "Who?"), {None: 7})
    assert (found.answered, found.counts, found.mean) == (7, (), None)


def test_a_few_numbers_each_have_a_line() -> None:
    found = result_of(Question("n", "How many?", QuestionType.NUMBER), {"10": 1, "2": 2, "2.5": 1, "rubbish": 1})
    assert (found.answered, found.mean, found.least, found.most) == (5, 4.125, 2, 10)
    assert found.counts == (Counted("2", 2), Counted("2.5", 1), Counted("10", 1))
    assert result_of(Question("n", "How many?", QuestionType.NUMBER), {}).mean is None


@pytest.mark.parametrize(
    ("values", "first", "last"),
    [
        (range(1, 17), ("1", "2", 2), ("15", "16", 2)),
        (range(-50, 51), ("-50", "-38", 13), ("41", "53", 10)),
        ([one / 4 for one in range(33)], ("0", "1", 4), ("7", "8", 5)),
        (
            [1e12 + one for one in range(11)],
            ("1000000000000", "1000000000001", 2),
            ("1000000000010", "1000000000011", 1),
        ),
    ],
)
def test_many_numbers_come_in_bands_and_each_counts_once(values: list[float], first: object, last: object) -> None:
    answers: dict[str | None, int] = {repr(one): 1 for one in values}
    found = result_of(Question("n", "How many?", QuestionType.NUMBER), answers)
    bands = [(one.value, one.last, one.count) for one in found.counts]
    assert len(bands) <= BANDS
    assert (bands[0], bands[-1]) == (first, last)
    assert sum(one.count for one in found.counts) == len(answers) == found.answered
