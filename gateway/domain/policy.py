"""The switches of a workspace: P1 to P8 of the design, and the few beside them.

Products differ in what "close" means; these values cover the differences, and changing one changes no stored data.
JSON keeps the words as the documentation writes them: "reopen_within(7)", "mms_over(160)", "pool(Support)".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from phonenumbers import SUPPORTED_REGIONS

from gateway.domain.day_times import clock_text, minute_of_day
from gateway.domain.own_wishes import phrases_of
from gateway.domain.record import record
from gateway.domain.time_zones import zone_named

DAY: Final = 86_400_000  # milliseconds


class AfterInbound(StrEnum):
    """P1: what a natural inbound does to a completed or archived conversation."""

    REOPEN = "reopen"
    NEW = "new"


@record
class ReopenWithin:
    """P1: reopen for this many days after the conversation ended, from then on a new one."""

    days: int

    def __str__(self) -> str:
        return f"reopen_within({self.days})"


class AfterOutbound(StrEnum):
    """P2: what a person's send does to a conversation that had ended; machines never move one."""

    REOPEN = "reopen"
    NEW = "new"
    STAY = "stay"


class CompleteRepeat(StrEnum):
    """P3: how often one conversation may be completed."""

    EACH_TIME = "each_time"
    ONCE = "once"


class Visibility(StrEnum):
    """P4: what an agent sees of live conversations; supervisors and administrators see all."""

    ALL = "all"
    GROUP = "group"
    OWNER = "owner"


class LongText(StrEnum):
    """P6: how a text too long for one SMS leaves."""

    PARTS = "parts"
    CHEAPEST = "cheapest"


@record
class MmsOver:
    """P6: as MMS beyond this many units of its encoding (septets or UTF-16 code units), where the sender can."""

    units: int

    def __str__(self) -> str:
        return f"mms_over({self.units})"


class SnoozeWake(StrEnum):
    """P8: whether a natural inbound ends a snooze or waits, with a badge, until its time."""

    INBOUND_WAKES = "inbound_wakes"
    HOLD = "hold"


class ReopenOwner(StrEnum):
    """Who owns a conversation that comes back."""

    KEEP_IF_AVAILABLE = "keep_if_available"
    KEEP = "keep"
    UNASSIGN = "unassign"


class CloseLabel(StrEnum):
    """Which verb the Close button, the row's x and bulk close issue. The verbs themselves stay literal."""

    COMPLETE = "complete"
    ARCHIVE = "archive"
    CLOSE = "close"


@record
class QuietHours:
    """A daily span in minutes after local midnight, `end` excluded; `end` before `start` runs over midnight."""

    start: int
    end: int
    timezone: str


RESOLVERS: Final = ("explicit", "last_used", "inbound_to", "conversation_start", "gateway_default")
DEFAULT_CHAIN: Final = ("explicit", "last_used", "inbound_to", "gateway_default")


def pool_of(resolver: str) -> str | None:
    """The pool's name of a `pool(name)` resolver; None for every other resolver."""
    if not (resolver.startswith("pool(") and resolver.endswith(")")):
        return None
    return resolver[len("pool(") : -1].strip() or None


@record
class Policy:
    """All policies of one workspace. The defaults are what an installation starts with (`inbox-zero`)."""

    after_inbound: AfterInbound | ReopenWithin = AfterInbound.REOPEN  # P1
    after_outbound: AfterOutbound = AfterOutbound.REOPEN  # P2
    complete_repeat: CompleteRepeat = CompleteRepeat.EACH_TIME  # P3
    visibility: Visibility = Visibility.ALL  # P4
    restrict_closed: bool = False  # P4: closed conversations only for those who see all, or see the live one
    sender_chain: tuple[str, ...] = DEFAULT_CHAIN  # P5: names of RESOLVERS and `pool(name)`, first vote that can wins
    long_text: LongText | MmsOver = LongText.PARTS  # P6
    natural_only: bool = False  # P7: the default view hides machine traffic
    snooze_wake: SnoozeWake = SnoozeWake.INBOUND_WAKES  # P8
    reopen_owner: ReopenOwner = ReopenOwner.KEEP_IF_AVAILABLE
    idle_complete_after: int | None = None  # seconds without activity until an open conversation is completed
    idle_seal_after: int | None = None  # seconds after its end until a completed conversation is closed
    first_reply_target: int | None = None  # seconds in which the team means to answer first; the statistics show it
    segment_limit: int = 10  # parts that one text may have, 1 to 255; the octet that counts them holds no more
    open_cap: int = 100  # conversations the open view shows; inbound is never refused for it
    quiet_hours: QuietHours | None = None
    default_country: str | None = None  # ISO 3166 alpha-2; without one a number typed without + is refused
    close_label: CloseLabel = CloseLabel.COMPLETE
    confirm_close: bool = False
    stop_phrases: tuple[str, ...] = ()  # besides the known ones: what a contact says who may want no more messages


