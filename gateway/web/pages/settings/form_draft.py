"""A form while it is being written: its questions read from the page, changed by its buttons, drawn again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.domain.durations import UNITS, parted
from gateway.domain.forms import DAY_S, WAY_OUT, DateOrder, Form, QuestionType, questions_in
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.web.language import marked
from gateway.web.pages.settings import numbered_rows
from gateway.web.pages.settings.fields import Form as Posted
from gateway.web.pages.settings.talk_fields import choices_in, lines_of

MOST: Final = 30
TYPES: Final = (
    (QuestionType.TEXT, marked("Text")),
    (QuestionType.NUMBER, marked("Number")),
    (QuestionType.CHOICE, marked("Choice")),
    (QuestionType.YES_NO, marked("Yes or no")),
    (QuestionType.DATE, marked("Date")),
    (QuestionType.EMAIL, marked("E-mail address")),
    (QuestionType.PHONE, marked("Phone number")),
)
ORDERS: Final = (
    (DateOrder.DAY_FIRST, marked("day first: 31.12.")),
    (DateOrder.MONTH_FIRST, marked("month first: 12/31")),
)
_PARTS: Final = ("key", "text", "type", "choices", "min", "max", "date_order", "wrong", "tries", "keep")
_EMPTY: Final = {"type": "text", "tries": "3", "date_order": "day_first"}


@dataclass(slots=True)
class Draft:
    """A form as it was typed, whether or not it is right yet. Questions are texts by part, each with its number."""

    name: str = ""
    questions: list[dict[str, str]] = field(default_factory=lambda: [dict(_EMPTY)])
    thanks: str = ""
    way_out: str = WAY_OUT
    left: str = ""
    wait: str = "1"
    unit: str = "d"
    add_to_list: str = ""
    tag: str = ""
    enabled: bool = True
    numbers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.numbers = self.numbers or [*range(len(self.questions))]

    @property
    def names(self) -> list[str]:
        """What the names of the fields of each question begin with."""
        return [f"q.{number}" for number in self.numbers]

    def body(self, posted: Posted) -> dict[str, Any]:
        """The request. What is no number is told in the faults of the page."""
        wait = posted.integer("wait")
        return {
            "name": self.name,
            "questions": [_question(one, name, posted) for name, one in zip(self.names, self.questions, strict=True)],
            "thanks": self.thanks or None,
            "way_out": self.way_out,
            "left": self.left or None,
            "timeout": DAY_S if wait is None else wait * UNITS.get(self.unit, 60),
            "add_to_list": self.add_to_list or None,
            "tag": self.tag or None,
            "enabled": self.enabled,
        }


@record
class QuestionRow:
    """One question on the page, with what is wrong with each part."""

    name: str
    parts: Mapping[str, str]
    errors: Mapping[str, str]


def read(posted: Posted) -> Draft:
    """The draft that the page holds."""
    numbers = numbered_rows.numbers_in(posted.given, "q", "text", MOST)
    return Draft(
        posted.text("name"),
        [{part: posted.text(f"q.{number}.{part}") for part in _PARTS} for number in numbers],
        posted.text("thanks"),
        posted.text("way_out"),
        posted.text("left"),
        posted.text("wait"),
        posted.text("unit"),
        posted.text("add_to_list"),
        posted.text("tag"),
        posted.is_on("enabled"),
        numbers,
    )


def stored(form: Form, tags: Mapping[int, str]) -> Draft:
    """A form that is there."""
    questions = [
        {
            "key": one.key,
            "text": one.text,
            "type": str(one.type),
            "choices": lines_of(one.choices, tags),
            "min": "" if one.least is None else f"{one.least:g}",
            "max": "" if one.most is None else f"{one.most:g}",
            "date_order": str(one.order),
            "wrong": one.wrong or "",
            "tries": str(one.tries),
            "keep": one.keep or "",
        }
        for one in questions_in(form.questions)
    ]
    wait, unit = parted(form.timeout)
    return Draft(
        form.name,
        questions,
        form.thanks or "",
        form.way_out,
        form.left or "",
        str(wait),
        unit,
        "" if form.list_id is None else format_id("lst", form.list_id),
        tags.get(form.tag_id or 0, ""),
        form.enabled,
    )


def pressed(draft: Draft, button: str) -> bool:
    """Carries out a button that changes the page alone; False for `save`."""
    verb, _, number = button.partition("-")
    if verb == "add" and len(draft.questions) < MOST:
        numbered_rows.add(draft.questions, draft.numbers, dict(_EMPTY))
    numbered_rows.arrange(draft.questions, draft.numbers, verb, number)
    return verb in {"add", "drop", "up", "look"}  # another type shows other fields: that is a look


def rows_of(draft: Draft, faults: Mapping[str, str]) -> Sequence[QuestionRow]:
    """The questions with their faults."""
    made = []
    for place, (name, one) in enumerate(zip(draft.names, draft.questions, strict=True)):
        errors = {}
        for part in _PARTS:
            named = (f"questions[{place}].{part}", f"{name}.{part}")
            nested = (found for key, found in faults.items() if key.startswith(f"questions[{place}].{part}["))
            errors[part] = next((faults[each] for each in named if each in faults), "") or next(nested, "")
        made.append(QuestionRow(name, {**dict.fromkeys(_PARTS, ""), **one}, errors))
    return made


def _question(one: Mapping[str, str], name: str, posted: Posted) -> dict[str, Any]:
    tries = posted.integer(f"{name}.tries")
    made: dict[str, Any] = {
        "text": one.get("text", ""),
        "type": one.get("type") or "text",
        "date_order": one.get("date_order") or DateOrder.DAY_FIRST,
        "min": posted.number(f"{name}.min"),
        "max": posted.number(f"{name}.max"),
        "wrong": one.get("wrong") or None,
        "tries": 3 if tries is None else tries,
        "keep": one.get("keep") or None,
        "choices": choices_in(one.get("choices", "")) if one.get("type") == QuestionType.CHOICE else [],
    }
    return made | ({"key": one["key"]} if one.get("key") else {})
