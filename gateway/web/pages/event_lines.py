"""Lifecycle entries as sentences: who did what to the conversation, and when."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.events import Actor, EventType
from gateway.domain.ids import format_id
from gateway.domain.model import Entry
from gateway.web.pages.formatting import Times
from gateway.web.pages.views_thread import EventLine, Words

_Sentence = Callable[["_Telling"], list[Words]]


class _Telling:
    """One entry being told."""

    def __init__(self, entry: Entry, view: WorkspaceView, times: Times, contact: str) -> None:
        self.entry, self.view, self.times, self.contact = entry, view, times, contact
        self.actor = Actor.parse(entry.actor)

    @property
    def data(self) -> Mapping[str, Any]:
        return self.entry.data

    def user(self, user_id: int | None) -> str:
        known = self.view.users.get(user_id) if user_id is not None else None
        return known.name if known else "Somebody"

    def who(self) -> str:
        """The one who did it, or nothing when it happened by itself."""
        if self.actor.kind in {"user", "api"}:
            return self.user(self.actor.id)
        return self.contact if self.actor.kind == "contact" else ""

    def did(self, active: str, passive: str) -> list[Words]:
        who = self.who()
        return [Words(who, bold=True), Words(f" {active}")] if who else [Words(passive)]


def _assigned(told: _Telling) -> list[Words]:
    user_id, group_id = told.data.get("user_id"), told.data.get("group_id")
    group = told.view.groups.get(group_id) if group_id is not None else None
    if user_id is None and group is None:
        return told.did("gave this conversation back", "Nobody owns this conversation now")
    if user_id is not None and told.actor.kind in {"user", "api"} and user_id == told.actor.id:
        return told.did("claimed this conversation", "")
    to = " · ".join(name for name in (told.user(user_id) if user_id else "", group.name if group else "") if name)
    return [*told.did("assigned this to ", "Assigned to "), Words(to, bold=True)]


def _snoozed(told: _Telling) -> list[Words]:
    until = told.data.get("until")
    when = f" until {told.times.full(until)}" if isinstance(until, int) else ""
    return told.did(f"snoozed this conversation{when}", f"Snoozed{when}")


def _tag(added: str, removed: str) -> _Sentence:
    def tell(told: _Telling) -> list[Words]:
        return [*told.did(f"{added} ", removed), Words(str(told.data.get("tag", "")), bold=True)]

    return tell


def _plain(active: str, passive: str) -> _Sentence:
    return lambda told: told.did(active, passive)


def _opened(told: _Telling) -> list[Words]:
    return [Words(f"Conversation {told.data.get('number', '')} opened".replace("  ", " "))]


_DECIDED: Final = {
    "edited": ("changed a scheduled message", "A scheduled message was changed"),
    "settled as check": ("asked the provider about a message", "The provider was asked about a message"),
    "settled as resend": ("sent a message again that may have arrived", "A message was sent again"),
    "settled as sent": ("marked a message as sent", "A message was marked as sent"),
    "settled as failed": ("marked a message as failed", "A message was marked as failed"),
}


def _message(told: _Telling) -> list[Words]:
    active, passive = _DECIDED.get(str(told.data.get("action")), ("changed a message", "A message changed"))
    return told.did(active, passive)


_GROUPS: Final[Mapping[str, str]] = {
    EventType.CONVERSATION_OPENED: "opened",
    EventType.CONVERSATION_REOPENED: "opened",
    EventType.CONVERSATION_WOKEN: "snoozed",
    EventType.CONVERSATION_SNOOZED: "snoozed",
    EventType.CONVERSATION_ASSIGNED: "assigned",
    EventType.CONVERSATION_COMPLETED: "finished",
    EventType.CONVERSATION_ARCHIVED: "finished",
    EventType.CONVERSATION_CLOSED: "finished",
    EventType.TAG_ADDED: "tags",
    EventType.TAG_REMOVED: "tags",
}
"""Which entry of the event filter shows a kind of line; the rest is "other"."""

_SENTENCES: Final[Mapping[str, tuple[str, _Sentence]]] = {
    EventType.CONVERSATION_OPENED: ("message-square", _opened),
    EventType.CONVERSATION_REOPENED: (
        "rotate-ccw",
        lambda told: told.did("brought this conversation back", "Reopened"),
    ),
    EventType.CONVERSATION_ASSIGNED: ("hand", _assigned),
    EventType.CONVERSATION_SNOOZED: ("alarm-clock", _snoozed),
    EventType.CONVERSATION_WOKEN: ("alarm-clock", _plain("ended the snooze", "Snooze ended")),
    EventType.CONVERSATION_COMPLETED: ("circle-check", _plain("completed this conversation", "Completed")),
    EventType.CONVERSATION_ARCHIVED: ("archive", _plain("archived this conversation", "Archived")),
    EventType.CONVERSATION_CLOSED: ("circle-x", _plain("closed this conversation", "Closed")),
    EventType.MESSAGE_STATUS_CHANGED: ("history", _message),
    EventType.CONTACT_MERGED: ("merge", _plain("merged two contacts here", "Two contacts were merged here")),
    EventType.CONTACT_OPTED_OUT: ("ban", _plain("opted out", "Opted out")),
    EventType.CONTACT_OPTED_IN: ("circle-check", _plain("opted in", "Opted in")),
    EventType.TAG_ADDED: ("tag", _tag("added the tag", "Tag added: ")),
    EventType.TAG_REMOVED: ("tag", _tag("removed the tag", "Tag removed: ")),
}


def event_line(entry: Entry, view: WorkspaceView, times: Times, contact: str) -> EventLine:
    """One lifecycle line; an event of a plugin's own shows its name."""
    told = _Telling(entry, view, times, contact)
    known = _SENTENCES.get(entry.event or "")
    name = (entry.event or "event").replace("_", " ").capitalize()
    icon, words = (known[0], known[1](told)) if known else ("workflow", [Words(name)])
    auto = told.actor.kind == "automation"
    return EventLine(
        entry.seq,
        format_id("evt", entry.id),
        icon,
        words,
        times.clock(entry.at),
        times.iso(entry.at),
        times.day(entry.at),
        auto=auto,
        group=_GROUPS.get(entry.event or "", "other"),
    )
