"""Contacts and their threads: found by address or made, and entries appended to them."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from gateway.core.scene import Scene
from gateway.domain.address import Address
from gateway.domain.events import EventType
from gateway.domain.model import (
    Contact,
    ContactAddress,
    Conversation,
    Direction,
    Entry,
    EntryKind,
    Message,
    Note,
    Thread,
)
from gateway.domain.nature import Nature
from gateway.domain.record import record, replace


@record
class Place:
    """Where something of an address belongs: its contact's own thread, and the root that leads after a merge."""

    contact: Contact
    thread: Thread
    root: Thread
    created: bool = False


def place_of(scene: Scene, address: Address) -> Place | None:
    """The place of a known address."""
    found = scene.working.address(scene.workspace_id, address.value)
    return None if found is None else place_of_contact(scene, found.contact_id)


def place_of_contact(scene: Scene, contact_id: int) -> Place | None:
    """The place of a contact."""
    contact = scene.find(Contact, contact_id)
    thread = scene.working.thread_of(scene.workspace_id, contact_id)
    if contact is None or thread is None:
        return None
    return Place(contact, thread, scene.root(thread))


def place_for(scene: Scene, address: Address) -> Place:
    """The place of an address; a contact nobody has heard of is made with its thread."""
    known = place_of(scene, address)
    if known is not None:
        return known
    contact = scene.working.put(Contact(scene.workspace_id, scene.new_id(), scene.now))
    return new_place(scene, contact, (address,))


def new_place(scene: Scene, contact: Contact, addresses: tuple[Address, ...]) -> Place:
    """The thread of a contact that was just made, and its addresses."""
    for address in addresses:
        add_address(scene, contact, address)
    thread = scene.working.put(Thread(scene.workspace_id, scene.new_id(), contact.id, scene.now))
    scene.emit(EventType.CONTACT_CREATED, thread=thread)
    return Place(contact, thread, thread, created=True)


def add_address(scene: Scene, contact: Contact, address: Address, label: str | None = None) -> ContactAddress:
    """One more address of a contact."""
    return scene.working.put(
        ContactAddress(scene.workspace_id, scene.new_id(), contact.id, address.kind, address.value, scene.now, label)
    )


@record
class _Line:
    """What one line of a thread says, before it has its number."""

    id: int
    kind: EntryKind
    conversation_id: int | None = None
    nature: Nature = Nature.NATURAL
    unread: bool = False
    message_id: int | None = None
    note_id: int | None = None
    sender_id: int | None = None
    direction: Direction | None = None
    event: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def append_message(scene: Scene, message: Message, conversation: Conversation | None, *, unread: bool = False) -> Entry:
    """A message at the end of its thread. `unread` counts it for everybody's unread, on the thread that leads."""
    line = _Line(
        message.id,
        EntryKind.MESSAGE,
        conversation.id if conversation else None,
        message.nature,
        unread,
        message.id,
        None,
        message.sender_id,
        message.direction,
    )
    return _append(scene, message.thread_id, line)


def append_note(scene: Scene, note: Note) -> Entry:
    """A note at the end of its thread."""
    line = _Line(note.id, EntryKind.NOTE, note.conversation_id, note_id=note.id)
    return _append(scene, note.thread_id, line)


def append_fact(
    scene: Scene,
    thread_id: int,
    event: EventType,
    conversation: Conversation | None = None,
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """A lifecycle line alone, for what is logged in another way."""
    line = _Line(
        scene.new_id(),
        EntryKind.EVENT,
        conversation.id if conversation else None,
        event=str(event),
        data=data or {},
    )
    return _append(scene, thread_id, line)


def _append(scene: Scene, thread_id: int, line: _Line) -> Entry:
    thread = scene.find(Thread, thread_id)
    assert thread is not None, "a thread that is written to was loaded"
    seq = thread.seq + 1
    leads = thread.merged_into is None
    thread = scene.working.put(
        replace(
            thread,
            seq=seq,
            message_seq=seq if line.kind is EntryKind.MESSAGE else thread.message_seq,
            inbound_count=thread.inbound_count + (line.unread and leads),
            last_at=scene.now,
        )
    )
    root = thread if leads else scene.root(thread)
    if line.unread and not leads:
        root = scene.working.put(replace(root, inbound_count=root.inbound_count + 1, last_at=scene.now))
    return scene.working.put(
        Entry(
            scene.workspace_id,
            thread_id,
            seq,
            line.id,
            line.kind,
            scene.now,
            scene.caller.actor,
            line.nature,
            root.inbound_count,
            line.conversation_id,
            line.message_id,
            line.note_id,
            line.sender_id,
            line.direction,
            line.event,
            line.data,
        )
    )


def append_event(
    scene: Scene, event_type: EventType, conversation: Conversation, data: Mapping[str, Any] | None = None
) -> None:
    """A lifecycle line in the conversation's thread, and the same in the log."""
    append_fact(scene, conversation.thread_id, event_type, conversation, data)
    scene.emit(event_type, thread=scene.find(Thread, conversation.thread_id), conversation=conversation, data=data)
