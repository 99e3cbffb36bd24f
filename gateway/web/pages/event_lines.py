"""Lifecycle entries as sentences: who did what to the conversation, and when."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.events import Actor, EventType
from gateway.domain.ids import format_id
from gateway.domain.model import Entry
from gateway.web.language import marked
from gateway.web.pages.formatting import Times
from gateway.web.pages.views_thread import EventLine, Words

_Sentence = Callable[["_Telling"], list[Words]]
_PLACE: Final = re.compile(r"%\((\w+)\)s")
_NAMES: Final = frozenset({"who", "owner", "tag"})  # what stands out in a sentence


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
        return known.name if known else self.times.language.gettext("Somebody")

    def who(self) -> str:
        """The one who did it, or nothing when it happened by itself."""
        if self.actor.kind in {"user", "api"}:
            return self.user(self.actor.id)
        return self.contact if self.actor.kind == "contact" else ""

    def say(self, sentence: str, **values: str) -> list[Words]:
        """A sentence in the reader's language, names in it bold, wherever the language puts them."""
        said = self.times.language.gettext(sentence)
        pieces = _PLACE.split(said)
        made = [
            Words(values.get(piece, ""), bold=piece in _NAMES) if index % 2 else Words(piece)
            for index, piece in enumerate(pieces)
        ]
        return [one for one in made if one.text]

    def did(self, active: str, passive: str, **values: str) -> list[Words]:
        """What somebody did, or what happened by itself."""
        who = self.who()
        return self.say(active, who=who, **values) if who else self.say(passive, **values)


_BY: Final[Mapping[str, str]] = {
    "round_robin": marked("Assigned to %(owner)s by round robin of %(team)s"),
    "least_busy": marked("Assigned to %(owner)s, the least busy of %(team)s"),
}


def _waiting(told: _Telling) -> list[Words]:
    if told.data.get("reason") == "everybody-full":
        return told.say(marked("Everybody has as many conversations as they may; it waits until somebody is free"))
    until = told.data.get("until")
    if isinstance(until, int):
        sentence = marked("Nobody works at this hour; it waits until %(when)s, when somebody begins")
        return told.say(sentence, when=told.times.full(until))
    return told.say(marked("Nobody is available; it waits until somebody is"))


def _assigned(told: _Telling) -> list[Words]:
    user_id, group_id = told.data.get("user_id"), told.data.get("group_id")
    group = told.view.groups.get(group_id) if group_id is not None else None
    if user_id is None and group is None:
        return told.did(marked("%(who)s gave this conversation back"), marked("Nobody owns this conversation now"))
    if user_id is not None and told.actor.kind in {"user", "api"} and user_id == told.actor.id:
        return told.did(marked("%(who)s claimed this conversation"), "")
    by = _BY.get(str(told.data.get("by")))
    if by is not None:
        who, team = told.user(user_id), group.name if group else told.times.language.gettext("everybody")
        return told.say(by, owner=who, team=team)
    names = (told.user(user_id) if user_id else "", group.name if group else "")
    owner = " · ".join(name for name in names if name)
    return told.did(marked("%(who)s assigned this to %(owner)s"), marked("Assigned to %(owner)s"), owner=owner)


def _snoozed(told: _Telling) -> list[Words]:
    until = told.data.get("until")
    if not isinstance(until, int):
        return told.did(marked("%(who)s snoozed this conversation"), marked("Snoozed"))
    active, passive = marked("%(who)s snoozed this conversation until %(when)s"), marked("Snoozed until %(when)s")
    return told.did(active, passive, when=told.times.full(until))


def _tag(active: str, passive: str) -> _Sentence:
    return lambda told: told.did(active, passive, tag=str(told.data.get("tag", "")))


def _plain(active: str, passive: str) -> _Sentence:
    return lambda told: told.did(active, passive)


def _opened(told: _Telling) -> list[Words]:
    number = told.data.get("number")
    if number is None:
        return told.say(marked("Conversation opened"))
    return told.say(marked("Conversation %(number)s opened"), number=str(number))


