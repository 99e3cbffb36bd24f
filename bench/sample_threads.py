"""The threads of the sample store, as records: who wrote to whom, what, and who works on it.

Rows go through the same record tables as the product's, in bulk; what hangs on what is as the writer leaves it.
"""

import random
from dataclasses import dataclass, field
from typing import Any

from bench.sample_words import NAMES, SURNAMES, WORDS
from gateway.domain.address import AddressKind
from gateway.domain.conversation import State
from gateway.domain.ids import IdSource
from gateway.domain.log import Event
from gateway.domain.message import Direction, Message
from gateway.domain.model import Contact, ContactAddress, Conversation, Entry, EntryKind, ReadCursor, Thread
from gateway.domain.nature import Nature
from gateway.domain.people import Group, User
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Gateway, Sender
from gateway.domain.status import Status
from gateway.domain.visibility import Role
from gateway.storage import event_log, search, view_counts
from gateway.storage.records import TABLES
from gateway.storage.session import Session

FIRST_DAY = 1_735_689_600_000
"""2025-01-01 UTC: threads begin on it and follow each other `APART` ms apart."""

APART = 1_000
NUMBERS, STRIDE = 10_000_000, 6_180_339
MESSAGES = 5
AGENTS, GROUPS, SENDERS = 40, 4, 12
_STATES = (State.OPEN, State.COMPLETED, State.CLOSED, State.ARCHIVED, State.SNOOZED)
_SHARES = (10, 50, 30, 8, 2)


def number_of(thread: int) -> str:
    """The telephone number of the contact whose thread is that many-th, from 0: no neighbours' numbers are alike."""
    return f"+1555{thread * STRIDE % NUMBERS:07}"


@dataclass(slots=True)
class Setting:
    """Who and what the rows name."""

    workspace_id: int
    gateway: Gateway
    senders: list[Sender]
    users: list[User]
    groups: list[Group]


