"""Which part of the inbox a URL names: view, filters and search, read from a query string and written back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from gateway.domain.ids import format_id, parse_id
from gateway.domain.model import Conversation
from gateway.domain.visibility import Ownership, Viewer, in_inbox
from gateway.storage.ranges import OPEN_VIEWS, View
from gateway.storage.sight import Sight
from gateway.storage.view_query import Sort, ViewQuery

_LONGEST_SEARCH = 200


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
    natural_only: bool = field(default=False, compare=False)  # what the workspace says

    @property
    def hides_machines(self) -> bool:
        """Whether conversations in which only machines spoke are left out."""
        return self.natural_only if self.natural is None else self.natural

    def query(self, *, search: bool = False) -> str:
        """As a query string; the search only when asked for."""
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
        if search and self.q:
            found["q"] = self.q
        return urlencode(found)

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

    def asked(self, sight: Sight, *, limit: int, cursor: str | None = None) -> ViewQuery:
        """As the read model takes it."""
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
            sort=Sort.NEWEST,
            limit=limit,
            cursor=cursor,
        )

    def holds(self, one: Conversation, tag_ids: tuple[int, ...], viewer: Viewer) -> bool:
        """Whether a conversation one may see belongs to this list, the search and unread aside."""
        owner = Ownership(one.user_id, one.group_id)
        if self.view is not View.ALL and one.state != ("open" if self.view in OPEN_VIEWS else self.view.value):
            return False
        by_owner = {
            View.INBOX: lambda: in_inbox(viewer, owner),
            View.MINE: lambda: one.user_id == viewer.user_id,
            View.UNASSIGNED: lambda: owner.unassigned,
        }
        if self.view in by_owner and not by_owner[self.view]():
            return False
        return (
            self.sender_id in {None, one.last_sender_id}
            and self.user_id in {None, one.user_id}
            and self.group_id in {None, one.group_id}
            and (self.tag_id is None or self.tag_id in tag_ids)
            and (one.natural or not self.hides_machines)
        )


def filters_of(query: Mapping[str, str], *, natural_only: bool = False) -> Filters:
    """Filters from a query string; what makes no sense there is left out. `natural_only` is the workspace's P7."""
    try:
        view = View(query.get("view", View.INBOX))
    except ValueError:
        view = View.INBOX
    return Filters(
        view,
        _id(query, "sender", "snd"),
        _id(query, "user", "usr"),
        _id(query, "group", "grp"),
        _id(query, "tag", "tag"),
        query.get("unread") == "1",
        {"1": True, "0": False}.get(query.get("natural", "")),
        query.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH],
        natural_only,
    )


def filters_in(text: str) -> Filters:
    """Filters from a query string that was carried along in a form or another query."""
    return filters_of(dict(parse_qsl(text[:2000])))


def _id(query: Mapping[str, str], name: str, prefix: str) -> int | None:
    try:
        return parse_id(query[name], prefix) if query.get(name) else None
    except ValueError:
        return None
