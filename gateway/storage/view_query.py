"""A question to the list of conversations, and the statement that answers it for one range."""

from dataclasses import field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from gateway.domain.policy import Visibility
from gateway.domain.record import record
from gateway.storage.condition_sql import Asked, Conditions, clauses
from gateway.storage.query import Query, by_code_point, constant, in_set
from gateway.storage.ranges import OPEN_VIEWS, Range, RangeKind, View, condition
from gateway.storage.schema import contact_names, conversation_tags, conversations, read_cursors, threads, users
from gateway.storage.session import Session
from gateway.storage.sight import Sight, seen, sight_parameters

_FOUND = frozenset({RangeKind.THREADS, RangeKind.IDS})
_LAST = literal_column(str((1 << 63) - 1), BigInteger)
_ABOVE_ALL_TIMES = literal_column(str(1 << 44), BigInteger)  # milliseconds; the year 2527
_AFTER_ALL_NAMES = "\U0010ffff"
_ALL_ENDED = frozenset({"completed", "archived", "closed"})
_STATEMENTS_KEPT = 512  # which conditions come together is up to what people ask


class Sort(StrEnum):
    """The order of a list. `waiting` begins with who waits longest for an answer; a minus turns an order round.

    `unread` has what its reader has not read before all else, the newest first in both. By `owner`, what nobody owns
    comes last; by `ended`, what hasn't ended comes first.
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


@record
class ViewQuery:
    """Which conversations, for whom, in which order. What is None doesn't matter."""

    sight: Sight
    view: View = View.INBOX
    sender_id: int | None = None
    user_id: int | None = None
    group_id: int | None = None
    tag_id: int | None = None
    natural: bool | None = None
    q: str = ""
    unread_only: bool = False
    needs_reply: bool = False
    sort: Sort = Sort.NEWEST
    limit: int = 50
    cursor: str | None = None
    conditions: Conditions = field(default_factory=Conditions)


@record
class _Shape:
    """What makes the text of a statement; everything else is a parameter. The usual ones are compiled once."""

    kind: RangeKind
    live: Visibility
    closed: bool
    within: View | None
    sender: bool
    user: bool
    group: bool
    tag: bool
    natural: bool
    unread: bool
    needs_reply: bool
    sort: Sort
    later: bool
    asked: Asked
    backwards: bool
    all_ended: bool


def statement_for(query: ViewQuery, range_: Range, *, later: bool, backwards: bool = False) -> Query:
    """The statement for one range: (id, thread, last sender, sort key) of its first conversations.

    `later` begins after a place; `backwards` goes the other way from there, towards the beginning.
    """
    # What a search found is of any view; what an index range holds is of this one already.
    within = query.view if range_.kind in _FOUND and query.view is not View.ALL else None
    return _statement(
        _Shape(
            range_.kind,
            query.sight.live,
            query.sight.closed,
            within,
            query.sender_id is not None and range_.kind is not RangeKind.SENDER,
            query.user_id is not None,
            query.group_id is not None,
            query.tag_id is not None,
            query.natural is not None,
            query.unread_only,
            query.needs_reply,
            query.sort,
            later,
            query.conditions.asked,
            backwards,
            range_.kind is RangeKind.STATE and range_.values.get("range_state") in _ALL_ENDED,
        )
    )


def parameters_for(session: Session, query: ViewQuery) -> dict[str, Any]:
    """Values for `statement_for`, without those of the range and the place."""
    return {
        **sight_parameters(session, query.sight),
        "workspace_id": query.sight.workspace_id,
        "state": "open" if query.view in OPEN_VIEWS else query.view.value,
        "reader": query.sight.user_id,
        "sender_id": query.sender_id,
        "user_id": query.user_id,
        "group_id": query.group_id,
        "tag_id": query.tag_id,
        "natural": query.natural,
        **({"made": session.scalar(_MADE, **_reader(query)) or 0} if query.sort is Sort.UNREAD else {}),
        **query.conditions.parameters(),
    }


_MADE = Query(
    select(users.c.created_at).where(
        users.c.workspace_id == bindparam("workspace_id"), users.c.id == bindparam("reader")
    )
)


def _reader(query: ViewQuery) -> dict[str, Any]:
    return {"workspace_id": query.sight.workspace_id, "reader": query.sight.user_id}


def sort_key(sort: Sort, kind: RangeKind, *, all_ended: bool = False) -> ColumnElement[Any]:
    """What a list is ordered by, before the id. Where all have ended, an index has them in the order of their ends."""
    if sort in (Sort.NEWEST, Sort.OLDEST) and kind in _FOUND:
        return func.coalesce(conversations.c.last_at, literal_column("0", BigInteger))  # see `_of_view`
    match sort:
        case Sort.WAITING:
            return func.coalesce(conversations.c.waiting_since, _LAST)
        case Sort.UNREAD:
            # What came to whom nothing was read of yet counts from when the reader was made, as in `unread.py`.
            newer = and_(read_cursors.c.thread_id.is_(None), threads.c.last_at >= bindparam("made", type_=BigInteger()))
            first = and_(_unread(), or_(read_cursors.c.thread_id.is_not(None), newer))
            last_at = func.coalesce(conversations.c.last_at, literal_column("0", BigInteger))
            return last_at + case((first, _ABOVE_ALL_TIMES), else_=literal_column("0", BigInteger))
        case Sort.CONTACT | Sort.CONTACT_DOWN:
            return func.coalesce(contact_names.c.sort_name, constant(""))
        case Sort.OWNER | Sort.OWNER_DOWN:
            return by_code_point(func.coalesce(func.lower(users.c.name), constant(_AFTER_ALL_NAMES)))
        case Sort.ENDED | Sort.ENDED_DOWN if all_ended:
            return conversations.c.ended_at
        case Sort.ENDED | Sort.ENDED_DOWN:
            return func.coalesce(conversations.c.ended_at, literal_column("0", BigInteger))
        case _:
            return conversations.c.last_at


