"""The views beside the list, and the chips above it, as links."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from gateway.domain.ids import format_id
from gateway.domain.policy import Visibility
from gateway.domain.sender import SenderKind
from gateway.domain.settings import SavedView, Sender
from gateway.domain.visibility import Permission
from gateway.storage.orders import Sort
from gateway.storage.ranges import View
from gateway.storage.totals import ViewTotals
from gateway.web.language import marked
from gateway.web.pages.condition_words import words_of
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.filters import Filters, filters_of
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.table_columns import usual_sort
from gateway.web.pages.views_list import Chip, NavGroup, NavItem, Saved

SORTS = {
    Sort.NEWEST: marked("Newest first"),
    Sort.OLDEST: marked("Oldest first"),
    Sort.WAITING: marked("Longest waiting"),
    Sort.UNREAD: marked("Unread first"),
    Sort.CONTACT: marked("Contact, A to Z"),
    Sort.OWNER: marked("Owner, A to Z"),
}
VIEWS = {
    View.INBOX: (marked("Inbox"), "inbox"),
    View.MINE: (marked("Mine"), "user"),
    View.UNASSIGNED: (marked("Unassigned"), "circle-dashed"),
    View.SNOOZED: (marked("Snoozed"), "alarm-clock"),
    View.OPEN: (marked("All open"), "layers"),
    View.COMPLETED: (marked("Completed"), "circle-check"),
    View.CLOSED: (marked("Closed"), "circle-x"),
    View.ARCHIVED: (marked("Archived"), "archive"),
    View.ALL: (marked("All"), "messages-square"),
}
_WORKING = (View.INBOX, View.MINE, View.UNASSIGNED, View.SNOOZED, View.OPEN)
_TABLES = (View.OPEN, View.CLOSED)  # too many for a list, or to be read rather than worked
_SENDER_ICONS = {
    SenderKind.EMAIL: "mail",
    SenderKind.WHATSAPP: "message-circle",
    SenderKind.SHORT_CODE: "hash",
    SenderKind.ALPHANUMERIC: "megaphone",
}
NO_HEALTH: Mapping[int, str] = MappingProxyType({})
_BEST_FIRST = ("ok", "degraded", "down", "paused")
_HEALTH = {
    "degraded": marked("Its gateway does not work well"),
    "down": marked("Its gateway is down"),
    "paused": marked("Its gateway is paused"),
}
_ENDED = (View.COMPLETED, View.CLOSED, View.ARCHIVED, View.ALL)


class Nav:
    """The views as links, with the numbers beside them."""

    def __init__(
        self,
        desk: Desk,
        filters: Filters,
        totals: ViewTotals,
        views: Sequence[SavedView] = (),
        health: Mapping[int, str] = NO_HEALTH,
    ) -> None:
        """`health` is the state of gateways by id; of one that isn't there nothing is said."""
        self._desk, self._filters, self._totals, self._health = desk, filters, totals, health
        self._kept = [(one, filters_of(one.query, natural_only=filters.natural_only)) for one in views]
        self._word = desk.language.gettext

    def title(self) -> str:
        """The name of the view, or of the one filter it is about."""
        view, filters = self._desk.view, self._filters
        saved = self.saved()
        if saved is not None:
            return saved.name
        sender = view.senders.get(filters.sender_id or 0)
        if sender is not None:
            return sender.label or sender_text(sender.value)
        found = (
            view.users.get(filters.user_id or 0)
            or view.groups.get(filters.group_id or 0)
            or view.tags.get(filters.tag_id or 0)
        )
        return found.name if found else self._word(VIEWS[filters.view][0])

    def groups(self) -> Sequence[NavGroup]:
        """All of them; All open only for those who see more in it than in their inbox."""
        desk, _ = self._desk, self._word
        sees_all = desk.signed.may(Permission.SEE_ALL) or desk.view.policy.visibility is Visibility.ALL
        working = [one for one in _WORKING if one is not View.OPEN or sees_all]
        made = [
            NavGroup("working", "", [self._view(one) for one in working]),
            NavGroup("ended", "", [self._view(one) for one in _ENDED]),
            NavGroup("saved", self._word(marked("Saved views")), [self._saved(*one) for one in self._kept]),
            NavGroup("senders", _("Mailboxes"), self.senders()),
            NavGroup("people", _("Agents and groups"), [*self._groups(), *self._users()]),
            NavGroup("tags", _("Tags"), self._tags()),
        ]
        return [group for group in made if group.items]

    def chips(self) -> Sequence[Chip]:
        """Unread, Mine and Unassigned, each on top of what is chosen."""
        filters, totals, _ = self._filters, self._totals, self._word
        unread = replace(filters, unread=not filters.unread)
        chips = [Chip("unread", _("Unread"), unread.page, unread.fragment, filters.unread, totals.unread_conversations)]
        for view in (View.MINE, View.UNASSIGNED):
            on = filters.view is view
            other = replace(filters, view=View.INBOX if on else view)
            chips.append(Chip(view.value, self._word(VIEWS[view][0]), other.page, other.fragment, on))
        return chips

    def conditions(self, *, table: bool = False) -> Sequence[Chip]:
        """What the list is filtered by, each as a link to the list without it, or to the table."""
        filters = self._filters

        def chip(key: str, label: str, value: str, left: Filters) -> Chip:
            page, part = (left.table, left.table) if table else (left.page, left.fragment)
            return Chip(key, label, page, part, True, value=value)

        found = []
        for one in filters.conditions:
            left = replace(filters, conditions=tuple(other for other in filters.conditions if other is not one))
            label, value = words_of(one, self._desk.view, self._word)
            found.append(chip(str(one), label, value, left))
        if filters.needs_reply:
            waiting = self._word(marked("Waiting for an answer"))
            found.append(chip("needs_reply", waiting, "", replace(filters, needs_reply=False)))
        if filters.unread and table:
            found.append(chip("unread", self._word(marked("Unread")), "", replace(filters, unread=False)))
        return found

    def sorts(self) -> Sequence[Chip]:
        """The orders, each as a link."""
        found = ((sort, label, replace(self._filters, sort=sort)) for sort, label in SORTS.items())
        return [
            Chip(sort.value, self._word(label), other.page, other.fragment, sort is self._filters.sort)
            for sort, label, other in found
        ]

    def numbers(self) -> Sequence[NavItem]:
        """Our numbers and mailboxes as a filter on top of what is chosen; the one chosen leads back to all of them."""
        filters, found = self._filters, []
        for item, one in zip(self.senders(), self._desk.view.live(self._desk.view.senders), strict=True):
            on = filters.sender_id == one.id
            other = replace(filters, sender_id=None if on else one.id)
            found.append(replace(item, href=other.page, fragment=other.fragment, current=on))
        return found

    def saved(self) -> Saved | None:
        """The saved view that is shown, if it is one."""
        desk = self._desk
        for one, kept in self._kept:
            if kept == self._filters:
                may_change = not one.shared or desk.signed.may(Permission.MANAGE_CONTENT)
                return Saved(format_id("viw", one.id), one.name, one.shared, may_change)
        return None

    def _saved(self, one: SavedView, kept: Filters) -> NavItem:
        as_table = one.layout == "table"
        return NavItem(
            format_id("viw", one.id),
            one.name,
            "filter",
            kept.table if as_table else kept.page,
            "" if as_table else kept.fragment,
            current=kept == self._filters,
            tip=self._word(marked("Shared with the team")) if one.shared else "",
        )

    def natural(self) -> Chip:
        """P7, the other way round from what it is now."""
        on, _ = self._filters.hides_machines, self._word
        other = replace(self._filters, natural=not on)
        return Chip("natural", _("Natural conversations only"), other.page, other.fragment, on)

    def senders(self) -> list[NavItem]:
        """Our numbers and mailboxes."""
        counts = self._totals.senders
        return [
            replace(
                self._item(
                    format_id("snd", one.id),
                    one.label or sender_text(one.value),
                    _SENDER_ICONS.get(one.kind, "smartphone"),
                    Filters(View.OPEN, sender_id=one.id),
                    counts.get(one.id, 0),
                ),
                tip=sender_text(one.value),
                health=(state := self._state_of(one)),
                health_words=self._word(_HEALTH.get(state, "")),
            )
            for one in self._desk.view.live(self._desk.view.senders)
        ]

    def _state_of(self, sender: Sender) -> str:
        """How the best of a sender's gateways does: with one that works, it works."""
        gateways = (self._desk.view.gateways.get(id_) for id_ in sender.gateway_ids)
        states = [
            "paused" if one.paused or not one.enabled else self._health.get(one.id, "ok") for one in gateways if one
        ]
        return min(states, key=_BEST_FIRST.index, default="")

    def _view(self, view: View) -> NavItem:
        label, icon = VIEWS[view]
        count = self._totals.views.get(view)
        unread = self._totals.unread_messages if view is View.INBOX else None
        if view in _TABLES:
            item = self._item(view.value, self._word(label), icon, Filters(view), count)
            return replace(item, href=Filters(view, sort=usual_sort(view)).table, fragment="")
        return replace(self._item(view.value, self._word(label), icon, Filters(view), count), unread=unread)

    def _users(self) -> list[NavItem]:
        people = (one for one in self._desk.view.live(self._desk.view.users) if one.kind == "person")
        return [
            replace(
                self._item(
                    format_id("usr", one.id),
                    one.name,
                    "user",
                    Filters(View.OPEN, user_id=one.id),
                    self._totals.users.get(one.id, 0),
                ),
                person=face_of_user(one, self._desk.times.now),
            )
            for one in people
            if one.id != self._desk.signed.user.id
        ]

    def _groups(self) -> list[NavItem]:
        return [
            self._item(
                format_id("grp", one.id),
                one.name,
                "users",
                Filters(View.OPEN, group_id=one.id),
                self._totals.groups.get(one.id, 0),
            )
            for one in self._desk.view.live(self._desk.view.groups)
        ]

    def _tags(self) -> list[NavItem]:
        return [
            replace(
                self._item(
                    format_id("tag", one.id),
                    one.name,
                    "tag",
                    Filters(View.OPEN, tag_id=one.id),
                    self._totals.tags.get(one.id, 0),
                ),
                colour=one.colour,
            )
            for one in self._desk.view.live(self._desk.view.tags)
        ]

    def _item(self, key: str, label: str, icon: str, filters: Filters, count: int | None) -> NavItem:
        current = filters == self._filters.plain
        return NavItem(key, label, icon, filters.page, filters.fragment, count, current=current)
