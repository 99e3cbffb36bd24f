"""A small business to look at: contacts with threads, conversations in every state, of every owner."""

from dataclasses import dataclass, field, replace

from gateway.domain.address import AddressKind
from gateway.domain.conversation import State
from gateway.domain.model import (
    Contact,
    ContactAddress,
    Conversation,
    Direction,
    Entry,
    EntryKind,
    Message,
    Thread,
)
from gateway.domain.nature import Nature
from gateway.domain.people import User
from gateway.domain.status import Status
from gateway.domain.visibility import Role
from gateway.storage import view_counts
from gateway.storage.facts import ConversationTag
from gateway.storage.records import (
    ADDRESSES,
    CONTACTS,
    CONVERSATION_TAGS,
    CONVERSATIONS,
    ENTRIES,
    MESSAGES,
    THREADS,
    USERS,
)
from gateway.storage.search import index_contacts, index_messages
from gateway.storage.session import Session

ANN, BEN = 11, 12
SALES, CARE = 21, 22
MADE = 1_000  # when the users were made


@dataclass
class World:
    """What is to be stored; `thread` numbers contacts, threads and conversations alike: contact n, thread 1000 + n."""

    contacts: list[Contact] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    tags: list[ConversationTag] = field(default_factory=list)

    def contact(
        self, number: int, name: str, *, at: int, inbound: int = 1, state: State = State.OPEN, user: int | None = None,
        group: int | None = None, merged_into: int | None = None, natural: bool = True, sender: int | None = 31,
        waiting: int | None = None, tags: tuple[int, ...] = (), closed_before: int = 0, body: str = "hello",
    ) -> None:  # fmt: skip
        """A contact whose `inbound` messages came one a millisecond, the last of them at `at`."""
        thread_id, live = 1000 + number, 2000 + number
        merged = None if merged_into is None else 1000 + merged_into
        self.contacts.append(Contact(1, number, 0, name=name, saved=True, merged_into=merged_into))
        self.threads.append(
            Thread(
                1, thread_id, number, created_at=at - inbound, seq=inbound, inbound_count=inbound, last_at=at,
                conversation_id=live, conversation_count=1 + closed_before, merged_into=merged,
            )
        )  # fmt: skip
        one = Conversation(
            1, live, thread_id, number, closed_before + 1, state, opened_at=at - inbound, last_at=at, user_id=user,
            group_id=group, natural=natural, last_sender_id=sender, waiting_since=waiting,
            needs_reply=waiting is not None, preview=body,
        )  # fmt: skip
        self.conversations.append(one)
        for n in range(closed_before):
            earlier = replace(
                one, id=live - 1500 + n, number=n + 1, state=State.CLOSED, last_at=at - 500 + n, opened_at=at - 900 + n,
                user_id=None, group_id=None, needs_reply=False, waiting_since=None,
            )  # fmt: skip
            self.conversations.append(earlier)
        for seq in range(1, inbound + 1):
            self._inbound(number, thread_id, live, seq, at - inbound + seq, body)
        self.tags += [ConversationTag(1, live, tag) for tag in tags]

    def _inbound(self, number: int, thread_id: int, conversation_id: int, seq: int, at: int, body: str) -> None:
        message = number * 100_000 + seq
        self.messages.append(
            Message(
                1, message, thread_id, number, Direction.INBOUND, "sms", Nature.NATURAL, Status.RECEIVED, body,
                our_address="+14155550199", their_address=_number(number), created_at=at,
                conversation_id=conversation_id,
            )
        )  # fmt: skip
        self.entries.append(
            Entry(
                1, thread_id, seq, message + 50_000, EntryKind.MESSAGE, at, f"contact:{number}", inbound_count=seq,
                conversation_id=conversation_id, message_id=message, direction=Direction.INBOUND,
            )
        )  # fmt: skip

    def store(self, session: Session) -> None:
        """Stores it as the writer would."""
        CONTACTS.insert(session, self.contacts)
        ADDRESSES.insert(
            session,
            [ContactAddress(1, 5000 + one.id, one.id, AddressKind.PHONE, _number(one.id), 0) for one in self.contacts],
        )
        THREADS.insert(session, self.threads)
        CONVERSATIONS.insert(session, self.conversations)
        ENTRIES.insert(session, self.entries)
        MESSAGES.insert(session, self.messages)
        CONVERSATION_TAGS.insert(session, self.tags)
        USERS.insert(session, [_user(ANN, "Ann", (SALES,)), _user(BEN, "Ben", (CARE,))])
        view_counts.record(session, self.conversations, [])
        index_contacts(session, self.contacts)
        index_messages(session, self.messages)


def _user(id_: int, name: str, groups: tuple[int, ...]) -> User:
    return User(1, id_, name, Role.AGENT, created_at=MADE, group_ids=groups)


def _number(number: int) -> str:
    return f"+1415555{number:04}"
