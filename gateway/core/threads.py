"""Contacts and their threads: found by address or made, and entries appended to them."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    Thread,
)
from gateway.domain.nature import Nature
from gateway.domain.record import replace


@dataclass(frozen=True, slots=True)
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


def append_entry(
    scene: Scene,
    thread_id: int,
    kind: EntryKind,
    *,
    entry_id: int,
    conversation: Conversation | None = None,
    nature: Nature = Nature.NATURAL,
    unread: bool = False,
    message_id: int | None = None,
    note_id: int | None = None,
    sender_id: int | None = None,
    direction: Direction | None = None,
    event: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """One more line at the end of a thread. `unread` counts it for everybody's unread, on the thread that leads."""
    thread = scene.find(Thread, thread_id)
    assert thread is not None, "a thread that is written to was loaded"
    seq = thread.seq + 1
    message_seq = seq if kind is EntryKind.MESSAGE else thread.message_seq
    inbound_count = thread.inbound_count + 1 if unread and thread.merged_into is None else thread.inbound_count
    thread = scene.working.put(
        replace(thread, seq=seq, message_seq=message_seq, inbound_count=inbound_count, last_at=scene.now)
    )
    root = scene.root(thread)
    if unread and root is not thread:
        root = scene.working.put(replace(root, inbound_count=root.inbound_count + 1, last_at=scene.now))
    return scene.working.put(
        Entry(
            scene.workspace_id,
            thread_id,
            thread.seq,
            entry_id,
            kind,
            scene.now,
            scene.caller.actor,
            nature,
            root.inbound_count,
            conversation.id if conversation else None,
            message_id,
            note_id,
            sender_id,
            direction,
            event,
            data or {},
        )
    )


def append_event(
    scene: Scene, event_type: EventType, conversation: Conversation, data: Mapping[str, Any] | None = None
) -> None:
    """A lifecycle line in the conversation's thread, and the same in the log."""
    append_entry(
        scene,
        conversation.thread_id,
        EntryKind.EVENT,
        entry_id=scene.new_id(),
        conversation=conversation,
        event=str(event_type),
        data=data,
    )
    scene.emit(event_type, thread=scene.find(Thread, conversation.thread_id), conversation=conversation, data=data)
