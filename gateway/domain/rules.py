"""The conditions of an automation: a field of the event's surroundings, an operator, a value. Asking never raises.

What isn't there is neither this nor that: only `is_not`, `not_contains`, `not_in` and `missing` hold of it. Words are
compared without regard to case. A field that holds several things (tags, numbers) is asked of each: one that fits is
enough, and for the three that say "not" none may fit.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

import regex

from gateway.domain.folding import folded
from gateway.domain.record import record

MOST_CONDITIONS = 20
MOST_VALUES = 100
LONGEST_VALUE = 500
LONGEST_FIELD = 200
PATTERN_S = 0.02
"""A pattern that needs longer than this for one text doesn't match it: nobody's regular expression stops the rest."""
LONGEST_SEARCHED = 5_000


class Op(StrEnum):
    """How a field is compared."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    MATCHES = "matches"
    IN = "in"
    NOT_IN = "not_in"
    EXISTS = "exists"
    MISSING = "missing"
    GT = "gt"
    LT = "lt"
    BEFORE = "before"
    AFTER = "after"


VALUELESS = frozenset({Op.EXISTS, Op.MISSING})
_LISTS = frozenset({Op.IN, Op.NOT_IN})
_NOT = {Op.IS_NOT: Op.IS, Op.NOT_CONTAINS: Op.CONTAINS, Op.NOT_IN: Op.IN}


class BadRule(ValueError):
    """This is no condition. `part` is field, op or value; the text says what is wrong with it."""

    def __init__(self, part: str, sentence: str) -> None:
        super().__init__(sentence)
        self.part = part


@record
class Rule:
    """One condition, checked."""

    field: str
    op: Op
    value: Any = None


@record
class Moment:
    """What "now" and a day are, for fields that hold a time."""

    now: int
    zone: tzinfo


@record
class Finding:
    """What one condition found, and whether it holds."""

    rule: Rule
    found: Any
    holds: bool


def rule_of(given: Any) -> Rule:
    """A condition from `{field, op, value}`. Raises BadRule."""
    if not isinstance(given, Mapping):
        raise BadRule("", "Write a condition as an object with field, op and value.")
    for name in given:
        if name not in {"field", "op", "value"}:
            raise BadRule(str(name)[:40], "A condition has field, op and value, and nothing else.")
    name, written = given.get("field"), given.get("op")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_FIELD:
        raise BadRule("field", "Name a field, such as conversation.tags.")
    if not isinstance(written, str) or written not in set(Op):
        raise BadRule("op", f"It is one of {', '.join(Op)}.")
    op = Op(written)
    return Rule(name.strip(), op, None if op in VALUELESS else _checked(op, given.get("value")))


def _checked(op: Op, value: Any) -> Any:
    if op in _LISTS and (not isinstance(value, list | tuple) or not value):
        raise BadRule("value", f"{op} takes a list of values.")
    values = value if isinstance(value, list | tuple) else [value]
    if not values or len(values) > MOST_VALUES:
        raise BadRule("value", f"Give 1 to {MOST_VALUES} values.")
    for one in values:
        _check(op, one)
    return value if isinstance(value, list) else list(value) if isinstance(value, tuple) else value


def _check(op: Op, value: Any) -> None:
    if isinstance(value, bool | int | float):
        if op in {Op.MATCHES, Op.BEFORE, Op.AFTER}:
            raise BadRule("value", "Write this value as text.")
        return
    if not isinstance(value, str) or not value.strip():
        raise BadRule("value", "A value is missing.")
    if len(value) > LONGEST_VALUE:
        raise BadRule("value", f"At most {LONGEST_VALUE} characters; this has {len(value)}.")
    if op in {Op.GT, Op.LT} and number_of(value) is None:
        raise BadRule("value", f"{value[:40]!r} is no number.")
    if op in {Op.BEFORE, Op.AFTER} and not (_is_of_day(value) or _span(value, Moment(0, UTC))):
        raise BadRule("value", "Write a day (2026-11-01), a moment (2026-11-01T09:00:00Z), how long ago (7d) or 17:30.")
    if op is Op.MATCHES:
        try:
            regex.compile(value)
        except regex.error as error:
            raise BadRule("value", f"This pattern can't be read: {error}.") from None


def ask(rules: Iterable[Rule], facts: Mapping[str, Any], moment: Moment) -> tuple[Finding, ...]:
    """What each condition finds in the facts. Never raises."""
    return tuple(_ask(rule, found_at(facts, rule.field), moment) for rule in rules)


def all_hold(rules: Iterable[Rule], facts: Mapping[str, Any], moment: Moment) -> bool:
    """Whether every condition holds; the first that doesn't ends the asking."""
    return all(_ask(rule, found_at(facts, rule.field), moment).holds for rule in rules)


