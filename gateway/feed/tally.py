"""The statistics follow the log: each event adds to the tallies of its quarter of an hour.

Volumes and outcomes count for the quarter a message was written in, so that sent, delivered and failed are always
shares of the same messages; conversations and durations for the quarter something happened in. Tests are left out.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from gateway.core.campaigning import campaign_of
from gateway.domain.events import Actor, EventType
from gateway.domain.ids import PREFIXES, parse_id
from gateway.domain.message import Direction
from gateway.domain.model import Conversation, Event
from gateway.domain.moves import EndedBy
from gateway.domain.nature import Nature, is_person
from gateway.domain.record import replace
from gateway.domain.statistics import (
    ANSWERED,
    ASKED,
    DURATIONS,
    FAILED_BY,
    Dimension,
    Measure,
    Tally,
    Wait,
    band_of,
    outcome_of,
    quarter_of,
)
from gateway.domain.status import WAITING, Status
from gateway.storage import statistics
from gateway.storage.conversation_rows import tags_of
from gateway.storage.records import CONVERSATIONS, QUESTIONS
from gateway.storage.session import Session
from gateway.storage.statistics import MessageFacts

FOLLOWER = "tally"

Subjects = Sequence[tuple[Dimension, int]]
_Key = tuple[str, int, int, str, int]

_ABOUT_MESSAGES: Final = frozenset(
    {EventType.MESSAGE_RECEIVED, EventType.MESSAGE_QUEUED, EventType.MESSAGE_STATUS_CHANGED}
)
_ABOUT_QUESTIONS: Final = frozenset({EventType.QUESTION_ASKED, EventType.QUESTION_ANSWERED})
_BEGINS: Final = {
    EventType.CONVERSATION_OPENED: Measure.OPENED,
    EventType.CONVERSATION_REOPENED: Measure.REOPENED,
}
_ENDS: Final = {
    EventType.CONVERSATION_COMPLETED: Measure.COMPLETED,
    EventType.CONVERSATION_ARCHIVED: Measure.ENDED,
    EventType.CONVERSATION_CLOSED: Measure.ENDED,
}
_REASONED: Final = frozenset({Dimension.ALL, Dimension.SENDER, Dimension.GATEWAY})
_WITHDRAWN: Final = WAITING - {Status.QUEUED} | {Status.CANCELLED}


def tally(session: Session, workspace_id: int, events: Sequence[Event]) -> None:
    """Counts some events, in the transaction that moves the follower's cursor."""
    counting = _Counting(session, workspace_id, events)
    for event in events:
        counting.take(event)
    counting.store(session)


