"""Records: frozen, and cheap to make.

A frozen dataclass of 27 fields takes ten times as long to make as one that isn't, and `dataclasses.replace` four
times as long again; a message makes a dozen. So a record is declared like a dataclass and made as a msgspec struct,
whose making, copying and comparing are compiled. Measured in docs/decisions/0003-records.md.
"""

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

import msgspec

C = TypeVar("C")

__all__ = ["record", "replace", "values_of"]

_OF_A_CLASS = frozenset({"__annotations__", "__dict__", "__weakref__"})


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[C]) -> type[C]:
    """A frozen struct with the fields of a dataclass; `dataclasses.fields` and the like work on it as well.

    TypeError for a class that inherits from another: the struct would not.
    """
    if cls.__bases__ != (object,):
        raise TypeError(f"{cls.__name__} inherits; a record stands alone")
    # For the fields alone: writing and compiling methods that the struct has anyway takes four times as long.
    declared = dataclasses.dataclass(init=False, repr=False, eq=False, match_args=False)(cls)
    fields = dataclasses.fields(declared)  # type: ignore[arg-type]
    names = {field.name for field in fields}
    own = {name: value for name, value in vars(cls).items() if name not in names | _OF_A_CLASS}
    own["__dataclass_fields__"] = vars(declared)["__dataclass_fields__"]
    own["__qualname__"] = cls.__qualname__
    # Records hold plain values and small documents and never point back at each other: no work for the collector.
    return msgspec.defstruct(  # type: ignore[return-value]
        cls.__name__, [_field(field) for field in fields], module=cls.__module__, namespace=own, frozen=True, gc=False
    )


def _field(field: "dataclasses.Field[Any]") -> tuple[str, Any] | tuple[str, Any, Any]:
    if field.default is not dataclasses.MISSING:
        return field.name, field.type, field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.name, field.type, msgspec.field(default_factory=field.default_factory)
    return field.name, field.type


if TYPE_CHECKING:
    from dataclasses import replace

    def values_of(record: Any) -> tuple[Any, ...]:
        """Every field's value, in order."""
else:
    from msgspec.structs import astuple as values_of
    from msgspec.structs import replace as _evolve

    def replace(this, /, **changes):
        """The same record but for `changes`. TypeError for a field it does not have."""
        return _evolve(this, **changes) if isinstance(this, msgspec.Struct) else dataclasses.replace(this, **changes)
