"""Records: frozen to the type checker, cheap to make.

A frozen dataclass of 27 fields takes ten times as long to make as one that isn't, and `dataclasses.replace` four
times as long again; a message makes a dozen. So a record's assignments are refused by mypy instead of at run time,
and `replace` is compiled once for each type. Measured in docs/decisions/0003-records.md.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

C = TypeVar("C")

__all__ = ["record", "replace"]

_EVOLVE = "_evolve"


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[C]) -> type[C]:
    """A slotted dataclass that is replaced, never edited."""
    made = dataclasses.dataclass(slots=True)(cls)
    setattr(made, _EVOLVE, _compile(made))
    return made


def _compile(cls: type[Any]) -> Callable[[Any, dict[str, Any]], Any]:
    """A function that copies every field and sets those that change; names come from the class itself."""
    names = [field.name for field in dataclasses.fields(cls)]
    lines = [f"    copy.{name} = this.{name}" for name in names]
    source = "\n".join(
        [
            "def evolve(this, changes):",
            "    copy = new(cls)",
            *lines,
            "    for name, value in changes.items():",
            "        setattr(copy, name, value)",
            "    return copy",
        ]
    )
    space: dict[str, Any] = {"new": object.__new__, "cls": cls}
    exec(source, space)  # noqa: S102  the text is made of field names alone
    return staticmethod(space["evolve"])


if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(this, /, **changes):
        """The same record but for `changes`. AttributeError for a field it does not have."""
        evolve = getattr(type(this), _EVOLVE, None)
        return dataclasses.replace(this, **changes) if evolve is None else evolve(this, changes)