_DECIDED: Final = {
    "edited": (marked("%(who)s changed a scheduled message"), marked("A scheduled message was changed")),
    "settled as check": (
        marked("%(who)s asked the provider about a message"),
        marked("The provider was asked about a message"),
    ),
    "settled as resend": (
        marked("%(who)s sent a message again that may have arrived"),
        marked("A message was sent again"),
    ),
    "settled as sent": (marked("%(who)s marked a message as sent"), marked("A message was marked as sent")),
    "settled as failed": (marked("%(who)s marked a message as failed"), marked("A message was marked as failed")),
}


def _message(told: _Telling) -> list[Words]:
    changed = (marked("%(who)s changed a message"), marked("A message changed"))
    return told.did(*_DECIDED.get(str(told.data.get("action")), changed))


def _decided(told: _Telling) -> list[Words]:
    match told.data.get("decided"):
        case "unsubscribe":
            return told.did(marked("%(who)s decided: this was an opt-out"), marked("This was an opt-out"))
        case "keep":
            return told.did(marked("%(who)s decided: this was no opt-out"), marked("This was no opt-out"))
    return told.say(marked("There is nothing left to decide"))


_SENTENCES: Final[Mapping[str, tuple[str, str, _Sentence]]] = {
    EventType.CONVERSATION_OPENED: ("opened", "message-square", _opened),
    EventType.CONVERSATION_REOPENED: (
        "opened",
        "rotate-ccw",
        _plain(marked("%(who)s brought this conversation back"), marked("Reopened")),
    ),
    EventType.CONVERSATION_ASSIGNED: ("assigned", "hand", _assigned),
    EventType.CONVERSATION_SNOOZED: ("snoozed", "alarm-clock", _snoozed),
    EventType.CONVERSATION_WOKEN: (
        "snoozed",
        "alarm-clock",
        _plain(marked("%(who)s ended the snooze"), marked("Snooze ended")),
    ),
    EventType.CONVERSATION_COMPLETED: (
        "finished",
        "circle-check",
        _plain(marked("%(who)s completed this conversation"), marked("Completed")),
    ),
    EventType.CONVERSATION_ARCHIVED: (
        "finished",
        "archive",
        _plain(marked("%(who)s archived this conversation"), marked("Archived")),
    ),
    EventType.CONVERSATION_CLOSED: (
        "finished",
        "circle-x",
        _plain(marked("%(who)s closed this conversation"), marked("Closed")),
    ),
    EventType.ASSIGNMENT_WAITING: ("assigned", "clock", _waiting),
    EventType.MESSAGE_STATUS_CHANGED: ("other", "history", _message),
    EventType.CONTACT_MERGED: (
        "other",
        "merge",
        _plain(marked("%(who)s merged two contacts here"), marked("Two contacts were merged here")),
    ),
    EventType.CONTACT_OPTED_OUT: ("other", "ban", _plain(marked("%(who)s opted out"), marked("Opted out"))),
    EventType.CONTACT_OPTED_IN: ("other", "circle-check", _plain(marked("%(who)s opted in"), marked("Opted in"))),
    EventType.OPT_OUT_SUGGESTED: (
        "other",
        "circle-alert",
        _plain(
            marked("%(who)s may want no more messages. What goes out by itself waits"),
            marked("Maybe no more messages are wanted. What goes out by itself waits"),
        ),
    ),
    EventType.OPT_OUT_DECIDED: ("other", "circle-check", _decided),
    EventType.TAG_ADDED: ("tags", "tag", _tag(marked("%(who)s added the tag %(tag)s"), marked("Tag added: %(tag)s"))),
    EventType.TAG_REMOVED: (
        "tags",
        "tag",
        _tag(marked("%(who)s removed the tag %(tag)s"), marked("Tag removed: %(tag)s")),
    ),
}
"""By event: which entry of the event filter shows it, its icon, and its sentence."""


def event_line(entry: Entry, view: WorkspaceView, times: Times, contact: str) -> EventLine:
    """One lifecycle line; an event of a plugin's own shows its name."""
    told = _Telling(entry, view, times, contact)
    name = (entry.event or "event").replace("_", " ").capitalize()
    group, icon, tell = _SENTENCES.get(entry.event or "", ("other", "workflow", lambda _: [Words(name)]))
    return EventLine(
        entry.seq,
        format_id("evt", entry.id),
        icon,
        tell(told),
        times.clock(entry.at),
        times.iso(entry.at),
        times.day(entry.at),
        auto=told.actor.kind == "automation",
        group=group,
    )
