"""What the answers to a form come to, question by question."""

from collections.abc import Mapping
from typing import Final

from gateway.domain.forms import Question, QuestionType
from gateway.domain.record import record

COUNTED: Final = frozenset({QuestionType.CHOICE, QuestionType.YES_NO, QuestionType.NUMBER})
"""Types whose answers are alike enough to be counted; of the others only how many there are."""
MOST_LINES: Final = 10
BANDS: Final = 8


@record
class Counted:
    """How often something was answered: a value, or for many different numbers those from `value` to `last`.

    Of whole numbers both ends belong to it, of others the upper one belongs to the next.
    """

    value: str
    count: int
    last: str = ""


@record
class QuestionResult:
    """One question: how many answered it, and what. `mean`, `least` and `most` are of numbers."""

    key: str
    text: str
    type: QuestionType
    answered: int
    counts: tuple[Counted, ...] = ()
    mean: float | None = None
    least: float | None = None
    most: float | None = None


def result_of(question: Question, answers: Mapping[str | None, int]) -> QuestionResult:
    """A question's result from how often each value was answered; None stands for values that were not looked at."""
    answered = sum(answers.values())
    known = {value: count for value, count in answers.items() if value is not None}
    start = (question.key, question.text, question.type, answered)
    match question.type:
        case QuestionType.CHOICE:
            return QuestionResult(*start, _listed([one.label for one in question.choices], known))
        case QuestionType.YES_NO:
            return QuestionResult(*start, _listed(["yes", "no"], known))
        case QuestionType.NUMBER:
            return _numbers(start, known)
    return QuestionResult(*start)


def _listed(labels: list[str], known: Mapping[str, int]) -> tuple[Counted, ...]:
    """In the order of the question; what could be chosen once comes after it, the most frequent first."""
    gone = sorted(set(known) - set(labels), key=lambda value: (-known[value], value))
    return tuple(Counted(value, known.get(value, 0)) for value in [*labels, *gone])


def _numbers(start: tuple[str, str, QuestionType, int], known: Mapping[str, int]) -> QuestionResult:
    numbers = sorted((float(value), count) for value, count in known.items() if _is_number(value))
    total = sum(count for _, count in numbers)
    if not total:
        return QuestionResult(*start)
    mean = sum(value * count for value, count in numbers) / total
    least, most = numbers[0][0], numbers[-1][0]
    if len(numbers) <= MOST_LINES:
        counts = tuple(Counted(_written(value), count) for value, count in numbers)
    else:
        counts = _bands(numbers, least, most)
    return QuestionResult(*start, counts, mean, least, most)


def _bands(numbers: list[tuple[float, int]], least: float, most: float) -> tuple[Counted, ...]:
    """Bands of one width, whole where the numbers are; the last one holds the largest number too."""
    whole = all(value.is_integer() for value, _ in numbers)
    width = float(-(-(most - least + 1) // BANDS)) if whole else (most - least) / BANDS
    found: dict[int, int] = {}
    for value, count in numbers:
        band = min(int((value - least) / width), BANDS - 1)
        found[band] = found.get(band, 0) + count
    last = max(found)
    return tuple(
        Counted(_written(least + band * width), found.get(band, 0), _written(least + (band + 1) * width - whole))
        for band in range(last + 1)
    )


def _written(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:.6g}"


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
