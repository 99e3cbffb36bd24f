"""The orders of a list, and the legs each is read in: one index after another, none of them sorted.

Who waits stands before who doesn't, what is unread before what is read, what has ended after what hasn't. The keys of
such halves lie apart by more than all times, so that a key alone says which half a row belongs to.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, and_, bindparam, case, func, literal_column, or_

from gateway.domain.record import record
from gateway.storage.query import by_code_point, constant
from gateway.storage.ranges import FOUND_KINDS, Range, RangeKind
from gateway.storage.schema import contact_names, conversations, read_cursors, threads, users

ABOVE_ALL_TIMES = 1 << 44  # milliseconds; the year 2527
_ABOVE = literal_column(str(ABOVE_ALL_TIMES), BigInteger)
_ZERO = literal_column("0", BigInteger)
_NO: ColumnElement[bool] = literal_column("FALSE", Boolean())
_AFTER_ALL_NAMES = "\U0010ffff"
ENDED_STATES = frozenset({"completed", "archived", "closed"})


class Sort(StrEnum):
    """The order of a list. `waiting` begins with who waits longest for an answer; a minus turns an order round.

    `unread` has what its reader has not read before all else, the newest first in both. By `owner`, what nobody owns
    comes last; by `ended`, what hasn't ended comes first, and by `waiting` last who doesn't wait, in the order of the
    last messages.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    WAITING = "waiting"
    UNREAD = "unread"
    CONTACT = "contact"
    CONTACT_DOWN = "-contact"
    OWNER = "owner"
    OWNER_DOWN = "-owner"
    ENDED = "ended"
    ENDED_DOWN = "-ended"

    @property
    def descending(self) -> bool:
        """Whether the largest key comes first."""
        return self in (Sort.NEWEST, Sort.UNREAD) or self.value.startswith("-")

    @property
    def by_text(self) -> bool:
        """Whether its keys are texts; else they are numbers."""
        return self.value.removeprefix("-") in {"contact", "owner"}


class Half(StrEnum):
    """Which part of an order a leg reads, and so by which column."""

    WHOLE = "whole"  # sorted where no index has the order
    WAITING = "waiting"
    NOT_WAITING = "not_waiting"
    UNREAD = "unread"
    READ = "read"
    ENDED = "ended"
    NOT_ENDED = "not_ended"
    NAMES = "names"  # by those of the contacts


@record
class Leg:
    """Ranges that are read together, merged by their keys. `ordered` is whether an index has each of them in order."""

    half: Half
    ranges: Sequence[Range]
    ordered: bool

    @property
    def offset(self) -> int:
        """What lies between a key of the list and the column the leg is ordered by."""
        return _OFFSETS.get(self.half, 0)

    def holds(self, key: Any) -> bool:
        """Whether a key of the list is of this half."""
        match self.half:
            case Half.WAITING | Half.READ:
                return bool(key < ABOVE_ALL_TIMES)
            case Half.NOT_WAITING | Half.UNREAD:
                return bool(key >= ABOVE_ALL_TIMES)
            case Half.NOT_ENDED:
                return bool(key < 0)
            case Half.ENDED:
                return bool(key >= 0)
            case _:
                return True


_OFFSETS = {Half.NOT_WAITING: ABOVE_ALL_TIMES, Half.UNREAD: ABOVE_ALL_TIMES, Half.NOT_ENDED: -ABOVE_ALL_TIMES}


def legs_of(sort: Sort, ranges: Sequence[Range], waiting: Sequence[Range], *, few: bool) -> list[Leg]:
    """The legs of an order over a view's ranges, the first one first.

    `waiting` are the ranges that hold who waits, of a view as large as that. `few` are sorted instead.
    """
    if any(one.kind in FOUND_KINDS for one in ranges):
        return [Leg(Half.WHOLE, ranges, ordered=False)]
    match sort:
        case Sort.NEWEST | Sort.OLDEST:
            return [Leg(Half.WHOLE, ranges, ordered=True)]
        case Sort.UNREAD:
            return [Leg(half, ranges, ordered=True) for half in (Half.UNREAD, Half.READ)]
        case Sort.ENDED | Sort.ENDED_DOWN:
            ended = [one for one in ranges if has_ended(one)]
            others = [one for one in ranges if not has_ended(one)]
            legs = [Leg(Half.NOT_ENDED, others, ordered=True), Leg(Half.ENDED, ended, ordered=True)]
            return legs if sort is Sort.ENDED else legs[::-1]
        case Sort.WAITING if not few:
            return [Leg(Half.WAITING, waiting, ordered=True), Leg(Half.NOT_WAITING, ranges, ordered=True)]
        case Sort.CONTACT | Sort.CONTACT_DOWN if not few:
            return [Leg(Half.NAMES, ranges, ordered=True)]
        case _:
            return [Leg(Half.WHOLE, ranges, ordered=False)]


