"""Threads: everything ever exchanged with one contact, entry by entry."""

from datetime import datetime
from typing import Annotated

import msgspec

from gateway.core.access import sees_thread
from gateway.core.commands.conversations import AddNote
from gateway.core.commands.messages import FindOrCreateThread
from gateway.core.errors import invalid
from gateway.domain.address import Address, AddressKind
from gateway.domain.events import EventType
from gateway.domain.model import EntryKind, Note
from gateway.domain.visibility import Permission
from gateway.storage.thread_reads import LAST, EntryView, Place, entries
from gateway.storage.thread_views import ThreadView, thread_by_address, thread_view
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.compose import address_in_field
from gateway.web.api.inputs import Body, Types
from gateway.web.api.paging import DEFAULT, Cursor, Limit, read_cursor, write_cursor
from gateway.web.api.route import Answer, Page, Routes
from gateway.web.api.shapes.contact import ContactBrief, contact_brief
from gateway.web.api.shapes.entry import EntryShape, NoteShape, entry_shape, note_shape
from gateway.web.api.times import to_id, to_id_or_none, to_time_or_none

routes = Routes("Threads")

_TYPES = frozenset({*EntryKind, *EventType, "inbound", "outbound"})


class ThreadShape(msgspec.Struct, frozen=True):
    """A thread; `conversation_id` is its conversation that is not closed."""

    id: str
    contact: ContactBrief
    contact_id: str
    conversation_id: str | None
    seq: int
    last_at: datetime | None
    merged: list[str]


class FoundThreadShape(msgspec.Struct, frozen=True):
    """The thread of an address."""

    id: str
    contact_id: str
    conversation_id: str | None
    last_at: datetime | None


class EntriesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries. From the oldest; `after` a seq; the ones just `before` a seq, or before `last`: the newest.

    `types` is a comma list of message, note, event, inbound, outbound and event types.
    """

    before: Annotated[str, msgspec.Meta(pattern=r"^(last|[0-9]{1,18})$")] | None = None
    after: Annotated[int, msgspec.Meta(ge=0, le=LAST)] | None = None
    types: Types | None = None
    limit: Limit = DEFAULT
    cursor: Cursor | None = None


class NewNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for the team, on the thread's conversation or on the contact."""

    body: Body
    on_contact: bool = False


@routes.get("/threads/{thread_id}")
async def get_thread(call: Call, thread_id: int) -> ThreadShape:
    """Read a thread."""
    found = await find_thread(call, thread_id)
    return ThreadShape(
        id=to_id("thread", found.thread.id),
        contact=contact_brief(found.contact, found.addresses),
        contact_id=to_id("contact", found.contact.id),
        conversation_id=to_id_or_none("conversation", found.live.conversation.id if found.live else None),
        seq=found.thread.seq,
        last_at=to_time_or_none(found.thread.last_at),
        merged=[to_id("thread", one.id) for one in found.threads[1:]],
    )


@routes.get("/threads/{thread_id}/entries")
async def list_entries(call: Call, thread_id: int, query: EntriesQuery) -> Page[EntryShape]:
    """List a thread's entries, ascending."""
    await find_thread(call, thread_id)
    types = _types(query.types)
    before, after = _place(query)
    found = await call.read(
        lambda session: entries(
            session, call.workspace_id, thread_id, limit=query.limit, before=before, after=after, types=types
        )
    )
    return Page([entry_shape(one, call.view) for one in found], _next(found, query.limit, backwards=before is not None))


@routes.put("/threads/by-address/{kind}/{value}", permission=Permission.REPLY, also=(201,))
async def find_or_create_thread(call: Call, kind: str, value: str) -> Answer[FoundThreadShape]:
    """Find the thread of an address, or make one.

    `kind` is phone or email. 201 when it was made just now.
    """
    address = _address(call, kind, value)
    known = await call.read(lambda session: thread_by_address(session, call.workspace_id, address.kind, address.value))
    if known is not None:
        found = await find_thread(call, known.id)
        live = found.live.conversation.id if found.live else None
        return Answer(200, _found(found.thread.id, found.contact.id, live, found.thread.last_at))
    made = await call.execute(FindOrCreateThread(address))
    thread = made.thread
    status = 201 if made.created else 200
    return Answer(status, _found(thread.id, thread.contact_id, made.conversation_id, thread.last_at))


@routes.post("/threads/{thread_id}/notes", permission=Permission.NOTE, status=201)
async def add_note(call: Call, thread_id: int, body: NewNote) -> NoteShape:
    """Leave a note for the team; no contact and no plugin ever reads it."""
    name = call.caller.name

    def answer(note: Note) -> NoteShape:
        return note_shape(note, call.caller.actor, name)

    return answer(await call.execute(AddNote(thread_id, body.body, body.on_contact), answer))


async def find_thread(call: Call, thread_id: int) -> ThreadView:
    """A thread the caller may see. Problem 404 otherwise."""
    found = await call.read(lambda session: thread_view(session, call.workspace_id, call.signed.user.id, thread_id))
    if found is None or not sees_thread(call.view, call.caller, found.live.conversation if found.live else None):
        raise problems.not_found("thread")
    return found


def _address(call: Call, kind: str, value: str) -> Address:
    if kind not in {"phone", "email"}:
        raise problems.not_found("kind of address")
    address = address_in_field(call, value, "value")
    if (address.kind is AddressKind.EMAIL) != (kind == "email"):
        raise invalid("value", f"This is not {'an e-mail address' if kind == 'email' else 'a phone number'}.")
    return address


def _found(thread_id: int, contact_id: int, conversation_id: int | None, last_at: int | None) -> FoundThreadShape:
    return FoundThreadShape(
        to_id("thread", thread_id),
        to_id("contact", contact_id),
        to_id_or_none("conversation", conversation_id),
        to_time_or_none(last_at),
    )


def _types(text: str | None) -> list[str] | None:
    if text is None:
        return None
    types = [word.strip() for word in text.split(",") if word.strip()]
    for word in types:
        if word not in _TYPES:
            raise invalid("types", f"There is no type {word}.")
    return types or None


def _place(query: EntriesQuery) -> tuple[int | Place | None, int | Place | None]:
    """`before` and `after` for the read model: of the cursor, else of the query."""
    cursor = read_cursor(query.cursor, bool, int, int, int, int)
    if cursor is not None:
        backwards, *place = cursor
        return (Place(*place), None) if backwards else (None, Place(*place))
    if query.before is not None and query.after is not None:
        raise invalid("after", "Go back from before, or on from after; not both at once.")
    if query.before is not None:
        return (LAST if query.before == "last" else int(query.before)), None
    return None, query.after


def _next(found: list[EntryView], limit: int, *, backwards: bool) -> str | None:
    """Backwards it goes on with older ones, else with newer ones."""
    if len(found) < limit:
        return None
    place = (found[0] if backwards else found[-1]).place
    return write_cursor(backwards, place.thread_id, place.seq, place.at, place.id)
