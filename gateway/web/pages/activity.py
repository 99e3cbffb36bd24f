"""What happened with a contact, line by line: messages, notes and events, each with its date and time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from gateway.domain.events import Actor
from gateway.domain.ids import format_id
from gateway.domain.model import Direction, EntryKind
from gateway.domain.status import FAILURES
from gateway.storage.session import Session
from gateway.storage.thread_reads import LAST, EntryView, Place, entries
from gateway.web.api.paging import read_cursor, write_cursor
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.event_lines import event_line
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.views_contact import Activity
from gateway.web.pages.views_thread import EventLine, Words

PAGE = 40
_WHAT: Final = {
    "email": ("mail", marked("sent an e-mail to"), marked("sent an e-mail from")),
    "mms": ("image", marked("sent a picture message to"), marked("sent a picture message from")),
    "sms": ("smartphone", marked("sent a text to"), marked("sent a text from")),
}
_ELSE: Final = ("message-square", marked("sent a message to"), marked("sent a message from"))


def load_activity(session: Session, workspace_id: int, thread_id: int, cursor: str | None = None) -> list[EntryView]:
    """Up to one page of entries and one more, ascending; the newest, or those before the cursor's place."""
    place = read_cursor(cursor, int, int, int, int)
    before = LAST if place is None else Place(*place)
    return entries(session, workspace_id, thread_id, limit=PAGE + 1, before=before)


def activity_of(desk: Desk, contact_id: str, found: Sequence[EntryView], name: str) -> Activity:
    """The page of it, newest first."""
    shown = found[-PAGE:]
    older = ""
    if len(found) > PAGE:
        place = shown[0].place
        cursor = write_cursor(place.thread_id, place.seq, place.at, place.id)
        older = f"/contacts/{contact_id}/activity?cursor={cursor}"
    return Activity(list(activity_lines(desk, reversed(shown), name)), older)


def activity_lines(desk: Desk, found: Iterable[EntryView], name: str) -> Iterable[EventLine]:
    """Each entry as one line that says who did what, and when."""
    for one in found:
        entry = one.entry
        if entry.kind is EntryKind.EVENT:
            line = event_line(entry, desk.view, desk.times, name)
        else:
            icon, words = _noted(desk, one) if entry.kind is EntryKind.NOTE else _wrote(desk, one, name)
            made = format_id("evt", entry.id)
            line = EventLine(entry.seq, made, icon, words, "", desk.times.iso(entry.at), desk.times.day(entry.at))
        yield replace(line, time=desk.times.full(entry.at))


def _noted(desk: Desk, one: EntryView) -> tuple[str, list[Words]]:
    _ = desk.language.gettext
    who = _user(desk, one.entry.actor) or _("An automation")
    on_contact = one.note is not None and one.note.on_contact
    said = _("added a note on the contact") if on_contact else _("added a note")
    return "clipboard-list", [Words(who, bold=True), Words(f" {said}")]


def _wrote(desk: Desk, one: EntryView, name: str) -> tuple[str, list[Words]]:
    message = one.message.message if one.message else None
    _ = desk.language.gettext
    if message is None:
        return "message-square", [Words(_("A message that was erased"))]
    icon, to, from_ = _WHAT.get(message.channel, _ELSE)
    sender = desk.view.senders.get(message.sender_id or 0)
    via = sender.label if sender and sender.label else sender_text(message.our_address)
    if message.direction is Direction.INBOUND:
        return icon, [Words(name, bold=True), Words(f" {_(to)} "), Words(via, bold=True)]
    who = _user(desk, message.author) or message.author_name or _("An automation")
    failed = _(", not delivered") if message.status in FAILURES else ""
    icon = "circle-alert" if failed else "send-horizontal"
    return icon, [Words(who, bold=True), Words(f" {_(from_)} "), Words(via, bold=True), Words(failed)]


def _user(desk: Desk, text: str) -> str:
    actor = Actor.parse(text) if text else Actor("system")
    known = desk.view.users.get(actor.id) if actor.id is not None and actor.kind in {"user", "api"} else None
    return known.name if known else ""