@lru_cache(maxsize=_STATEMENTS_KEPT)
def _statement(shape: _Shape) -> Query:
    c = conversations.c
    by_end = shape.all_ended and shape.sort in (Sort.ENDED, Sort.ENDED_DOWN)
    key = sort_key(shape.sort, shape.kind, all_ended=by_end)
    source = _source(shape)
    descending = shape.sort.descending != shape.backwards
    # Worded as the index is, so that it is chosen.
    place: list[ColumnElement[bool]] = [c.ended_at.is_not(None)] if by_end else []
    if shape.later:
        key_type = Text() if shape.sort.by_text else BigInteger()
        here = tuple_(key, c.id)
        there = tuple_(bindparam("key", type_=key_type), bindparam("id", type_=BigInteger()))
        place.append(here < there if descending else here > there)
    return Query(
        select(c.id, c.thread_id, c.last_sender_id, key.label("sort_key"))
        .select_from(source)
        .where(c.workspace_id == bindparam("workspace_id"), *condition(shape.kind), *_filters(shape), *place)
        .order_by(*(column.desc() if descending else column.asc() for column in (key, c.id)))
        .limit(bindparam("limit", type_=BigInteger()))
    )


def _source(shape: _Shape) -> Any:
    c, source = conversations.c, conversations
    if shape.unread or shape.sort is Sort.UNREAD:
        source = source.join(threads, and_(threads.c.workspace_id == c.workspace_id, threads.c.id == c.thread_id))  # type: ignore[assignment]
        mine = and_(
            read_cursors.c.workspace_id == c.workspace_id,
            read_cursors.c.user_id == bindparam("reader"),
            read_cursors.c.thread_id == c.thread_id,
        )
        source = source.outerjoin(read_cursors, mine)  # type: ignore[assignment]
    if shape.sort in (Sort.OWNER, Sort.OWNER_DOWN):
        owner = and_(users.c.workspace_id == c.workspace_id, users.c.id == c.user_id)
        source = source.outerjoin(users, owner)  # type: ignore[assignment]
    if shape.sort in (Sort.CONTACT, Sort.CONTACT_DOWN):
        names = and_(contact_names.c.workspace_id == c.workspace_id, contact_names.c.contact_id == c.contact_id)
        source = source.outerjoin(contact_names, names)  # type: ignore[assignment]
    return source


def _filters(shape: _Shape) -> list[ColumnElement[bool]]:
    c = conversations.c
    sight = seen(Sight(0, 0, frozenset(), shape.live, shape.closed))
    tagged = exists().where(
        conversation_tags.c.workspace_id == c.workspace_id,
        conversation_tags.c.conversation_id == c.id,
        conversation_tags.c.tag_id == bindparam("tag_id"),
    )
    wanted: list[tuple[bool, ColumnElement[bool] | None]] = [
        (True, sight),
        (shape.within is not None, None if shape.within is None else _of_view(shape.within)),
        (shape.sender, c.last_sender_id == bindparam("sender_id")),
        (shape.user, c.user_id == bindparam("user_id")),
        (shape.group, c.group_id == bindparam("group_id")),
        (shape.tag, tagged),
        (shape.natural, c.natural == bindparam("natural", type_=Boolean())),
        (shape.unread, _unread()),
        (shape.needs_reply, c.needs_reply.is_(True)),
    ]
    return [clause for asked, clause in wanted if asked and clause is not None] + clauses(shape.asked)


def _unread() -> ColumnElement[bool]:
    """No cursor yet: whoever reads the rows decides by when the user was made (`unread.py`)."""
    return and_(
        threads.c.conversation_id == conversations.c.id,
        or_(
            threads.c.inbound_count > read_cursors.c.read_inbound,
            and_(read_cursors.c.thread_id.is_(None), threads.c.inbound_count > literal_column("0")),
        ),
    )


def _of_view(view: View) -> ColumnElement[bool]:
    c = conversations.c
    # As an expression, so that no planner reads a whole state or order by its index instead of the few that were found.
    state = func.coalesce(c.state, constant("")) == bindparam("state", type_=Text())
    mine = c.user_id == bindparam("viewer")
    unassigned = and_(c.user_id.is_(None), c.group_id.is_(None))
    match view:
        case View.INBOX:
            my_groups = and_(c.user_id.is_(None), in_set(c.group_id, "viewer_groups"))
            return and_(state, or_(mine, unassigned, my_groups))
        case View.MINE:
            return and_(state, mine)
        case View.UNASSIGNED:
            return and_(state, unassigned)
        case _:
            return state
