"""One line of a thread: a message, a note, or something that happened."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.events import Actor
from gateway.domain.model import Note
from gateway.storage.thread_reads import EntryView
from gateway.web.api.facts import facts_of
from gateway.web.api.shapes.message import Author, MessageShape, author_of, message_shape
from gateway.web.api.times import to_id, to_id_or_none, to_time


class NoteShape(msgspec.Struct, frozen=True):
    """Words for the team."""

    id: str
    body: str
    on_contact: bool
    author: Author | None
    conversation_id: str | None
    thread_id: str
    at: datetime


class EventBrief(msgspec.Struct, frozen=True):
    """Something that happened, with its small facts."""

    type: str
    data: dict[str, Any]


class EntryShape(msgspec.Struct, frozen=True):
    """One of `message`, `note` and `event` is there, as `type` says."""

    seq: int
    type: str
    at: datetime
    conversation_id: str | None
    actor: Author | None
    message: MessageShape | None = None
    note: NoteShape | None = None
    event: EventBrief | None = None


def entry_shape(view: EntryView, workspace: WorkspaceView) -> EntryShape:
    """One line as the API says it."""
    entry, found = view.entry, view.message
    message = None
    if found is not None:
        message = message_shape(found.message, found.parts, {one.id: one for one in found.media})
    name = found.message.author_name if found else name_of(entry.actor, workspace)
    return EntryShape(
        seq=entry.seq,
        type=entry.kind,
        at=to_time(entry.at),
        conversation_id=to_id_or_none("conversation", entry.conversation_id),
        actor=author_of(entry.actor, name),
        message=message,
        note=None if view.note is None else note_shape(view.note, entry.actor, name),
        event=None if entry.event is None else EventBrief(entry.event, facts_of(entry.data)),
    )


def name_of(actor: str, workspace: WorkspaceView) -> str | None:
    """What a user, or the user behind a token, is called; None for everybody else."""
    who = Actor.parse(actor) if actor else None
    user = workspace.users.get(who.id or 0) if who and who.kind in {"user", "api"} else None
    return user.name if user else None


def note_shape(note: Note, actor: str, name: str | None) -> NoteShape:
    """A note as the API says it."""
    return NoteShape(
        id=to_id("note", note.id),
        body=note.body,
        on_contact=note.on_contact,
        author=author_of(actor, name),
        conversation_id=to_id_or_none("conversation", note.conversation_id),
        thread_id=to_id("thread", note.thread_id),
        at=to_time(note.at),
    )
