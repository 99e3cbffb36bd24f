"""A channel's Settings dataclass as a form: what the page draws, and what the API says a plugin takes."""

import dataclasses
from collections.abc import Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from gateway.domain.record import record
from gateway.sdk.settings import Noun, is_liquid, is_secret, named_by, outside_name


@record
class FormField:
    """One setting. `type` is text, secret, number, integer, boolean, choice, list or object.

    `default` is None for a required field, and for a secret always. `minimum` and `choices` hold where they are given.
    """

    name: str
    label: str
    type: str
    required: bool
    hint: str = ""
    default: Any = None
    minimum: float | None = None
    choices: tuple[str, ...] = ()
    nullable: bool = False
    liquid: bool = False
    names: Noun | None = None
    lines: int = 1

    @property
    def secret(self) -> bool:
        """Whether its value goes in and never comes out."""
        return self.type == "secret"


def describe(settings: type[Any]) -> tuple[FormField, ...]:
    """The form of a Settings dataclass, in its order."""
    hints = get_type_hints(settings)
    return tuple(_field(field, hints[field.name]) for field in dataclasses.fields(settings) if field.init)


def _field(field: "dataclasses.Field[Any]", hint: Any) -> FormField:
    hint, nullable = _without_none(hint)
    secret = is_secret(field)
    required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    return FormField(
        name=outside_name(field),
        label=field.metadata.get("label") or outside_name(field).replace("_", " ").capitalize(),
        type="secret" if secret else _type_of(hint),
        required=required,
        hint=field.metadata.get("hint", ""),
        default=None if secret else _default_of(field),
        minimum=field.metadata.get("minimum"),
        choices=_choices_of(hint),
        nullable=nullable,
        liquid=is_liquid(field),
        names=named_by(field),
        lines=field.metadata.get("lines", 1),
    )


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    rest = [part for part in get_args(hint) if part is not NoneType]
    return (rest[0] if len(rest) == 1 else hint), len(rest) < len(get_args(hint))


def _type_of(hint: Any) -> str:
    if _choices_of(hint):
        return "choice"
    origin = get_origin(hint) or hint
    if not isinstance(origin, type):
        return "text"
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "text")):
        if issubclass(origin, kind):
            return name
    return "list" if issubclass(origin, Sequence) else "object"


def _choices_of(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return tuple(str(choice) for choice in get_args(hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return tuple(str(member.value) for member in hint)
    return ()


def _default_of(field: "dataclasses.Field[Any]") -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default.value if isinstance(field.default, Enum) else field.default
    return None if field.default_factory is dataclasses.MISSING else field.default_factory()
