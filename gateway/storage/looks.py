"""How far one look at a list goes, so that its time doesn't grow with the store.

Conditions that no index serves are asked of one conversation after another, in the order of the list. A look asks some
thousands and no more: a page that isn't full by then says where the next look begins, as every page does. Whoever wants
it full looks again (`web/looking.py`), in a read of its own, so that no one's list waits for another's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from gateway.domain.record import record
from gateway.storage.orders import Half, Leg, Sort, legs_of
from gateway.storage.query import Query
from gateway.storage.ranges import OPEN_VIEWS, Range, RangeKind
from gateway.storage.schema import view_counts
from gateway.storage.session import Session
from gateway.storage.view_query import (
    ViewQuery,
    asks_more_than_its_ranges,
    parameters_for,
)
from gateway.storage.walks import NameWalk, Place, Walk

NEAR, FAR = 1_000, 10_000
"""How many rows of a range are looked at: first a few, which mostly fill a page, then so many more."""

FEW = 5_000
"""So many are sorted sooner than an index of all is walked for them."""

_WALKED_WHEN_MANY = frozenset({Sort.WAITING, Sort.CONTACT, Sort.CONTACT_DOWN})

_COUNT = Query(
    select(view_counts.c.state, view_counts.c.user_id, view_counts.c.group_id, func.sum(view_counts.c.count))
    .where(view_counts.c.workspace_id == bindparam("workspace_id"))
    .group_by(view_counts.c.state, view_counts.c.user_id, view_counts.c.group_id)
)


@record(gc=True)
class Look:
    """Ids in the order of the list, with their sort keys; and where the look ended, if more may come after that."""

    keys: Mapping[int, Any]
    end: Place | None = None

    @property
    def last(self) -> tuple[int, Any]:
        """The last one's id and key."""
        return list(self.keys.items())[-1]


def look(
    session: Session,
    query: ViewQuery,
    ranges: Sequence[Range],
    limit: int,
    place: Place | None,
    *,
    backwards: bool = False,
) -> Look:
    """The first conversations of all ranges together after a place, each once; `backwards`, those before it."""
    given = parameters_for(session, query)
    legs = _legs(session, query, ranges)
    keys: dict[int, Any] = {}
    for leg in legs[::-1] if backwards else legs:
        if place is not None and not leg.holds(place[0]):
            continue
        by_name = leg.half is Half.NAMES
        walk = (NameWalk if by_name else Walk)(session, query, leg, given, backwards)
        for size in (NEAR // 5 or 1, NEAR, 2 * FAR) if by_name else _sizes(query, leg):
            found, end = walk.read(limit - len(keys), place, size)
            keys |= found
            if len(keys) == limit:
                return Look(keys)
            place = end
            if end is None:
                break
        if place is not None:
            return Look(keys, place)
    return Look(keys)


def _sizes(query: ViewQuery, leg: Leg) -> tuple[int | None, ...]:
    return (NEAR, FAR) if leg.ordered and asks_more_than_its_ranges(query) else (None,)


def _legs(session: Session, query: ViewQuery, ranges: Sequence[Range]) -> list[Leg]:
    waiting = [Range(RangeKind.STATE, {"range_state": "open"})] if query.view in OPEN_VIEWS else ranges
    few = query.sort in _WALKED_WHEN_MANY and _are_few(session, query, ranges)
    return [leg for leg in legs_of(query.sort, ranges, waiting, few=few) if leg.ranges]


def _are_few(session: Session, query: ViewQuery, ranges: Sequence[Range]) -> bool:
    """Whether so few are in the ranges, by the counters beside the views, that sorting them takes no time."""
    counted = session.rows(_COUNT, workspace_id=query.sight.workspace_id)
    return sum(int(row[3]) for row in counted if any(_counts(one, row) for one in ranges)) <= FEW


def _counts(range_: Range, row: Sequence[Any]) -> bool:
    state, user_id, group_id, _ = row
    if range_.kind is RangeKind.STATE:
        return bool(state == range_.values["range_state"])
    if state != "open":
        return False
    match range_.kind:
        case RangeKind.USER:
            return bool(user_id == range_.values["range_user"])
        case RangeKind.GROUP:
            return bool(user_id == 0 and group_id == range_.values["range_group"])
        case RangeKind.TEAM:
            return bool(user_id != 0 and group_id == range_.values["range_group"])
        case RangeKind.UNGROUPED:
            return bool(user_id == 0 and group_id == 0)
        case _:
            return True  # of a sender, any of them