def has_ended(range_: Range) -> bool:
    """Whether all that a range holds has ended."""
    return range_.kind is RangeKind.STATE and range_.values["range_state"] in ENDED_STATES


def sort_key(sort: Sort, half: Half, kind: RangeKind) -> ColumnElement[Any]:
    """What a leg is ordered by, before the id, without its offset: a plain column where an index has the order."""
    c = conversations.c
    match half:
        case Half.WAITING:
            return c.waiting_since
        case Half.ENDED:
            return c.ended_at
        case Half.NOT_WAITING | Half.NOT_ENDED | Half.UNREAD | Half.READ:
            return c.last_at
        case _ if sort in (Sort.NEWEST, Sort.OLDEST) and kind not in FOUND_KINDS:
            return c.last_at
        case _:
            return _whole(sort)


def _whole(sort: Sort) -> ColumnElement[Any]:
    c = conversations.c
    # As an expression, so that no planner reads a whole state by its index instead of the few that were found.
    last_at = func.coalesce(c.last_at, _ZERO)
    match sort:
        case Sort.WAITING:
            return func.coalesce(c.waiting_since, last_at + _ABOVE)
        case Sort.ENDED | Sort.ENDED_DOWN:
            return func.coalesce(c.ended_at, last_at - _ABOVE)
        case Sort.UNREAD:
            return last_at + case((unread_first(), _ABOVE), else_=_ZERO)
        case Sort.CONTACT | Sort.CONTACT_DOWN:
            return func.coalesce(contact_names.c.sort_name, constant(""))
        case Sort.OWNER | Sort.OWNER_DOWN:
            return by_code_point(func.coalesce(func.lower(users.c.name), constant(_AFTER_ALL_NAMES)))
        case _:
            return last_at


_INDEXES: Mapping[Half | RangeKind, str] = MappingProxyType(
    {
        Half.WAITING: "ix_conversations_waiting",
        Half.ENDED: "ix_conversations_ended",
        RangeKind.USER: "ix_conversations_open_user",
        RangeKind.GROUP: "ix_conversations_open_group",
        RangeKind.TEAM: "ix_conversations_open_team",
        RangeKind.UNGROUPED: "ix_conversations_open_unassigned",
        RangeKind.SENDER: "ix_conversations_open_sender",
        RangeKind.STATE: "ix_conversations_state",
    }
)


def index_of(half: Half, kind: RangeKind) -> str | None:
    """The index that has a leg's order. SQLite is told, since it guesses.

    Of a range of few it took the index of all that is open as soon as a place in the order was asked for as well.
    """
    return _INDEXES.get(half) or _INDEXES.get(kind)


def of_half(half: Half) -> list[ColumnElement[bool]]:
    """What belongs to a half, worded as the index is, so that it is chosen."""
    c = conversations.c
    match half:
        case Half.WAITING:
            return [c.waiting_since.is_not(None)]
        case Half.NOT_WAITING:
            return [c.waiting_since.is_(None)]
        case Half.ENDED:
            return [c.ended_at.is_not(None)]
        case Half.UNREAD:
            return [unread_first()]
        case Half.READ:
            return [func.coalesce(unread_first(), _NO) == _NO]
        case _:
            return []


def unread_first() -> ColumnElement[bool]:
    """What came to whom nothing was read of yet counts from when the reader was `made`, as in `unread.py`."""
    newer = and_(read_cursors.c.thread_id.is_(None), threads.c.last_at >= bindparam("made", type_=BigInteger()))
    came = or_(threads.c.inbound_count > read_cursors.c.read_inbound, and_(newer, threads.c.inbound_count > _ZERO))
    # As a second equation of two tables it makes PostgreSQL expect one row, and read all threads to find it.
    return case((threads.c.conversation_id == conversations.c.id, came), else_=_NO)
