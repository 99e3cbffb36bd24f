"""A question to the list of conversations, and the statement that answers it for one range."""

from dataclasses import field
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from gateway.domain.policy import Visibility
from gateway.domain.record import record
from gateway.storage.condition_sql import Asked, Conditions, clauses
from gateway.storage.orders import Half, Leg, Sort, index_of, of_half, sort_key, unread_first
from gateway.storage.query import Query, constant, in_set, some
from gateway.storage.ranges import FOUND_KINDS, OPEN_VIEWS, Range, RangeKind, View, condition
from gateway.storage.schema import contact_names, conversation_tags, conversations, read_cursors, threads, users
from gateway.storage.session import Session
from gateway.storage.sight import Sight, seen, sight_parameters

_PARTS_OF_OPEN = frozenset({View.INBOX, View.MINE, View.UNASSIGNED})
_STATEMENTS_KEPT = 512  # which conditions come together is up to what people ask


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
    half: Half
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
    until: bool


@record
class Stretch:
    """A part of a leg: `later`, what comes after a place (`key`, `id`); with `until`, up to (`end_key`, `end_id`).

    `backwards` goes the other way, towards the beginning. The parameters are those of the leg's column.
    """

    later: bool = False
    until: bool = False
    backwards: bool = False


def statement_for(query: ViewQuery, leg: Leg, range_: Range, stretch: Stretch) -> Query:
    """The statement for one range: (id, thread, last sender, sort key) of its first conversations in a stretch."""
    return _statement(
        _Shape(
            range_.kind,
            leg.half,
            query.sight.live,
            query.sight.closed,
            _within(query.view, leg.half, range_.kind),
            query.sender_id is not None and range_.kind is not RangeKind.SENDER,
            query.user_id is not None,
            query.group_id is not None,
            query.tag_id is not None,
            query.natural is not None,
            query.unread_only,
            query.needs_reply,
            query.sort,
            stretch.later,
            query.conditions.asked,
            stretch.backwards,
            stretch.until,
        )
    )


def _within(view: View, half: Half, kind: RangeKind) -> View | None:
    """The view that is asked of each row: what an index range holds is of it already, what a search found of any."""
    if kind in FOUND_KINDS:
        return None if view is View.ALL else view
    return view if half is Half.WAITING and view in _PARTS_OF_OPEN else None


def asks_more_than_its_ranges(query: ViewQuery) -> bool:
    """Whether a query asks something of each row that its ranges leave open, so that many may be read for one found."""
    sees_all = query.sight.live is Visibility.ALL and query.sight.closed
    named = (query.sender_id, query.user_id, query.group_id, query.tag_id, query.natural)
    flags = query.unread_only or query.needs_reply or query.sort in (Sort.UNREAD, Sort.WAITING)
    return flags or not sees_all or bool(query.conditions.all) or any(one is not None for one in named)


def parameters_for(session: Session, query: ViewQuery) -> dict[str, Any]:
    """Values for `statement_for`, without those of the range and the place."""
    needs_made = query.unread_only or query.sort is Sort.UNREAD
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
        **({"made": session.scalar(_MADE, **_reader(query)) or 0} if needs_made else {}),
        **query.conditions.parameters(),
    }


_MADE = Query(
    select(users.c.created_at).where(
        users.c.workspace_id == bindparam("workspace_id"), users.c.id == bindparam("reader")
    )
)


def _reader(query: ViewQuery) -> dict[str, Any]:
    return {"workspace_id": query.sight.workspace_id, "reader": query.sight.user_id}


@lru_cache(maxsize=_STATEMENTS_KEPT)
def _statement(shape: _Shape) -> Query:
    c = conversations.c
    key = sort_key(shape.sort, shape.half, shape.kind)
    descending = shape.sort.descending != shape.backwards
    statement = (
        select(c.id, c.thread_id, c.last_sender_id, key.label("sort_key"))
        .select_from(_source(shape))
        .where(
            c.workspace_id == bindparam("workspace_id"),
            *condition(shape.kind),
            *of_half(shape.half),
            *_filters(shape),
            *_place(key, shape.sort, descending=descending, later=shape.later, until=shape.until),
        )
        .order_by(*(column.desc() if descending else column.asc() for column in (key, c.id)))
        .limit(bindparam("limit", type_=BigInteger()))
    )
    return Query(_by_index(statement, shape.half, shape.kind))


def _by_index(statement: Select[Any], half: Half, kind: RangeKind) -> Select[Any]:
    index = index_of(half, kind)
    return statement if index is None else statement.with_hint(conversations, f"INDEXED BY {index}", "sqlite")


def _place(
    key: ColumnElement[Any], sort: Sort, *, descending: bool, later: bool, until: bool
) -> list[ColumnElement[bool]]:
    key_type = Text() if sort.by_text else BigInteger()
    here = tuple_(key, conversations.c.id)
    start, end = (
        tuple_(bindparam(f"{prefix}key", type_=key_type), bindparam(f"{prefix}id", type_=BigInteger()))
        for prefix in ("", "end_")
    )
    place = [here < start if descending else here > start] if later else []
    return place + ([here >= end if descending else here <= end] if until else [])


def end_of(query: ViewQuery, leg: Leg, range_: Range, stretch: Stretch) -> Query:
    """The statement for the place so many (`slice`) rows of a range further on: (key, id), or nothing.

    It asks nothing but the range, so that the index alone is read.
    """
    return _end(query.sort, range_.kind, leg.half, stretch.later, stretch.backwards)


@lru_cache(maxsize=_STATEMENTS_KEPT)
def _end(sort: Sort, kind: RangeKind, half: Half, later: bool, backwards: bool) -> Query:
    c = conversations.c
    key = sort_key(sort, half, kind)
    descending = sort.descending != backwards
    half_in_index = of_half(half) if half in (Half.WAITING, Half.ENDED) else []
    statement = (
        select(key, c.id)
        .where(
            c.workspace_id == bindparam("workspace_id"),
            *condition(kind),
            *half_in_index,
            *_place(key, sort, descending=descending, later=later, until=False),
        )
        .order_by(*(column.desc() if descending else column.asc() for column in (key, c.id)))
        .limit(literal_column("1"))
        .offset(bindparam("slice", type_=BigInteger()))
    )
    return Query(_by_index(statement, half, kind))


def _source(shape: _Shape) -> Any:
    c, source = conversations.c, conversations
    if shape.unread or shape.half in (Half.UNREAD, Half.READ) or shape.sort is Sort.UNREAD:
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
    tagged: Select[Any] = select(literal_column("1")).where(
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
        (shape.tag, some(tagged.correlate(conversations))),
        (shape.natural, c.natural == bindparam("natural", type_=Boolean())),
        (shape.unread, unread_first()),
        (shape.needs_reply, c.needs_reply.is_(True)),
    ]
    return [clause for asked, clause in wanted if asked and clause is not None] + clauses(shape.asked)


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
