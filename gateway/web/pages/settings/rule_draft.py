"""A rule while it is being written: read from the form, changed by its buttons, drawn again with its faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.domain.durations import UNITS, parted
from gateway.domain.record import record
from gateway.domain.rules import VALUELESS, Op
from gateway.host.registry import Registry
from gateway.host.settings_form import FormField, describe
from gateway.sdk.settings import Noun
from gateway.web.language import Language, marked
from gateway.web.pages.settings import numbered_rows, plugin_fields
from gateway.web.pages.settings.fields import Field, Form, Option

MOST_ROWS = 20
_LISTS = frozenset({Op.IN, Op.NOT_IN})
UNIT_LABELS = {"s": marked("seconds"), "m": marked("minutes"), "h": marked("hours"), "d": marked("days")}

Offers = Mapping[Noun, Mapping[str, str]]
"""What a setting can name: ids with what people call them."""


@dataclass(slots=True)
class Draft:
    """A rule as the API takes it, whether or not it is right yet.

    Each row has a number that stays with it when it moves: its fields keep their names, so that what is typed while the
    page is drawn anew finds its place.
    """

    name: str = ""
    when: str = "conversation_completed"
    conditions: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    once_per: str = ""
    enabled: bool = False
    numbers: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, rows in self.rows.items():
            self.numbers.setdefault(kind, [*range(len(rows))])

    @property
    def rows(self) -> Mapping[str, list[dict[str, Any]]]:
        """The rows by what their names begin with."""
        return {"if": self.conditions, "then": self.actions}

    def names(self, kind: str) -> list[str]:
        """What the names of the fields of each row begin with."""
        return [f"{kind}.{number}" for number in self.numbers[kind]]

    def body(self) -> dict[str, Any]:
        """The request."""
        return {
            "name": self.name,
            "when": self.when,
            "if": self.conditions,
            "then": self.actions,
            "once_per": self.once_per or None,
            "enabled": self.enabled,
        }


@record
class ConditionRow:
    """One condition in the form; `value` as it was typed."""

    name: str
    field: str
    op: str
    value: str
    valueless: bool
    errors: Mapping[str, str]


@record
class ActionRow:
    """One action in the form. `label` is None for one that no plugin brings any more."""

    name: str
    type: str
    label: str | None
    delay: str
    unit: str
    fields: Sequence[Field]
    error: str
    delay_error: str


def read(form: Form, registry: Registry) -> Draft:
    """The draft that a form holds. What can't be read is told in `form.faults`."""
    draft = Draft(form.text("name"), form.text("when"), once_per=form.text("once_per"), enabled=form.is_on("enabled"))
    for kind, part in (("if", "field"), ("then", "type")):
        draft.numbers[kind] = numbered_rows.numbers_in(form.given, kind, part, MOST_ROWS)
    draft.conditions += [_condition(form, name) for name in draft.names("if")]
    draft.actions += [_action(form, name, registry) for name in draft.names("then")]
    return draft


def pressed(draft: Draft, button: str, add: str) -> bool:
    """Carries out a button that changes the form alone; False for one that does more (`save`, `try`)."""
    verb, _, rest = button.partition("-")
    kind, _, number = rest.partition("-")
    rows = draft.rows.get(kind)
    if rows is None:
        return False
    if verb == "add":
        row = {"field": "", "op": "is", "value": ""} if kind == "if" else {"type": add}
        numbered_rows.add(rows, draft.numbers[kind], row)
    numbered_rows.arrange(rows, draft.numbers[kind], verb, number)
    return True


def condition_rows(draft: Draft, faults: Mapping[str, str], form: Form | None = None) -> list[ConditionRow]:
    """The conditions, with what is wrong at each part; as they were typed where `form` has them."""
    made = []
    for place, (name, one) in enumerate(zip(draft.names("if"), draft.conditions, strict=True)):
        value = one.get("value")
        text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        if form is not None:
            text = form.given.get(f"{name}.value", text)
        errors = {part: faults.get(f"if[{place}].{part}", "") for part in ("field", "op", "value")}
        op = str(one.get("op", "is"))
        made.append(ConditionRow(name, str(one.get("field", "")), op, text, op in VALUELESS, errors))
    return made


def action_rows(
    draft: Draft,
    registry: Registry,
    offers: Offers,
    faults: Mapping[str, str],
    form: Form | None,
    language: Language,
) -> list[ActionRow]:
    """The actions, each with the form of its settings. `form` has what was typed, where that is to be shown again."""
    made = []
    for place, (name, one) in enumerate(zip(draft.names("then"), draft.actions, strict=True)):
        typed, where = form if form and f"{name}.type" in form.given else None, f"then[{place}]"
        found = registry.actions.get(str(one.get("type")))
        described = describe(found.item.settings) if found else ()
        fields = plugin_fields.drawn(described, one, language, prefix=f"{name}.")
        fields = [_offered(each, drawn, offers) for each, drawn in zip(described, fields, strict=True)]
        if typed is not None:
            fields = plugin_fields.refilled(fields, typed)
        placed = [
            replace(drawn, error=faults.get(f"{where}.{each.name}") or faults.get(drawn.name, ""))
            for each, drawn in zip(described, fields, strict=True)
        ]
        number, unit = parted(one.get("delay") or 0)
        made.append(
            ActionRow(
                name,
                str(one.get("type")),
                language.gettext(found.item.label) if found else None,
                typed.text(f"{name}.delay") if typed else str(number or ""),
                typed.text(f"{name}.unit") if typed else unit if number else "m",
                placed,
                faults.get(where, "") or faults.get(f"{where}.type", ""),
                faults.get(f"{where}.delay", "") or faults.get(f"{name}.delay", ""),
            )
        )
    return made


def _condition(form: Form, name: str) -> dict[str, Any]:
    op, text = form.text(f"{name}.op"), form.text(f"{name}.value")
    value: Any = [one.strip() for one in text.split(",") if one.strip()] if op in _LISTS else text
    made: dict[str, Any] = {"field": form.text(f"{name}.field"), "op": op}
    return made if op in VALUELESS else {**made, "value": value}


def _action(form: Form, name: str, registry: Registry) -> dict[str, Any]:
    kind = form.text(f"{name}.type")
    found = registry.actions.get(kind)
    described = describe(found.item.settings) if found else ()
    settings = plugin_fields.read(described, form, f"{name}.")
    made = {"type": kind, **{key: value for key, value in settings.items() if value is not None}}
    number = form.integer(f"{name}.delay")
    if number:
        made["delay"] = number * UNITS.get(form.text(f"{name}.unit"), 60)
    return made


def _offered(each: FormField, drawn: Field, offers: Offers) -> Field:
    """A setting that names something becomes a choice of what there is; a template of words gets room."""
    if each.lines > 1 and each.type == "text":
        return replace(drawn, type="area", wide=True)
    if each.names is None or each.names == "tag":
        return drawn
    known = offers.get(each.names, {})
    options = [Option("", "-"), *(Option(made, label) for made, label in known.items())]
    if drawn.value and drawn.value not in known:
        options.append(Option(drawn.value, drawn.value))
    return replace(drawn, type="choice", options=options)
