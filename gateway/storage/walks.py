"""Reading a leg of an order stretch by stretch: along its index, or along the names of contacts."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, Text, bindparam, literal_column, or_, select

from gateway.domain.record import record
from gateway.storage.condition_sql import names_asked
from gateway.storage.narrowing import THREADS_OF_CONTACTS
from gateway.storage.orders import Half, Leg
from gateway.storage.query import Query
from gateway.storage.ranges import Range, RangeKind
from gateway.storage.schema import contact_names, contacts
from gateway.storage.session import Session
from gateway.storage.view_query import Stretch, ViewQuery, end_of, statement_for

Place = tuple[Any, int]
"""A sort key and the id of a conversation."""

_BEFORE_ALL_IDS, _AFTER_ALL_IDS = -1, (1 << 63) - 2
_ALL = (1 << 62) - 1


class Walk:
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


_ERASED = Query(
    select(contacts.c.id).where(contacts.c.workspace_id == bindparam("workspace_id"), contacts.c.erased_at.is_not(None))
)


_MERGED = select(contacts.c.id).where(
    contacts.c.workspace_id == bindparam("workspace_id"), contacts.c.merged_into.is_not(None)
)
_AT_ONCE = 2_000
"""So many contacts' conversations are looked up at most."""


@record
class _Span:
    """Which names: from one on (`later`, or `strictly` after it), those that `names` say, or how far a stretch goes."""

    descending: bool
    later: bool
    strictly: bool


def _from(span: _Span, statement: Select[Any]) -> Select[Any]:
    c = contact_names.c
    name = bindparam("name", type_=Text())
    statement = statement.where(c.workspace_id == bindparam("workspace_id"))
    if span.later and span.descending:
        statement = statement.where(c.sort_name < name if span.strictly else c.sort_name <= name)
    elif span.later:
        statement = statement.where(c.sort_name > name if span.strictly else c.sort_name >= name)
    order = (c.sort_name.desc(), c.contact_id.desc()) if span.descending else (c.sort_name, c.contact_id)
    return statement.order_by(*order)


@cache
def _last(span: _Span) -> Query:
    """The last name of a stretch of `slice` contacts."""
    statement = select(contact_names.c.sort_name).limit(literal_column("1"))
    return Query(_from(span, statement.offset(bindparam("slice", type_=BigInteger()))))


@lru_cache(maxsize=64)
def _people(span: _Span, names: tuple[str, ...]) -> Query:
    """(contact, name) up to a `last` name, where the name is as the conditions with these parameters say.

    Whoever was merged is asked later: by the name of who they are now.
    """
    c, last = contact_names.c, bindparam("last", type_=Text())
    statement = select(c.contact_id, c.sort_name).limit(bindparam("limit", type_=BigInteger()))
    for one in names:
        fits = c.sort_name.like(bindparam(one, type_=Text()), escape="\\")
        statement = statement.where(or_(fits, c.contact_id.in_(_MERGED)))
    return Query(_from(span, statement.where(c.sort_name >= last if span.descending else c.sort_name <= last)))


class NameWalk:
    """Reads conversations in the order of their contacts' names, some names at a time.

    An erased contact has no name any more: theirs stand with those of the empty name.
    """

    def __init__(
        self, session: Session, query: ViewQuery, _leg: Leg, given: Mapping[str, Any], backwards: bool
    ) -> None:
        self._session, self._query, self._given, self._backwards = session, query, given, backwards
        self._descending = query.sort.descending != backwards
        self._end_of_name = _BEFORE_ALL_IDS if self._descending else _AFTER_ALL_IDS

    def read(self, limit: int, place: Place | None, size: int | None) -> tuple[dict[int, Any], Place | None]:
        """As `Walk.read`; `size` is how many names."""
        assert size is not None, "a walk by name is always of some names"
        people, last = self._stretch(place, size)
        rows = self._session.rows(THREADS_OF_CONTACTS, **self._workspace, contacts=self._session.set_of(people))
        found = Range(RangeKind.THREADS, {"range_threads": self._session.set_of(row[0] for row in rows)})
        leg = Leg(Half.WHOLE, [found], ordered=False)
        keys, _ = Walk(self._session, self._query, leg, self._given, self._backwards).read(limit, place, None)
        return keys, None if last is None else (last, self._end_of_name)

    def _stretch(self, place: Place | None, size: int) -> tuple[set[int], str | None]:
        """Who is in the next stretch, and its last name if there are more."""
        span = _Span(self._descending, place is not None, place is not None and place[1] == self._end_of_name)
        given: dict[str, Any] = {**self._given, "name": place and place[0], "limit": _AT_ONCE, "slice": size - 1}
        row = self._session.first(_last(span), **given)
        last: str | None = None if row is None else row[0]
        query, end = _people(span, names_asked(self._query.conditions)), last
        if end is None:
            end = "" if self._descending else chr(0x10FFFF)
        rows = self._session.rows(query, **{**given, "last": end})
        if len(rows) == _AT_ONCE:
            # All of a name together, the last one's another time; where all have the same, however many they are.
            same = rows[0][1] == rows[-1][1]
            end = last = rows[0][1] if same else next(row[1] for row in reversed(rows) if row[1] != rows[-1][1])
            rows = self._session.rows(query, **{**given, "last": end, "limit": _ALL})
        people = {row[0] for row in rows}
        nameless = end == "" if self._descending else place is None or (place[0] == "" and not span.strictly)
        return people | self._erased() if nameless else people, last

    def _erased(self) -> set[int]:
        return {row[0] for row in self._session.rows(_ERASED, **self._workspace)}

    @property
    def _workspace(self) -> dict[str, int]:
        return {"workspace_id": self._query.sight.workspace_id}