def found_at(facts: Mapping[str, Any], field: str) -> Any:
    """What a dotted field holds; None where there is no such thing."""
    found: Any = facts.get(field)  # a plugin's field stands under its whole name
    if found is not None:
        return found
    found = facts
    for name in field.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _ask(rule: Rule, found: Any, moment: Moment) -> Finding:
    things = _things(found)
    if rule.op is Op.MISSING or rule.op is Op.EXISTS:
        return Finding(rule, found, bool(things) is (rule.op is Op.EXISTS))
    wanted = rule.value if isinstance(rule.value, list) else [rule.value]
    op = _NOT.get(rule.op, rule.op)
    whole = not isinstance(found, list | tuple)
    fits = any(_fits(op, thing, value, moment, whole=whole) for thing in things for value in wanted)
    return Finding(rule, found, fits is (op is rule.op))


_CALLED: Final = ("id", "name", "value", "label", "email", "user", "group")


def _things(found: Any) -> list[Any]:
    """What a field holds, one by one. Somebody or something with an id and a name can be asked for by either, and an
    owner by the user and the group.
    """
    if isinstance(found, Mapping):
        return [one for name in _CALLED for one in _things(found.get(name))]
    if isinstance(found, list | tuple):
        return [thing for one in found for thing in _things(one)]
    return [] if found is None or found == "" else [found]


def _fits(op: Op, thing: Any, value: Any, moment: Moment, *, whole: bool) -> bool:
    match op:
        case Op.IS | Op.IN:
            return _equal(thing, value)
        case Op.CONTAINS:
            return folded(text_of(value)) in folded(text_of(thing)) if whole else _equal(thing, value)
        case Op.STARTS_WITH:
            return folded(text_of(thing)).startswith(folded(text_of(value)))
        case Op.MATCHES:
            return _matches(str(value), text_of(thing))
        case Op.GT | Op.LT:
            left, right = number_of(thing), number_of(value)
            return left is not None and right is not None and (left > right if op is Op.GT else left < right)
        case _:
            return _timed(op, thing, str(value), moment)


def _equal(thing: Any, value: Any) -> bool:
    left, right = number_of(thing), number_of(value)
    if left is not None and right is not None and not (isinstance(thing, str) and isinstance(value, str)):
        return left == right
    return folded(text_of(thing)).strip() == folded(text_of(value)).strip()


def _matches(pattern: str, text: str) -> bool:
    try:
        return regex.search(pattern, text[:LONGEST_SEARCHED], timeout=PATTERN_S) is not None
    except (regex.error, TimeoutError, MemoryError, RecursionError):
        return False


def _timed(op: Op, thing: Any, value: str, moment: Moment) -> bool:
    if _is_of_day(value):
        said = text_of(thing)
        if not _is_of_day(said):
            at = _at(thing, moment)
            if at is None:
                return False
            said = f"{datetime.fromtimestamp(at / 1000, moment.zone):%H:%M}"
        return said < value if op is Op.BEFORE else said > value
    at, span = _at(thing, moment), _span(value, moment)
    if at is None or span is None:
        return False
    return at < span[0] if op is Op.BEFORE else at >= span[1]


def text_of(value: Any) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def number_of(value: Any) -> float | None:
    """A value as a number, or None."""
    if isinstance(value, bool):
        return None
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None


_AGO = regex.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
_OF_DAY = regex.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _is_of_day(text: str) -> bool:
    return _OF_DAY.fullmatch(text.strip()) is not None


def _at(thing: Any, moment: Moment) -> int | None:
    """A time in milliseconds: a number is one already."""
    if isinstance(thing, bool):
        return None
    if isinstance(thing, int | float):
        return int(thing)
    span = _span(str(thing), moment)
    return None if span is None else span[0]


def _span(value: str, moment: Moment) -> tuple[int, int] | None:
    """A time's first millisecond and the one after its last; a day is one of the zone, `7d` a moment a week ago."""
    text = value.strip()
    ago = _AGO.fullmatch(text)
    if ago:
        at = moment.now - int(ago[1]) * _UNITS[ago[2]]
        return at, at + 1
    try:
        if len(text) == len("2026-11-01"):
            first = datetime.combine(date.fromisoformat(text), time(), moment.zone)
            return _ms(first), _ms(first + timedelta(days=1))
        at_ = datetime.fromisoformat(text)
        at = _ms(at_ if at_.tzinfo else at_.replace(tzinfo=moment.zone))
    except (ValueError, OverflowError):
        return None
    return at, at + 1


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def shown(found: Any) -> Any:
    """What a condition found, short enough for the log of runs."""
    if isinstance(found, Mapping):
        return {str(name)[:40]: shown(one) for name, one in list(found.items())[:10]}
    if isinstance(found, Sequence) and not isinstance(found, str):
        return [shown(one) for one in list(found)[:20]]
    return found[:200] if isinstance(found, str) else found
