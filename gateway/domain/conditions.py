"""Conditions on the columns of a list of conversations: a field, an operator and a value, written as one text.

    unread,contact:contains:oka,last:before:2026-11-01,owner:is:usr_0H7Q...

Words alone are `unread` and `needs_reply`. A comma or a backslash within a value has a backslash before it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from gateway.domain.conversation import State
from gateway.domain.ids import parse_id
from gateway.domain.record import record

MOST = 10
LONGEST_VALUE = 200
_AGO = re.compile(r"(\d{1,4})([hd])")
_UNESCAPED_COMMA = re.compile(r"(?<!\\)(?:\\\\)*,")
_ESCAPED = re.compile(r"\\(.)")


class BadCondition(ValueError):
    """This is no condition; the text says why and what would be one."""


class Flag(StrEnum):
    """What a conversation is or isn't."""

    UNREAD = "unread"
    NEEDS_REPLY = "needs_reply"


class Operator(StrEnum):
    """How a field is compared. Times are compared with a moment or a day, which counts as a whole."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    BEFORE = "before"
    AFTER = "after"
    GT = "gt"
    LT = "lt"
    EXISTS = "exists"
    MISSING = "missing"


class Kind(StrEnum):
    """What a field holds, and so what it can be asked."""

    WORDS = "words"
    CHOICE = "choice"
    TIME = "time"
    NUMBER = "number"


class Field(StrEnum):
    """A column of the list."""

    CONTACT = "contact"  # the name
    NUMBER = "number"  # the contact's numbers and e-mail addresses
    TEXT = "text"  # the last message, as the list shows it
    SENDER = "sender"  # ours, the last one used
    OWNER = "owner"
    GROUP = "group"
    TAG = "tag"
    STATE = "state"
    CHANNEL = "channel"
    MESSAGES = "messages"  # how many, both ways
    OPENED = "opened"
    LAST = "last"  # the last message
    WAITING = "waiting"  # since when they wait for an answer
    ENDED = "ended"


_WORDS = (
    Operator.CONTAINS,
    Operator.NOT_CONTAINS,
    Operator.IS,
    Operator.IS_NOT,
    Operator.STARTS_WITH,
    Operator.EXISTS,
    Operator.MISSING,
)
_CHOICE = (Operator.IS, Operator.IS_NOT, Operator.EXISTS, Operator.MISSING)
_TIME = (Operator.BEFORE, Operator.AFTER, Operator.IS, Operator.EXISTS, Operator.MISSING)
_NUMBER = (Operator.GT, Operator.LT, Operator.IS)
_ALWAYS_THERE = frozenset({Field.STATE, Field.OPENED, Field.LAST})
VALUELESS = frozenset({Operator.EXISTS, Operator.MISSING})
CHANNELS = ("sms", "mms", "email", "whatsapp")
NOUNS: Mapping[Field, str] = MappingProxyType(
    {Field.SENDER: "snd", Field.OWNER: "usr", Field.GROUP: "grp", Field.TAG: "tag"}
)
"""Fields whose values are ids, and how those begin."""

KINDS: Mapping[Field, Kind] = MappingProxyType(
    {
        Field.CONTACT: Kind.WORDS,
        Field.NUMBER: Kind.WORDS,
        Field.TEXT: Kind.WORDS,
        Field.SENDER: Kind.CHOICE,
        Field.OWNER: Kind.CHOICE,
        Field.GROUP: Kind.CHOICE,
        Field.TAG: Kind.CHOICE,
        Field.STATE: Kind.CHOICE,
        Field.CHANNEL: Kind.CHOICE,
        Field.MESSAGES: Kind.NUMBER,
        Field.OPENED: Kind.TIME,
        Field.LAST: Kind.TIME,
        Field.WAITING: Kind.TIME,
        Field.ENDED: Kind.TIME,
    }
)


def operators_of(field: Field) -> tuple[Operator, ...]:
    """What a field can be asked, the usual one first."""
    found = {Kind.WORDS: _WORDS, Kind.CHOICE: _CHOICE, Kind.TIME: _TIME, Kind.NUMBER: _NUMBER}[KINDS[field]]
    return tuple(one for one in found if one not in VALUELESS) if field in _ALWAYS_THERE else found


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """One of them. `value` is text as it was written: words, an id, a number, a moment."""

    field: Field
    operator: Operator
    value: str = ""

    def __str__(self) -> str:
        """As `parse_filter` reads it."""
        if self.operator in VALUELESS:
            return f"{self.field}:{self.operator}"
        return f"{self.field}:{self.operator}:" + self.value.replace("\\", "\\\\").replace(",", "\\,")

    @property
    def id(self) -> int:
        """The id that the value of a field in `NOUNS` is."""
        return parse_id(self.value, NOUNS[self.field])

    def span(self, now: int, zone: tzinfo) -> tuple[int, int]:
        """Of a time: its first millisecond and the one after its last. A day is one of `zone`; `7d` is a week ago."""
        return _span(self.value, now, zone)


@record
class Filter:
    """All conditions of a list together; each must hold."""

    flags: frozenset[Flag] = frozenset()
    conditions: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        """As `parse_filter` reads it."""
        return ",".join([*sorted(self.flags), *map(str, self.conditions)])


def parse_filter(text: str) -> Filter:
    """A text of conditions. BadCondition for what is none, and for more than ten."""
    flags: set[Flag] = set()
    conditions: list[Condition] = []
    for part in _parts(text):
        if part in set(Flag):
            flags.add(Flag(part))
        else:
            conditions.append(_parse(part))
    if len(conditions) > MOST:
        raise BadCondition(f"At most {MOST} conditions; these are {len(conditions)}")
    return Filter(frozenset(flags), tuple(dict.fromkeys(conditions)))


def condition(field: str, operator: str, value: str) -> Condition:
    """A condition from its three parts. BadCondition if the field can't be asked that."""
    if field not in set(Field):
        raise BadCondition(f"There is no filter {field[:40]}; use {_listed([*Flag, *Field])}")
    made = Field(field)
    if operator not in operators_of(made):
        raise BadCondition(f"{made} can't be asked {operator[:40]!r}; use {_listed(operators_of(made))}")
    asked = Condition(made, Operator(operator), "" if operator in VALUELESS else value.strip())
    _check(asked)
    return asked


