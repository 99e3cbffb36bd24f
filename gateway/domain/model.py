"""The model: one frozen record for each thing that is stored, exactly as it is stored.

Every record starts with its workspace. Ids are 63-bit time-ordered integers (`domain/ids.py`), times are milliseconds
since the epoch (UTC), money is micro-units of `currency`. A record is replaced, never edited: `record.replace`.
`message.py` and `log.py` hold messages and events, `settings.py` the things an administrator configures; `people.py`
who works here.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from gateway.domain.address import AddressKind
from gateway.domain.conversation import State
from gateway.domain.log import Event, Work
from gateway.domain.message import Direction, Media, Message, Part, ReceiptRecord
from gateway.domain.nature import Nature
from gateway.domain.record import record

__all__ = [
    "ConsentRecord",
    "Contact",
    "ContactAddress",
    "Conversation",
    "Direction",
    "Entry",
    "EntryKind",
    "Event",
    "Media",
    "Message",
    "Note",
    "Part",
    "ReadCursor",
    "ReceiptRecord",
    "Thread",
    "Work",
]


class EntryKind(StrEnum):
    """What one line of a thread is."""

    MESSAGE = "message"
    NOTE = "note"
    EVENT = "event"


@record
class Contact:
    """A person. `name` is None until somebody saves the contact."""

    workspace_id: int
    id: int
    created_at: int
    name: str | None = None
    saved: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None
    note: str | None = None
    merged_into: int | None = None
    erased_at: int | None = None


@record
class ContactAddress:
    """A phone number or e-mail address known to be a contact's. At most one live row per (workspace, kind, value)."""

    workspace_id: int
    id: int
    contact_id: int
    kind: AddressKind
    value: str
    created_at: int
    label: str | None = None
    removed_at: int | None = None


@record
class Thread:
    """Everything ever exchanged with one contact; never closes.

    `seq` is the last entry's number, `message_seq` the last message's; `inbound_count` counts natural inbound
    messages, so that a reader's unread is a subtraction. `conversation_id` points to the newest conversation,
    whatever its state. `sticky_*` remember the sender last used with this contact in either direction; `inbound_*`
    the one they last wrote to. `automatic_at` is when a machine of theirs wrote last, `auto_replied_at` when one of
    ours answered by e-mail: both keep machines from answering each other. `wish_message_id` is the message that may
    mean they want no more: until a person decides, nothing goes out by itself. `asking` is what waits for their next
    message (`domain/asking.py`), `question_id` what a plugin asked and waits to hear.
    """

    workspace_id: int
    id: int
    contact_id: int
    created_at: int
    seq: int = 0
    message_seq: int = 0
    inbound_count: int = 0
    last_at: int | None = None
    conversation_id: int | None = None
    conversation_count: int = 0
    sticky_sender_id: int | None = None
    sticky_gateway_id: int | None = None
    sticky_address: str | None = None
    inbound_sender_id: int | None = None
    inbound_gateway_id: int | None = None
    floor_seq: int = 0
    merged_into: int | None = None
    automatic_at: int | None = None
    auto_replied_at: int | None = None
    wish_message_id: int | None = None
    asking: str | None = None
    question_id: int | None = None


@record
class Conversation:
    """One episode of work in a thread. `last_*` and `preview` are what a list row shows, kept by the writer.

    `waiting_since` is when the contact began to wait for an answer; None when nobody waits (`needs_reply`).
    """

    workspace_id: int
    id: int
    thread_id: int
    contact_id: int
    number: int
    state: State
    opened_at: int
    last_at: int
    user_id: int | None = None
    group_id: int | None = None
    needs_reply: bool = False
    waiting_since: int | None = None
    snoozed_until: int | None = None
    woken: bool = False
    completed_count: int = 0
    ended_at: int | None = None
    ended_by: str | None = None
    previous_id: int | None = None
    start_sender_id: int | None = None
    last_sender_id: int | None = None
    last_gateway_id: int | None = None
    last_message_id: int | None = None
    last_direction: Direction | None = None
    last_channel: str | None = None
    last_author: str | None = None
    last_failed: bool = False
    preview: str = ""
    natural: bool = True


@record
class Entry:
    """One line of a thread. Append-only: nothing in it ever changes.

    `inbound_count` is the thread's count of natural inbound messages up to and including this entry. `actor` is
    `kind:id`. For an event entry `event` is its type and `data` its small facts.
    """

    workspace_id: int
    thread_id: int
    seq: int
    id: int
    kind: EntryKind
    at: int
    actor: str
    nature: Nature = Nature.NATURAL
    inbound_count: int = 0
    conversation_id: int | None = None
    message_id: int | None = None
    note_id: int | None = None
    sender_id: int | None = None
    direction: Direction | None = None
    event: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@record
class Note:
    """Words for the team, on a conversation or on the contact. No channel plugin can reach one.

    `mentions` are the users it names.
    """

    workspace_id: int
    id: int
    thread_id: int
    contact_id: int
    user_id: int | None
    body: str
    at: int
    conversation_id: int | None = None
    on_contact: bool = False
    mentions: tuple[int, ...] = ()


@record
class ReadCursor:
    """How far a user has read a thread; unread is the thread's `inbound_count` less `read_inbound`."""

    workspace_id: int
    user_id: int
    thread_id: int
    read_seq: int
    read_inbound: int


@record
class ConsentRecord:
    """One line of the consent ledger, with its proof. Append-only."""

    workspace_id: int
    id: int
    kind: AddressKind
    value: str
    sender_scope: str
    purpose: str
    state: str
    source: str
    at: int
    words: str | None = None
    actor: str = ""
