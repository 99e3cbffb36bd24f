"""The words of a move: states, triggers, where a conversation stands, and what becomes of it.

Times are milliseconds since the epoch. `conversation.decide` puts them together.
"""

from __future__ import annotations

from enum import StrEnum

from gateway.domain.events import EventType
from gateway.domain.record import record


class State(StrEnum):
    """Completed and archived can come back; closed is sealed."""

    OPEN = "open"
    SNOOZED = "snoozed"
    COMPLETED = "completed"
    ARCHIVED = "archived"
    CLOSED = "closed"


class EndedBy(StrEnum):
    """What ended a conversation: a verb, a message that began the next one (P1, P2), idleness, or a merge."""

    COMPLETE = "complete"
    ARCHIVE = "archive"
    CLOSE = "close"
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    IDLE = "idle"
    MERGE = "merge"


@record
class Standing:
    """Where the thread's live (not closed) conversation stands, or, if none is live, the last closed one.

    `owner_available` is False only for an owner who is away; without an owner it is True.
    """

    state: State
    completed_count: int
    ended_at: int | None
    snoozed_until: int | None
    last_activity_at: int
    owner_available: bool = True
    ended_by: str | None = None


@record
class NaturalInbound:
    """A message a person wrote to us."""


@record
class OtherInbound:
    """A keyword, poll or form answer, or somebody's auto-reply."""


@record
class SentByPerson:
    """A message from a page or the API, unless the request set another nature than natural."""


@record
class SentByMachine:
    """A message of an automation, campaign, auto-reply, form, poll or test."""


@record
class Snooze:
    until: int


@record
class Timer:
    """The clock: ends a snooze that is due, applies the idle rules otherwise. Early is harmless."""


@record
class Complete:
    """Finish. A closing text is part of this move and no trigger of its own."""


@record
class Archive:
    """Put away without completing. Remove is this, and hiding the thread's history beside it."""


@record
class Close:
    """Seal for good. A closing text is part of this move and no trigger of its own."""


@record
class Reopen:
    """A user brings it back without sending."""


@record
class Wake:
    """A user ends a snooze before its time."""


Trigger = (
    NaturalInbound
    | OtherInbound
    | SentByPerson
    | SentByMachine
    | Snooze
    | Timer
    | Complete
    | Archive
    | Close
    | Reopen
    | Wake
)


@record
class Move:
    """What a trigger does. Everything up to `ended_by` is about the conversation passed in, as it is afterwards.

    A new conversation is always open, with completed_count 0, and linked to the ones before it. Its number, and an
    owner to take off (`unassign`, whose `conversation_assigned` the caller adds when there was one), are the caller's.
    """

    state: State | None  # None if there was no conversation
    completed_count: int = 0
    snoozed_until: int | None = None
    woken: bool | None = None  # marked as back from its snooze; None leaves the mark
    unassign: bool = False
    ended_at: int | None = None  # set and cleared together with ended_by, which is an EndedBy
    ended_by: str | None = None
    seals: bool = False  # it becomes closed by this move
    opens: bool = False  # conversation #n+1 opens and takes the entry
    entry_in_conversation: bool = True  # False: entry only, in the thread but in no conversation, or no entry at all
    needs_reply: bool | None = None  # of the conversation the entry lands in; None leaves it
    unread: bool = False  # the entry counts for unread
    events: tuple[EventType, ...] = ()  # of conversations alone, in order; none of them when nothing changed


class MoveRefused(Exception):
    """A move that this state doesn't allow (409). `code` is stable, `sentence` says what to do instead."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