class PolicyError(ValueError):
    """A policy that can't be set: which field, and what is wrong with it, in a sentence for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def parse_policy(given: Mapping[str, object], base: Policy | None = None) -> Policy:
    """Policies from JSON over `base` (the default ones), so a PATCH passes the policy it changes.

    Raises PolicyError for the first unknown key or bad value; nothing is coerced and nothing ignored.
    """
    parsed: dict[str, Any] = {}
    for field, value in given.items():
        if field not in _PARSERS:
            raise PolicyError(field, f"is not a policy; the policies are {', '.join(_PARSERS)}.")
        try:
            parsed[field] = _PARSERS[field](value)
        except ValueError as unfit:
            raise PolicyError(field, str(unfit)) from None
    return replace(base or Policy(), **parsed)


def dump_policy(policy: Policy) -> dict[str, object]:
    """Every policy as JSON, in the form `parse_policy` reads."""
    return {field: _plain(getattr(policy, field)) for field in _PARSERS}


def _plain(value: object) -> object:
    match value:
        case ReopenWithin() | MmsOver() | StrEnum():
            return str(value)
        case QuietHours(start, end, timezone):
            return {"start": clock_text(start), "end": clock_text(end), "timezone": timezone}
        case tuple():
            return list(value)
    return value


class _UnfitError(ValueError):
    """What is wrong with a value; parse_policy adds the field."""


def _word(words: type[StrEnum], **calls: Callable[[str], object]) -> Callable[[object], object]:
    """A parser of one of `words`, or of `name(argument)` for the calls."""

    def parse(value: object) -> object:
        if isinstance(value, str):
            if value in list(words):
                return words(value)
            name, bracket, rest = value.partition("(")
            if bracket and name in calls and rest.endswith(")"):
                return calls[name](rest[:-1])
        raise _UnfitError(f"must be one of {', '.join([*words, *(f'{name}(number)' for name in calls)])}.")

    return parse


def _number(least: int, most: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _UnfitError(f"must be a whole number from {least} to {most}.")
        return value

    return parse


def _argument(least: int, most: int) -> Callable[[str], int]:
    number = _number(least, most)
    return lambda text: number(int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None)


def _optional(parse: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value is None else parse(value)


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise _UnfitError("must be true or false.")
    return value


def _chain(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise _UnfitError("must be a list of at least one resolver.")
    chain: list[str] = []
    for resolver in value:
        if not isinstance(resolver, str) or (resolver not in RESOLVERS and pool_of(resolver) is None):
            raise _UnfitError(f"{resolver!r} is not a resolver; use {', '.join(RESOLVERS)} or pool(name).")
        if resolver in chain:
            raise _UnfitError(f"{resolver} is there twice; the second could never vote.")
        chain.append(resolver)
    return tuple(chain)


def _country(value: object) -> str:
    if not isinstance(value, str) or value not in SUPPORTED_REGIONS:
        raise _UnfitError("must be a country's two capital letters as in ISO 3166, for example US, GB or DE.")
    return value


def _quiet_hours(value: object) -> QuietHours:
    if not isinstance(value, Mapping) or set(value) != {"start", "end", "timezone"}:
        raise _UnfitError("must have exactly start, end and timezone.")
    start, end, timezone = _minute(value["start"]), _minute(value["end"]), value["timezone"]
    if start == end:
        raise _UnfitError("must end at another time than they start; null switches them off.")
    if not isinstance(timezone, str) or zone_named(timezone) is None:
        raise _UnfitError(f"{timezone!r} is not a time zone; use a name like Europe/Paris.")
    return QuietHours(start, end, timezone)


def _minute(value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise _UnfitError(f"{value!r} is not a time of day; write it as 21:30.")
    return minute_of_day(value)


_TEN_YEARS: Final = 10 * 365 * DAY // 1000  # seconds; keeps every due time far inside 63 bits

_PARSERS: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    {
        "after_inbound": _word(AfterInbound, reopen_within=lambda days: ReopenWithin(_argument(1, 3650)(days))),
        "after_outbound": _word(AfterOutbound),
        "complete_repeat": _word(CompleteRepeat),
        "visibility": _word(Visibility),
        "restrict_closed": _switch,
        "sender_chain": _chain,
        "long_text": _word(LongText, mms_over=lambda units: MmsOver(_argument(1, 100_000)(units))),
        "natural_only": _switch,
        "snooze_wake": _word(SnoozeWake),
        "reopen_owner": _word(ReopenOwner),
        "idle_complete_after": _optional(_number(1, _TEN_YEARS)),
        "idle_seal_after": _optional(_number(1, _TEN_YEARS)),
        "first_reply_target": _optional(_number(1, _TEN_YEARS)),
        "segment_limit": _number(1, 255),
        "open_cap": _number(1, 10_000),
        "quiet_hours": _optional(_quiet_hours),
        "default_country": _optional(_country),
        "close_label": _word(CloseLabel),
        "confirm_close": _switch,
        "stop_phrases": phrases_of,
    }
)
