"""Records: frozen, cheap to make, and cheap to declare.

A frozen dataclass of 27 fields takes ten times as long to make as one that isn't, and `dataclasses.replace` four
times as long again; a message makes a dozen. To declare one, its methods are written as text and compiled, each time
the program starts: a millisecond, and there are six hundred. So a record is declared like a dataclass and made as a
msgspec struct, whose making, copying and comparing are compiled already. Measured in docs/decisions/0003-records.md.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, dataclass_transform, overload

import msgspec

C = TypeVar("C")

__all__ = ["record", "replace", "values_of"]

_OF_A_CLASS = frozenset({"__annotations__", "__dict__", "__weakref__"})
_MISSING = dataclasses.MISSING


@overload
def record(cls: type[C], /) -> type[C]: ...
@overload
def record(*, kw_only: bool = False, gc: bool = False) -> Callable[[type[C]], type[C]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[Any] | None = None, /, *, kw_only: bool = False, gc: bool = False) -> Any:
    """A frozen struct with the fields of a dataclass; `dataclasses.fields` and the like work on it as well.

    Values are made of other values, so the collector need not look at them. Say `gc=True` for what holds something
    that can hold it in turn: the parts of a process, functions.
    TypeError for a class that inherits fields, and for a field that is not made or compared as all others are.
    """
    if cls is None:
        return lambda declared: _made(declared, kw_only, gc)
    return _made(cls, kw_only, gc)


def _made(cls: type[Any], kw_only: bool, gc: bool) -> type[Any]:
    if any(vars(base).get("__annotations__") for base in cls.__mro__[1:] if base is not Generic):
        raise TypeError(f"{cls.__name__} inherits fields; a record stands alone")
    types: dict[str, Any] = vars(cls).get("__annotations__", {})
    own = {name: value for name, value in vars(cls).items() if name not in types and name not in _OF_A_CLASS}
    declared = {name: vars(cls)[name] for name in types if name in vars(cls)}
    own["__dataclass_fields__"] = _Fields(types, declared)
    own["__qualname__"] = cls.__qualname__
    hidden = {name for name, value in declared.items() if isinstance(value, dataclasses.Field) and not value.repr}
    if hidden:
        own["__repr__"] = _without(hidden)
    return msgspec.defstruct(
        cls.__name__,
        [_field(cls, name, type_, declared.get(name, _MISSING)) for name, type_ in types.items()],
        bases=None if cls.__bases__ == (object,) else (*cls.__bases__, msgspec.Struct),
        module=cls.__module__,
        namespace=own,
        frozen=True,
        kw_only=kw_only,
        gc=gc,
    )


def _field(cls: type[Any], name: str, type_: Any, default: Any) -> tuple[str, Any] | tuple[str, Any, Any]:
    if not isinstance(default, dataclasses.Field):
        return (name, type_) if default is _MISSING else (name, type_, default)
    if not (default.init and default.compare) or default.kw_only is True:
        raise TypeError(f"{cls.__name__}.{name} is made or compared unlike the other fields: that takes a dataclass")
    if default.default is not _MISSING:
        return name, type_, default.default
    if default.default_factory is not _MISSING:
        return name, type_, msgspec.field(default_factory=default.default_factory)
    return name, type_


def _without(hidden: set[str]) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:  # noqa: N807 - it becomes a method
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name not in hidden)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    return __repr__


class _Fields:
    """What `dataclasses` knows a dataclass by, made when it is first asked for."""

    __slots__ = ("declared", "made", "types")

    def __init__(self, types: Mapping[str, Any], declared: Mapping[str, Any]) -> None:
        self.types = types
        self.declared = declared
        self.made: Any = None

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        if self.made is None:
            plain = type(owner.__name__, (), {"__annotations__": self.types, **self.declared})
            like: Any = dataclasses.dataclass(init=False, repr=False, eq=False, match_args=False)(plain)
            self.made = vars(like)["__dataclass_fields__"]
        return self.made


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
