"""Results of a form, as the API says them."""

from collections.abc import Mapping, Sequence

import msgspec

from gateway.domain.form_results import QuestionResult
from gateway.domain.forms import Form
from gateway.web.api.times import to_id


class AnswerCountShape(msgspec.Struct, frozen=True):
    """How often something was answered. Of more than ten different numbers, those from `value` to `last`."""

    value: str
    last: str | None
    count: int


class QuestionResultShape(msgspec.Struct, frozen=True):
    """One question. `counts` of choices, yes and no, and numbers, of which there are `mean`, `min` and `max` too."""

    key: str
    text: str
    type: str
    answered: int
    counts: list[AnswerCountShape]
    mean: float | None
    min: float | None
    max: float | None


class FormResultsShape(msgspec.Struct, frozen=True):
    """All questions in their order, and how many responses are in which state."""

    form: str
    responses: dict[str, int]
    questions: list[QuestionResultShape]


def form_results_shape(form: Form, results: Sequence[QuestionResult], responses: Mapping[str, int]) -> FormResultsShape:
    """What was answered, as the API says it."""
    return FormResultsShape(to_id("form", form.id), dict(responses), [_question(one) for one in results])


def _question(one: QuestionResult) -> QuestionResultShape:
    counts = [AnswerCountShape(each.value, each.last or None, each.count) for each in one.counts]
    mean = None if one.mean is None else round(one.mean, 6)
    return QuestionResultShape(one.key, one.text, one.type, one.answered, counts, mean, one.least, one.most)
