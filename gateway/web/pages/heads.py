"""What stands above a thread: who it is, who has it, and what may be done."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.domain.model import Conversation
from gateway.domain.visibility import Permission, Viewer, may
from gateway.storage.conversation_rows import ConversationRow
from gateway.web.language import marked
from gateway.web.pages.faces import face_of_contact, face_of_user
from gateway.web.pages.filters import Filters
from gateway.web.pages.formatting import Times, address_text
from gateway.web.pages.rows import LIVE, closing, may_complete, pills
from gateway.web.pages.views_shell import Choice
from gateway.web.pages.views_thread import Head, Previous

_STATES = {
    State.OPEN: marked("Open"),
    State.SNOOZED: marked("Snoozed"),
    State.COMPLETED: marked("Completed"),
    State.ARCHIVED: marked("Archived"),
    State.CLOSED: marked("Closed"),
}

_SURE = {
    "complete": marked("Yes, complete conversation"),
    "archive": marked("Yes, archive conversation"),
    "close": marked("Yes, close conversation"),
}


class HeadMaker:
    """Makes heads for one viewer."""

    def __init__(self, view: WorkspaceView, viewer: Viewer, times: Times, filters: Filters) -> None:
        self._view = view
        self._viewer = viewer
        self._times = times
        self._filters = filters

    def head(self, found: ConversationRow, previous: Sequence[Conversation]) -> Head:
        """The head of one conversation; `previous` are its contact's closed ones, newest first."""
        one, view, viewer, _ = found.conversation, self._view, self._viewer, self._times.language.gettext
        person = face_of_contact(found.contact, list(found.addresses), self._times.language)
        user = view.users.get(one.user_id) if one.user_id is not None else None
        close = closing(one, view.policy)
        mine = one.user_id == viewer.user_id
        return Head(
            id=format_id("cnv", one.id),
            thread=format_id("thr", one.thread_id),
            number=one.number,
            person=person,
            natural=self._filters.hides_machines,
            named=found.contact.saved,
            saved=found.contact.saved,
            subtitle=self._subtitle(found),
            state=one.state,
            state_text=self._state(one),
            sealed=one.state is State.CLOSED,
            tags=pills(found.tag_ids, view),
            tag_choices=self._tags(found.tag_ids),
            owner=face_of_user(user) if user else None,
            owner_text=self._owner(one),
            mine=mine,
            may_claim=one.state is not State.CLOSED and one.user_id is None,
            may_assign=mine or one.user_id is None or may(viewer.role, Permission.ASSIGN_OTHERS),
            primary=self._primary(one),
            close=close.value if close else "",
            close_text=_(close.note) if close else "",
            close_said=_(close.aux) if close else "",
            close_sure=_(_SURE[close.value]) if close else "",
            confirm_close=view.policy.confirm_close,
            previous=[self.previous(earlier) for earlier in previous],
            snooze=self.snooze(),
            agents=self.agents(one.user_id),
            groups=[
                Choice(group.name, format_id("grp", group.id), pressed=group.id == one.group_id)
                for group in view.live(view.groups)
            ],
            query=self._filters.query(search=True),
            may_unsubscribe=may(viewer.role, Permission.EDIT_CONTACTS),
            may_ask=any(view.live(view.forms)) or any(view.live(view.polls)),
            may_remove=may(viewer.role, Permission.REMOVE),
        )

    def previous(self, one: Conversation) -> Previous:
        """A closed conversation, as it is offered for reading."""
        when = self._times.full(one.ended_at or one.last_at)
        title = one.preview or self._times.language.gettext("Conversation %(number)s", number=one.number)
        return Previous(format_id("cnv", one.id), title, when)

    def _subtitle(self, found: ConversationRow) -> str:
        if not found.contact.saved:
            _ = self._times.language.gettext
            return _("Email") if found.addresses and "@" in found.addresses[0].value else _("Text message")
        known = found.addresses[0] if found.addresses else None
        return address_text(known.kind, known.value) if known else ""

    def _state(self, one: Conversation) -> str:
        _ = self._times.language.gettext
        if one.state is State.SNOOZED and one.snoozed_until is not None:
            return _("Snoozed until %(when)s", when=self._times.full(one.snoozed_until))
        if one.ended_at is not None and one.state not in LIVE:
            return f"{_(_STATES[one.state])} {self._times.full(one.ended_at)}"
        return _(_STATES[one.state])

    def _primary(self, one: Conversation) -> str:
        if one.state is State.CLOSED:
            return ""
        if one.state not in LIVE:
            return "reopen"
        return "complete" if may_complete(one, self._view.policy) else "archive"

    def _owner(self, one: Conversation) -> str:
        user = self._view.users.get(one.user_id) if one.user_id is not None else None
        group = self._view.groups.get(one.group_id) if one.group_id is not None else None
        you = self._times.language.gettext("You")
        names = [you if user and user.id == self._viewer.user_id else user.name if user else ""]
        return " · ".join(name for name in [*names, group.name if group else ""] if name)

    def _tags(self, mine: tuple[int, ...]) -> list[Choice]:
        tags = sorted(self._view.live(self._view.tags), key=lambda tag: tag.name.casefold())
        return [Choice(tag.name, tag.name, icon=tag.colour, pressed=tag.id in mine) for tag in tags]

    def agents(self, owner_id: int | None = None) -> list[Choice]:
        """Whom a conversation may be given to; `aux` are the groups they are in."""
        times, _ = self._times, self._times.language.gettext
        people = (user for user in self._view.live(self._view.users) if user.kind == "person")
        return [
            Choice(
                user.name if user.takes_work(times.now) else _("%(name)s (away)", name=user.name),
                format_id("usr", user.id),
                aux=" ".join(format_id("grp", group) for group in user.group_ids),
                pressed=user.id == owner_id,
            )
            for user in sorted(people, key=lambda user: user.name.casefold())
        ]

    def snooze(self) -> list[Choice]:
        """The times that are offered; `value` is in milliseconds."""
        times, _ = self._times, self._times.language.gettext
        now = times.at(times.now)
        morning = datetime.combine(now.date() + timedelta(days=1), time(9), times.zone)
        monday = datetime.combine(now.date() + timedelta(days=7 - now.weekday()), time(9), times.zone)
        offered = [(_("In 1 hour"), now + timedelta(hours=1))]
        if now.hour < 14:
            offered.append((_("This afternoon"), now.replace(hour=14, minute=0, second=0, microsecond=0)))
        offered += [(_("Tomorrow morning"), morning), (_("Next week"), monday)]
        return [
            Choice(
                label,
                str(int(at.timestamp() * 1000)),
                aux=f"{at:%H:%M}" if at.date() == now.date() else times.language.date(at, "EHm"),
            )
            for label, at in offered
        ]