def _parse(part: str) -> Condition:
    field, _, rest = part.partition(":")
    operator, _, value = rest.partition(":")
    return condition(field, operator, value)


def _parts(text: str) -> Iterable[str]:
    start = 0
    for found in [*_UNESCAPED_COMMA.finditer(text), None]:
        end = len(text) if found is None else found.end() - 1
        part = _ESCAPED.sub(r"\1", text[start:end].strip())
        start = end + 1
        if part:
            yield part


def _check(asked: Condition) -> None:
    field, value = asked.field, asked.value
    if asked.operator in VALUELESS:
        return
    if not value or len(value) > LONGEST_VALUE or "\0" in value:
        raise BadCondition(f"{field} {asked.operator} needs a value of 1 to {LONGEST_VALUE} characters")
    known = {Field.STATE: tuple(State), Field.CHANNEL: CHANNELS}.get(field, ())
    if known and value not in known:
        raise BadCondition(f"There is no {field} {value[:40]}; use {_listed(known)}")
    try:
        if field in NOUNS:
            parse_id(value, NOUNS[field])
        elif KINDS[field] is Kind.TIME:
            _span(value, 0, UTC)
        elif KINDS[field] is Kind.NUMBER:
            _whole(value)
    except ValueError as error:
        raise BadCondition(f"{field}: {error}") from None


def _whole(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ValueError(f"{value[:40]!r} is no whole number")
    return int(value)


def _span(value: str, now: int, zone: tzinfo) -> tuple[int, int]:
    ago = _AGO.fullmatch(value)
    if ago:
        hours = int(ago[1]) * (24 if ago[2] == "d" else 1)
        moment = now - hours * 3_600_000
        return moment, moment + 1
    try:
        if len(value) == len("2026-11-01"):
            day = date.fromisoformat(value)
            start, end = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
            return _ms(start), _ms(end)
        at = datetime.fromisoformat(value)
        moment = _ms(at if at.tzinfo else at.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise ValueError(
            f"{value[:40]!r} is no time; write a day (2026-11-01), a moment (2026-11-01T09:00:00Z) or how long ago (7d)"
        ) from None
    return moment, moment + 1


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