class _Counting:
    """One batch: what it needs, loaded at once, and what it adds."""

    def __init__(self, session: Session, workspace_id: int, events: Sequence[Event]) -> None:
        self._workspace_id = workspace_id
        messages = {one.message_id for one in events if one.message_id and one.type in _ABOUT_MESSAGES}
        moved = {one.conversation_id for one in events if one.conversation_id and one.type in {*_BEGINS, *_ENDS}}
        asked = {one for one in map(_question_of, events) if one is not None}
        self._questions = {one.id: one for one in QUESTIONS.by(session, workspace_id, "id", asked)} if asked else {}
        touched = moved | {one.conversation_id for one in events if one.conversation_id and one.message_id}
        self._messages = statistics.message_facts(session, workspace_id, messages) if messages else {}
        self._conversations = _by_id(CONVERSATIONS.by(session, workspace_id, "id", moved) if moved else ())
        self._tags = tags_of(session, workspace_id, moved) if moved else {}
        self._before = statistics.waits(session, workspace_id, touched) if touched else {}
        self._waits = dict(self._before)
        self._found: dict[_Key, tuple[int, int]] = {}

    def take(self, event: Event) -> None:
        """Counts one event."""
        kind = event.type
        if kind in _ABOUT_MESSAGES:
            message = self._messages.get(event.message_id or 0)
            if message is not None and message.nature is not Nature.TEST:
                self._message(event, message)
        elif kind in _BEGINS and event.conversation_id is not None:
            self._add(_BEGINS[EventType(kind)], event.at, self._of_conversation(event))
            self._waits[event.conversation_id] = Wait(
                self._workspace_id, event.conversation_id, event.at, waiting=False
            )
        elif kind in _ENDS and event.conversation_id is not None:
            self._end(event, event.conversation_id)
        elif kind in _ABOUT_QUESTIONS:
            self._question(event)
        elif kind == EventType.TAG_ADDED and isinstance(event.data.get("tag_id"), int):
            self._add(Measure.TAGGED, event.at, [(Dimension.TAG, event.data["tag_id"])])

    def store(self, session: Session) -> None:
        """Adds it all up."""
        statistics.add(
            session,
            (
                Tally(self._workspace_id, dimension, quarter, subject, measure, band, count, total)
                for (dimension, quarter, subject, measure, band), (count, total) in self._found.items()
                if count or total
            ),
        )
        statistics.change_waits(session, self._before, self._waits)

    def _message(self, event: Event, message: MessageFacts) -> None:
        subjects = _of_message(message)
        if event.type == EventType.MESSAGE_RECEIVED:
            self._add(Measure.INBOUND, message.created_at, subjects)
            self._asked(event, message)
        elif event.type == EventType.MESSAGE_QUEUED:
            self._add(Measure.OUTBOUND, message.created_at, subjects)
            self._answered(event, message, subjects)
        elif "was" in event.data:
            self._moved(Status(event.data["was"]), Status(event.data["status"]), message, subjects)
            self._reason(event, message, subjects)

    def _moved(self, was: Status, status: Status, message: MessageFacts, subjects: Subjects) -> None:
        if was in {Status.QUEUED, Status.SENDING} and status in _WITHDRAWN:
            self._add(Measure.OUTBOUND, message.created_at, subjects, -1)
        before, after = outcome_of(was), outcome_of(status)
        if before is not after:
            if before is not None:
                self._add(before, message.created_at, subjects, -1)
            if after is not None:
                self._add(after, message.created_at, subjects)

    def _reason(self, event: Event, message: MessageFacts, subjects: Subjects) -> None:
        """Why messages fail, of a gateway or a number and in all; one that arrived after all takes its reason back."""
        was, code = event.data.get("was_code"), event.data.get("code")
        found = [one for one in subjects if one[0] in _REASONED]
        for reason, count in ((was, -1), (code, 1)) if was != code else ():
            if reason:
                self._count(f"{FAILED_BY}{reason[:60]}", message.created_at, found, count=count)

    def _asked(self, event: Event, message: MessageFacts) -> None:
        """The message that opened a conversation, or brought it back, is what somebody waits for an answer to."""
        wait = self._waits.get(event.conversation_id or 0)
        if wait is not None and is_person(message.nature) and wait.since == event.at:
            self._waits[wait.conversation_id] = replace(wait, waiting=True)

    def _answered(self, event: Event, message: MessageFacts, subjects: Subjects) -> None:
        wait = self._waits.get(event.conversation_id or 0)
        if wait is None or not wait.waiting or not is_person(message.nature):
            return
        replied_after = event.at - wait.since
        self._add(Measure.FIRST_REPLY, event.at, subjects, duration=replied_after)
        self._waits[wait.conversation_id] = replace(wait, waiting=False, replied_after=replied_after)

    def _end(self, event: Event, conversation_id: int) -> None:
        wait = self._waits.pop(conversation_id, None)
        if event.data.get("ended_by") == EndedBy.MERGE:
            return
        tags: Subjects = [(Dimension.TAG, tag) for tag in self._tags.get(conversation_id, ())]
        measure, subjects = _ENDS[EventType(event.type)], [*self._of_conversation(event), *tags]
        if wait is not None or measure is Measure.COMPLETED:
            self._add(measure, event.at, subjects)
        if wait is not None:
            self._add(Measure.RESOLUTION, event.at, subjects, duration=event.at - wait.since)
        if wait is not None and wait.replied_after is not None:
            # Tags are often put on after the first answer: it counts for those that are there in the end.
            self._add(Measure.FIRST_REPLY, event.at, tags, duration=wait.replied_after)

    def _question(self, event: Event) -> None:
        """Answers stand where their question was asked, so that they are a share of the same questions."""
        question = self._questions.get(_question_of(event) or 0)
        if question is None or question.scale is None or question.about is not None:
            return
        subjects: list[tuple[Dimension, int]] = [(Dimension.ALL, 0)]
        subjects += [(Dimension.USER, question.user_id)] if question.user_id else []
        subjects += _numbered(question.sender_id, question.gateway_id)
        subjects += [(Dimension.TAG, tag) for tag in question.tag_ids]
        value = event.data.get("value")
        if event.type == EventType.QUESTION_ASKED:
            self._count(f"{ASKED}{question.scale}", question.asked_at, subjects)
        elif isinstance(value, int):
            self._count(f"{ANSWERED}{question.scale}", question.asked_at, subjects, value)

    def _count(self, measure: str, at: int, subjects: Subjects, value: int = 0, count: int = 1) -> None:
        for dimension, subject in subjects:
            key = (str(dimension), quarter_of(at), subject, measure, value)
            known, total = self._found.get(key, (0, 0))
            self._found[key] = (known + count, total + value)

    def _of_conversation(self, event: Event) -> Subjects:
        """Whoever did it, else whose conversation it was, and the number it was about."""
        conversation = self._conversations.get(event.conversation_id or 0)
        user = _user(event.actor) or event.user_id
        found: list[tuple[Dimension, int]] = [(Dimension.ALL, 0)]
        found += [(Dimension.USER, user)] if user else []
        if conversation is not None:
            found += _numbered(conversation.last_sender_id, conversation.last_gateway_id)
        return found

    def _add(self, measure: Measure, at: int, subjects: Subjects, count: int = 1, duration: int | None = None) -> None:
        assert (duration is not None) == (measure in DURATIONS), "durations have a length, counts none"
        band = 0 if duration is None else band_of(duration)
        for dimension, subject in subjects:
            key = (str(dimension), quarter_of(at), subject, str(measure), band)
            known, total = self._found.get(key, (0, 0))
            self._found[key] = (known + count, total + max(duration or 0, 0))


def _of_message(message: MessageFacts) -> Subjects:
    user = _user(message.author) if message.direction is Direction.OUTBOUND else None
    found = [(Dimension.ALL, 0)] + ([(Dimension.USER, user)] if user else [])
    campaign = campaign_of(message.cause)
    found += [(Dimension.CAMPAIGN, campaign)] if campaign else []
    return [*found, *_numbered(message.sender_id, message.gateway_id)]


def _question_of(event: Event) -> int | None:
    """The question that an event is about."""
    if event.type not in _ABOUT_QUESTIONS:
        return None
    try:
        return parse_id(str(event.data.get("question_id")), PREFIXES["question"])
    except ValueError:
        return None


def _numbered(sender_id: int | None, gateway_id: int | None) -> list[tuple[Dimension, int]]:
    pairs = ((Dimension.SENDER, sender_id), (Dimension.GATEWAY, gateway_id))
    return [(dimension, subject) for dimension, subject in pairs if subject]


def _user(actor: str) -> int | None:
    parsed = Actor.parse(actor) if actor else Actor("system")
    return parsed.id if parsed.kind in {"user", "api"} else None


def _by_id(found: Iterable[Conversation]) -> dict[int, Conversation]:
    return {one.id: one for one in found}
