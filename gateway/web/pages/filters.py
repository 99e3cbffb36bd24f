"""Which part of the inbox a URL names: view, filters and search, read from a query string and written back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from gateway.domain.conditions import BadCondition, Condition, Filter, Flag, parse_filter
from gateway.domain.ids import format_id, parse_id
from gateway.storage.condition_sql import Conditions
from gateway.storage.orders import Sort
from gateway.storage.ranges import View
from gateway.storage.sight import Sight
from gateway.storage.view_query import ViewQuery

_LONGEST_SEARCH = 200
_LONGEST_QUERY = 4000

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Filters:
    """The list as asked for."""

    view: View = View.INBOX
    sender_id: int | None = None
    user_id: int | None = None
    group_id: int | None = None
    tag_id: int | None = None
    unread: bool = False
    natural: bool | None = None  # P7: only natural conversations; None leaves it to the workspace
    q: str = ""
    conditions: tuple[Condition, ...] = ()
    needs_reply: bool = False
    sort: Sort = Sort.NEWEST
    natural_only: bool = field(default=False, compare=False)  # what the workspace says

    @property
    def hides_machines(self) -> bool:
        """Whether conversations in which only machines spoke are left out."""
        return self.natural_only if self.natural is None else self.natural

    @property
    def plain(self) -> "Filters":
        """The view and the one thing it is about, without what one narrows it by or how it is ordered."""
        return replace(self, unread=False, natural=None, q="", conditions=(), needs_reply=False, sort=Sort.NEWEST)

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than its view does, the search aside."""
        return replace(self, sort=Sort.NEWEST, q="") != self.plain

    def query(self, *, search: bool = False) -> str:
        """As a query string; the search only when asked for."""
        return _written(self, search)

    def fields(self, *, search: bool = False) -> dict[str, str]:
        """As the fields of a query."""
        found = {"view": self.view.value}
        for name, prefix, made in (
            ("sender", "snd", self.sender_id),
            ("user", "usr", self.user_id),
            ("group", "grp", self.group_id),
            ("tag", "tag", self.tag_id),
        ):
            if made is not None:
                found[name] = format_id(prefix, made)
        if self.unread:
            found["unread"] = "1"
        if self.natural is not None:
            found["natural"] = "1" if self.natural else "0"
        written = str(Filter(frozenset({Flag.NEEDS_REPLY} if self.needs_reply else ()), self.conditions))
        if written:
            found["filter"] = written
        if self.sort is not Sort.NEWEST:
            found["sort"] = self.sort.value
        if search and self.q:
            found["q"] = self.q
        return found

    def kept(self) -> dict[str, str]:
        """As a saved view keeps it: in the words of the API's `GET /conversations`."""
        found = self.fields(search=True)
        if found.pop("unread", ""):
            found["filter"] = ",".join(one for one in (Flag.UNREAD.value, found.get("filter")) if one)
        if found.pop("natural", "") == "1":
            found["natural"] = "true"
        return found

    @property
    def page(self) -> str:
        """The page's address."""
        return f"/conversations?{self.query(search=True)}"

    @property
    def fragment(self) -> str:
        """Where the list pane alone comes from."""
        return f"/inbox/list?{self.query(search=True)}"

    def conversation(self, conversation: str) -> str:
        """A conversation's page beside this list."""
        return f"/conversations/{conversation}?{self.query(search=True)}"

    @property
    def table(self) -> str:
        """The same as a table, which has an order of its own if none is named."""
        return f"/conversations/table?{urlencode({**self.fields(search=True), 'sort': self.sort.value})}"

    def asked(self, sight: Sight, now: int, zone: tzinfo, *, limit: int, cursor: str | None = None) -> ViewQuery:
        """As the read model takes it; days are those of `zone`."""
        return ViewQuery(
            sight,
            self.view,
            self.sender_id,
            self.user_id,
            self.group_id,
            self.tag_id,
            True if self.hides_machines else None,
            self.q,
            self.unread,
            self.needs_reply,
            self.sort,
            limit,
            cursor,
            Conditions(self.conditions, now, zone),
        )


def filters_of(query: Mapping[str, str], *, natural_only: bool = False) -> Filters:
    """Filters from a query string; what makes no sense there is left out. `natural_only` is the workspace's P7."""
    kept = _filter(query.get("filter", ""))
    return Filters(
        _one_of(View, query.get("view", ""), View.INBOX),
        _id(query, "sender", "snd"),
        _id(query, "user", "usr"),
        _id(query, "group", "grp"),
        _id(query, "tag", "tag"),
        query.get("unread") == "1" or Flag.UNREAD in kept.flags,
        {"1": True, "true": True, "0": False}.get(query.get("natural", "")),
        query.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH],
        kept.conditions,
        Flag.NEEDS_REPLY in kept.flags,
        _one_of(Sort, query.get("sort", ""), Sort.NEWEST),
        natural_only,
    )


def filters_in(text: str) -> Filters:
    """Filters from a query string that was carried along in a form or another query."""
    return filters_of(dict(parse_qsl(text[:_LONGEST_QUERY])))


@lru_cache(maxsize=512)
def _written(filters: Filters, search: bool) -> str:
    return urlencode(filters.fields(search=search))


def _filter(text: str) -> Filter:
    try:
        return parse_filter(text[:_LONGEST_QUERY])
    except BadCondition:
        return Filter()


def _one_of(kind: type[E], text: str, usual: E) -> E:
    try:
        return kind(text)
    except ValueError:
        return usual


def _id(query: Mapping[str, str], name: str, prefix: str) -> int | None:
    try:
        return parse_id(query[name], prefix) if query.get(name) else None
    except ValueError:
        return None