@dataclass(slots=True)
class Rows:
    """Records of one chunk, by type."""

    kinds: dict[type[Any], list[Any]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def add(self, record: Any) -> Any:
        """One more row."""
        self.kinds.setdefault(type(record), []).append(record)
        return record


def settle(session: Session, workspace_id: int, ids: IdSource) -> Setting:
    """Gateway, senders and people."""
    gateway = Gateway(workspace_id, ids.next(), "simulator", "Simulator", "phone", FIRST_DAY)
    setting = Setting(
        workspace_id,
        gateway,
        [
            Sender(
                workspace_id,
                ids.next(),
                SenderKind.LONG_CODE,
                f"+120255501{n:02}",
                FIRST_DAY,
                gateway_ids=(gateway.id,),
            )
            for n in range(SENDERS)
        ],
        [
            User(
                workspace_id,
                ids.next(),
                f"{NAMES[n % len(NAMES)]} {SURNAMES[n % len(SURNAMES)]}",
                Role.AGENT if n else Role.ADMINISTRATOR,
                FIRST_DAY,
                email=f"agent{n}@shop.example",
            )
            for n in range(AGENTS)
        ],
        [Group(workspace_id, ids.next(), f"Team {n}", FIRST_DAY) for n in range(GROUPS)],
    )
    for records in ([gateway], setting.senders, setting.users, setting.groups):
        TABLES[type(records[0])].insert(session, records)
    return setting


def add_thread(rows: Rows, setting: Setting, ids: IdSource, rnd: random.Random, number: int, at: int) -> None:
    """One contact with everything that was exchanged."""
    workspace_id, sender = setting.workspace_id, rnd.choice(setting.senders)
    named = rnd.random() < 0.6
    name = f"{rnd.choice(NAMES)} {rnd.choice(SURNAMES)}" if named else None
    contact = rows.add(Contact(workspace_id, ids.next(), at, name=name, saved=named))
    address = number_of(number)
    rows.add(ContactAddress(workspace_id, ids.next(), contact.id, AddressKind.PHONE, address, at))
    thread_id, conversation_id = ids.next(), ids.next()
    state = rnd.choices(_STATES, _SHARES)[0]
    user = rnd.choice(setting.users) if rnd.random() < 0.6 else None
    group = rnd.choice(setting.groups) if user is None and rnd.random() < 0.5 else None
    last: Message | None = None
    inbound = 0
    for seq in range(1, MESSAGES + 1):
        incoming = seq % 2 == 1
        inbound += incoming
        last = _message(
            setting, ids, rnd, (thread_id, contact.id, conversation_id), address, sender, at + seq, incoming
        )
        rows.add(last)
        rows.add(_entry(last, seq, inbound))
    assert last is not None, "every thread has messages"
    rows.add(_conversation(last, state, user, group, at))
    rows.add(
        Thread(
            workspace_id, thread_id, contact.id, at, MESSAGES, MESSAGES, inbound, last.created_at, conversation_id, 1,
            sender.id, setting.gateway.id, address, sender.id, setting.gateway.id,
        )
    )  # fmt: skip
    if user is not None:
        rows.add(ReadCursor(workspace_id, user.id, thread_id, MESSAGES - 1, inbound - rnd.randrange(2)))
    rows.events.append(
        Event(
            workspace_id, 0, "message_received", last.created_at, last.author, thread_id, conversation_id, last.id,
            contact.id, user.id if user else None, group.id if group else None,
        )
    )  # fmt: skip


def _message(
    setting: Setting,
    ids: IdSource,
    rnd: random.Random,
    place: tuple[int, int, int],
    address: str,
    sender: Sender,
    at: int,
    incoming: bool,
) -> Message:
    thread_id, contact_id, conversation_id = place
    author = f"contact:{contact_id}" if incoming else f"user:{setting.users[0].id}"
    return Message(
        workspace_id=setting.workspace_id,
        id=ids.next(),
        thread_id=thread_id,
        contact_id=contact_id,
        direction=Direction.INBOUND if incoming else Direction.OUTBOUND,
        channel="sms",
        nature=Nature.NATURAL,
        status=Status.RECEIVED if incoming else Status.DELIVERED,
        body=" ".join(rnd.choices(WORDS, k=rnd.randrange(4, 40))) + (" lighthouse" if rnd.random() < 0.001 else ""),
        our_address=sender.value,
        their_address=address,
        created_at=at,
        their_kind=AddressKind.PHONE,
        conversation_id=conversation_id,
        sender_id=sender.id,
        gateway_id=setting.gateway.id,
        segments=1,
        author=author,
    )


def _entry(message: Message, seq: int, inbound: int) -> Entry:
    return Entry(
        message.workspace_id, message.thread_id, seq, message.id, EntryKind.MESSAGE, message.created_at, message.author,
        Nature.NATURAL, inbound, message.conversation_id, message.id, None, message.sender_id, message.direction,
    )  # fmt: skip


def _conversation(last: Message, state: State, user: User | None, group: Group | None, at: int) -> Conversation:
    assert last.conversation_id is not None, "made just before"
    ended = state in (State.COMPLETED, State.ARCHIVED, State.CLOSED)
    return Conversation(
        last.workspace_id,
        last.conversation_id,
        last.thread_id,
        last.contact_id,
        1,
        state,
        at,
        last.created_at,
        user_id=user.id if user else None,
        group_id=group.id if group else None,
        needs_reply=state is State.OPEN,
        waiting_since=last.created_at if state is State.OPEN else None,
        snoozed_until=last.created_at + 86_400_000 if state is State.SNOOZED else None,
        completed_count=int(state is State.COMPLETED),
        ended_at=last.created_at if ended else None,
        ended_by="close" if state is State.CLOSED else None,
        start_sender_id=last.sender_id,
        last_sender_id=last.sender_id,
        last_gateway_id=last.gateway_id,
        last_message_id=last.id,
        last_direction=last.direction,
        last_channel=last.channel,
        preview=last.body[:160],
    )


def store(session: Session, rows: Rows) -> None:
    """Writes a chunk as the writer and its followers would."""
    for kind, records in rows.kinds.items():
        TABLES[kind].insert(session, records)
    view_counts.record(session, rows.kinds[Conversation], [])
    search.index_contacts(session, rows.kinds[Contact])
    search.index_messages(session, rows.kinds[Message])
    event_log.append(session, rows.events)
