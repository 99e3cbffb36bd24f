"""Entries of a thread as lines: days between them, grouped bubbles, and where the unread begins."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.events import Actor
from gateway.domain.ids import format_id
from gateway.domain.mentions import mentions_in
from gateway.domain.model import Direction, EntryKind, Message, Note
from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.domain.retention import days_of
from gateway.domain.status import FAILURES
from gateway.storage.message_reads import MessageView
from gateway.storage.thread_reads import EntryView
from gateway.web.language import Language, marked
from gateway.web.pages.attachments import size_text
from gateway.web.pages.event_lines import event_line
from gateway.web.pages.faces import face_of_user, hue_of, initials_of
from gateway.web.pages.formatting import Times, sender_text
from gateway.web.pages.statuses import is_open, status_of
from gateway.web.pages.views_shell import Person
from gateway.web.pages.views_thread import DayLine, EventLine, Line, MessageLine, NewLine, NoteLine, Picture, Words

GROUP_MS = 5 * 60_000  # messages of one author closer than this share a bubble group
_LABELS = {"mms": marked("MMS"), "email": marked("Email"), "whatsapp": marked("WhatsApp")}
_NATURES = {
    Nature.CAMPAIGN: marked("Campaign"),
    Nature.AUTO: marked("Automatic"),
    Nature.KEYWORD: marked("Keyword"),
    Nature.FORM: marked("Form"),
    Nature.POLL: marked("Poll"),
    Nature.TEST: marked("Test"),
}


@record
class Timeline:
    """Lines for the template; `older` is where the ones before come from, or nothing."""

    lines: Sequence[Line]
    last_seq: int
    older: str = ""


class TimelineMaker:
    """Makes lines for one thread, one reader and one moment."""

    def __init__(self, view: WorkspaceView, times: Times, contact: Person, sender_id: int | None = None) -> None:
        """`sender_id` is the one the list is filtered to: what went over another is dimmed."""
        self._view = view
        self._times = times
        self._contact = contact
        self._sender_id = sender_id

    def lines(
        self,
        found: Sequence[EntryView],
        *,
        before: EntryView | None = None,
        read_seq: int | None = None,
        unread: int = 0,
    ) -> list[Line]:
        """The lines of a stretch. `before` is the entry just above it; the unread begins after `read_seq`."""
        made: list[Line] = []
        day = self._times.day(before.entry.at) if before else None
        last = self._line(before) if before else None
        marked = read_seq is None or not unread
        for one in found:
            line, entry = self._line(one), one.entry
            if line is None:
                continue
            if self._times.day(entry.at) != day:
                day = self._times.day(entry.at)
                made.append(DayLine(self._times.day_name(entry.at), day))
                last = None
            if not marked and read_seq is not None and entry.seq > read_seq and _is_inbound(line):
                made.append(NewLine(unread))
                marked, last = True, None
            if isinstance(line, MessageLine) and isinstance(last, MessageLine) and _belong_together(last, line):
                line = replace(line, same=True)
            made.append(line)
            last = line
        return made

    def _line(self, one: EntryView) -> MessageLine | NoteLine | EventLine | None:
        if one.entry.kind is EntryKind.EVENT:
            return event_line(one.entry, self._view, self._times, self._contact.name)
        if one.note is not None:
            return self.note(one.note, one.entry.seq)
        return None if one.message is None else self.message(one.message, one.entry.seq)

    def note(self, note: Note, seq: int = 0) -> NoteLine:
        """One note."""
        author = self._view.users.get(note.user_id) if note.user_id is not None else None
        at = self._times
        return NoteLine(
            seq,
            format_id("nte", note.id),
            author.name if author else self._times.language.gettext("An automation"),
            at.clock(note.at) if seq else at.full(note.at),
            at.iso(note.at),
            at.day(note.at),
            note.body,
            note.on_contact,
            words=self._named(note),
        )

    def _named(self, note: Note) -> list[Words]:
        """The note in pieces, colleagues it names bold."""
        names = {one: self._view.users[one].name for one in note.mentions if one in self._view.users}
        made, at = list[Words](), 0
        for one in mentions_in(note.body, names):
            made += [Words(note.body[at : one.start]), Words(note.body[one.start : one.end], bold=True)]
            at = one.end
        return [*made, Words(note.body[at:])]

    def _words(self, message: Message) -> str:
        """What was written, without what was appended to it; that it is kept no longer, where its time is past."""
        days = days_of(self._view.workspace.retention, "messages")
        past = days and message.created_at < self._times.now - days * 86_400_000
        if past and not message.body and not message.media_ids:
            return self._times.language.gettext("The words are kept no longer.")
        return message.body.removesuffix(f"\n{message.appended}") if message.appended else message.body

    def message(self, found: MessageView, seq: int) -> MessageLine:
        """One message."""
        message = found.message
        out = message.direction is Direction.OUTBOUND
        sender = self._view.senders.get(message.sender_id or 0)
        gateway = self._view.gateways.get(message.gateway_id or 0)
        value = sender_text(message.our_address)
        return MessageLine(
            seq=seq,
            id=format_id("msg", message.id),
            out=out,
            author=self._author(message) if out else self._contact,
            body=self._words(message),
            time=self._times.clock(message.created_at),
            iso=self._times.iso(message.created_at),
            day=self._times.day(message.created_at),
            via=(sender.label if sender and sender.label else value),
            via_value=value,
            gateway=gateway.name if gateway else "",
            status=status_of(message, self._times, retried=found.retried),
            parts=message.segments if out and message.channel == "sms" else 0,
            label=self._times.language.gettext(_NATURES.get(message.nature) or _LABELS.get(message.channel, "")),
            subject=message.subject or "",
            mail=message.channel == "email" or message.subject is not None,
            sent_from=value if out else message.their_address,
            sent_to=message.their_address if out else value,
            pictures=list(_pictures(found, self._times.language)),
            incomplete=message.incomplete,
            quoted=message.quoted or "",
            formatted=f"/messages/{format_id('msg', message.id)}/formatted" if message.html_id is not None else "",
            appended=message.appended or "",
            failed=message.status in FAILURES,
            open=is_open(message),
            at=message.created_at,
            auto=message.nature is not Nature.NATURAL,
            dim=self._sender_id is not None and message.sender_id != self._sender_id,
        )

    def _author(self, message: Message) -> Person:
        actor = Actor.parse(message.author) if message.author else Actor("system")
        user = self._view.users.get(actor.id) if actor.id is not None and actor.kind in {"user", "api"} else None
        if user is not None:
            return face_of_user(user)
        name = message.author_name or self._times.language.gettext("Automation")
        return Person(message.author, name, initials_of(name), hue_of(actor.id or 0))


def _is_inbound(line: Line) -> bool:
    return isinstance(line, MessageLine) and not line.out


def _belong_together(above: MessageLine, below: MessageLine) -> bool:
    if (above.out, above.author.id, above.via) != (below.out, below.author.id, below.via) or below.subject:
        return False
    return below.at - above.at < GROUP_MS


def _pictures(found: MessageView, language: Language) -> Iterable[Picture]:
    _ = language.gettext
    for one in found.media:
        stored = one.state == "stored"
        name = one.name or (_("Picture") if one.content_type.startswith("image/") else _("File"))
        missing = (
            _("%(name)s is no longer available", name=name)
            if one.state == "unavailable"
            else _("%(name)s is on its way", name=name)
        )
        image = one.content_type.startswith("image/") and one.content_type != "image/svg+xml"
        source = f"/api/v1/media/{format_id('med', one.id)}/content" if stored else ""
        yield Picture(source, name if stored else missing, image, size_text(one.size))
