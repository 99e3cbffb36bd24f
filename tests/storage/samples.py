"""Records with something in every field, made from the types alone: a new field is tested without being named."""

import dataclasses
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gateway.domain.policy import Policy
from gateway.domain.working_hours import WorkingHours

R = TypeVar("R")


def full(record: type[R], **given: Any) -> R:
    """A record without a single empty field; numbers differ from field to field."""
    hints = get_type_hints(record)
    fields: Any = dataclasses.fields(record)  # type: ignore[arg-type]
    return record(**({field.name: _value(hints[field.name], n) for n, field in enumerate(fields, 1)} | given))


def bare(record: type[R]) -> R:
    """A record with only what it can't do without."""
    hints = get_type_hints(record)
    fields: Any = dataclasses.fields(record)  # type: ignore[arg-type]
    wanted = [f for f in fields if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    return record(**{field.name: _value(hints[field.name], n) for n, field in enumerate(wanted, 1)})


def _value(hint: Any, number: int) -> Any:
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is tuple:
        return (_value(get_args(hint)[0], number), _value(get_args(hint)[0], number + 1))
    if get_origin(hint) is not None:
        return {"clé": "välue 🙂", "other": "'quoted'"}
    if hint is Policy:
        return Policy()
    if hint is WorkingHours:
        return WorkingHours("Europe/Oslo", (((540, 1020), (1080, 1500)), *((),) * 6), (date(2026, 12, 24),))
    if issubclass(hint, StrEnum):
        return list(hint)[-1]
    samples: dict[type[Any], Any] = {
        int: (1 << 62) + number,
        str: f"{number} 'ä' \n 🙂",
        bool: True,
        float: number + 0.25,
        bytes: b"\x00\xff" + bytes([number]),
    }
    return samples[hint]
