"""A channel's own settings in a form, made from its Settings dataclass: drawn, filled, and read back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from gateway.host.settings_form import FormField
from gateway.web.language import Language, marked
from gateway.web.pages.settings.fields import Field, Form, Option

PREFIX = "settings."
_LONG = 60
_TYPES = {"list": "area", "object": "code"}


def drawn(
    described: Iterable[FormField],
    stored: Mapping[str, Any],
    language: Language,
    kept: Iterable[str] = (),
    prefix: str = PREFIX,
) -> list[Field]:
    """The form with what is stored, or the defaults; of secrets only whether there is one (`kept`)."""
    secrets = frozenset(kept)
    return [
        _drawn(one, stored.get(one.name, one.default), language, prefix, kept=one.name in secrets) for one in described
    ]


def _drawn(one: FormField, value: Any, language: Language, prefix: str, *, kept: bool) -> Field:
    text, _ = "" if one.secret else _shown(one, value), language.gettext
    hint = one.hint
    if one.type == "list":
        hint = f"{_(one.hint)} {_('One a line.')}".strip()
    if one.type == "object":
        hint = f"{_(one.hint)} {_('A JSON object.')}".strip()
    return Field(
        name=prefix + one.name,
        label=one.label,
        type=_TYPES.get(one.type, one.type) if len(text) < _LONG or one.type != "text" else "code",
        value=text,
        hint=hint,
        required=one.required and not kept,
        options=[
            *([Option("", "-")] if one.nullable and one.choices else []),
            *(Option(choice, choice.replace("_", " ")) for choice in one.choices),
        ],
        least="" if one.minimum is None else f"{one.minimum:g}",
        kept=kept,
        forgettable=kept and not one.required,
        wide=one.type == "object" or len(text) >= _LONG,
    )


def _shown(one: FormField, value: Any) -> str:
    if value is None:
        return ""
    if one.type == "boolean":
        return "on" if value else ""
    if one.type == "list":
        return "\n".join(str(item) for item in value)
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:g}"
    return json.dumps(value, ensure_ascii=False, indent=1) if not isinstance(value, int) else str(value)


def refilled(fields: Iterable[Field], form: Form) -> list[Field]:
    """The fields as they were typed. A secret never comes back: it is asked for again, not lost unseen."""
    return [_refilled(one, form.given.get(one.name, "")) for one in fields]


def _refilled(field: Field, typed: str) -> Field:
    if field.type != "secret":
        return replace(field, value=typed)
    again = marked("Type it again: a secret is never sent back.")
    return replace(field, hint=again, required=True, kept=False, forgettable=False) if typed else field


def read(described: Iterable[FormField], form: Form, prefix: str = PREFIX) -> dict[str, Any]:
    """What was entered, as the plugin takes it. A field left empty is its default; an empty secret is left out.

    What is unreadable is told in `form.faults`; what the plugin refuses it says itself.
    """
    values: dict[str, Any] = {}
    for one in described:
        name = prefix + one.name
        if one.secret:
            _read_secret(one, form, values, prefix)
        elif one.type == "boolean":
            values[one.name] = form.is_on(name)
        elif not form.text(name):
            _read_nothing(one, form, values, name)
        else:
            values[one.name] = _read(one, form, name)
    return values


def _read_secret(one: FormField, form: Form, values: dict[str, Any], prefix: str) -> None:
    typed = form.given.get(prefix + one.name, "")
    if typed:
        values[one.name] = typed.replace("\r\n", "\n")
    elif form.is_on(f"forget.{one.name}"):
        values[one.name] = None if one.nullable else ""


def _read_nothing(one: FormField, form: Form, values: dict[str, Any], name: str) -> None:
    if one.required:
        form.faults.add(name, marked("This setting is required."))
    elif one.nullable:
        values[one.name] = None
    elif one.type == "text":
        values[one.name] = ""
    else:
        values[one.name] = one.default


def _read(one: FormField, form: Form, name: str) -> Any:
    match one.type:
        case "choice":
            return form.chosen(name, one.choices)
        case "integer":
            return form.integer(name)
        case "number":
            return form.number(name)
        case "list":
            return [line.strip() for line in form.text(name).splitlines() if line.strip()]
        case "object":
            return _read_object(name, form)
    return form.text(name)


def _read_object(name: str, form: Form) -> Any:
    try:
        return json.loads(form.text(name))
    except (ValueError, RecursionError):
        form.faults.add(name, marked('This is not JSON; write it as {"name": "value"}.'))
        return None
