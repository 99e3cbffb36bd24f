"""Bars that say how often each thing was chosen: of a poll, and of each question of a form."""

from collections.abc import Iterable, Sequence
from typing import Final

from gateway.domain.form_results import Counted, QuestionResult
from gateway.domain.forms import QuestionType
from gateway.domain.record import record
from gateway.web.language import Language, marked

WIDTH: Final = 1000


@record
class Bar:
    """One choice: how many, how much of all, and how long its bar is of `WIDTH`. `number` is what is texted for it."""

    label: str
    votes: int
    share: str
    width: int
    number: str = ""


@record
class QuestionBars:
    """What was answered to one question, in words and as bars."""

    text: str
    answered: str
    facts: str
    bars: Sequence[Bar]


_YES_NO: Final = {"yes": marked("Yes"), "no": marked("No")}


def bars_of(language: Language, chosen: Iterable[tuple[str, str, int]]) -> list[Bar]:
    """Bars of (number, label, how often), each as long as its share of all."""
    lines = list(chosen)
    total = sum(count for _, _, count in lines)
    made = []
    for number, label, count in lines:
        share = language.number(round(100 * count / total)) if total else "0"
        made.append(Bar(label, count, f"{share} %", round(WIDTH * count / total) if total else 0, number))
    return made


def question_bars(language: Language, result: QuestionResult) -> QuestionBars:
    """One question of a form."""
    _ = language.gettext
    answered = language.ngettext("%(num)s answer", "%(num)s answers", result.answered)
    facts = ""
    if result.mean is not None and result.least is not None and result.most is not None:
        facts = _(
            "On average %(mean)s, from %(least)s to %(most)s",
            mean=language.number(round(result.mean, 2)),
            least=language.number(result.least),
            most=language.number(result.most),
        )
    lines = [("", _label(language, result.type, one), one.count) for one in result.counts]
    return QuestionBars(result.text, answered, facts, bars_of(language, lines) if result.answered else [])


def _label(language: Language, kind: QuestionType, one: Counted) -> str:
    if kind is QuestionType.YES_NO:
        return language.gettext(_YES_NO.get(one.value, one.value))
    if kind is not QuestionType.NUMBER:
        return one.value
    first = language.number(float(one.value))
    return first if one.last in {"", one.value} else f"{first} \N{EN DASH} {language.number(float(one.last))}"
