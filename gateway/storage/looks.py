"""How far one look at a list goes, so that its time doesn't grow with the store.

Conditions that no index serves are asked of one conversation after another, in the order of the list. A look asks some
thousands and no more: a page that isn't full by then says where the next look begins, as every page does. Whoever wants
it full looks again (`web/looking.py`), in a read of its own, so that no one's list waits for another's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from gateway.domain.record import record
from gateway.storage.orders import Leg, Sort, legs_of
from gateway.storage.query import Query
from gateway.storage.ranges import OPEN_VIEWS, Range, RangeKind
from gateway.storage.schema import view_counts
from gateway.storage.session import Session
from gateway.storage.view_query import (
    Stretch,
    ViewQuery,
    asks_more_than_its_ranges,
    end_of,
    parameters_for,
    statement_for,
)

Place = tuple[Any, int]
"""A sort key and the id of a conversation."""

NEAR, FAR = 1_000, 10_000
"""How many rows of a range are looked at: first a few, which mostly fill a page, then so many more."""

FEW = 2_000
"""So many are sorted sooner than an index of all is walked for them."""

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
        walk = _Walk(session, query, leg, given, backwards)
        sizes = [NEAR, FAR] if leg.ordered and asks_more_than_its_ranges(query) else [None]
        for size in sizes:
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


def _legs(session: Session, query: ViewQuery, ranges: Sequence[Range]) -> list[Leg]:
    waiting = [Range(RangeKind.STATE, {"range_state": "open"})] if query.view in OPEN_VIEWS else ranges
    few = query.sort is Sort.WAITING and _are_few(session, query, ranges)
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


class _Walk:
    """Reads one leg, stretch by stretch. Places are those of the list; statements have the leg's own keys."""

    def __init__(self, session: Session, query: ViewQuery, leg: Leg, given: Mapping[str, Any], backwards: bool) -> None:
        self._session, self._query, self._leg, self._given = session, query, leg, given
        self._backwards = backwards
        self._descending = query.sort.descending != backwards

    def read(self, limit: int, place: Place | None, size: int | None) -> tuple[dict[int, Any], Place | None]:
        """What was found after a place among the next `size` rows of a range, and where those end, if they do."""
        query, leg = self._query, self._leg
        end = None if size is None else self._end(place, size)
        stretch = Stretch(place is not None, end is not None, self._backwards)
        given = {**self._given, "limit": limit, **self._named("", place), **self._named("end_", end)}
        keys: dict[int, Any] = {}
        for range_ in leg.ranges:
            statement = statement_for(query, leg, range_, stretch)
            rows = self._session.rows(statement, **given, **range_.values)
            keys.update((row[0], row[-1] + leg.offset if leg.offset else row[-1]) for row in rows)
        first = sorted(keys, key=lambda id_: (keys[id_], id_), reverse=self._descending)[:limit]
        return {id_: keys[id_] for id_ in first}, end

    def _end(self, place: Place | None, size: int) -> Place | None:
        """The nearest of the places that end so many rows of each range: up to there, all is known of all."""
        stretch = Stretch(later=place is not None, backwards=self._backwards)
        given = {**self._given, "slice": size - 1, **self._named("", place)}
        found = [
            self._session.first(end_of(self._query, self._leg, one, stretch), **given, **one.values)
            for one in self._leg.ranges
        ]
        ends = [(row[0] + self._leg.offset, row[1]) for row in found if row is not None]
        return (max if self._descending else min)(ends, default=None)

    def _named(self, prefix: str, place: Place | None) -> dict[str, Any]:
        if place is None:
            return {}
        return {f"{prefix}key": place[0] - self._leg.offset if self._leg.offset else place[0], f"{prefix}id": place[1]}
