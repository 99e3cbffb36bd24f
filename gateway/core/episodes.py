"""Carrying out what `domain/conversation.decide` decided: the only place that writes a conversation's state."""

from gateway.core.assigning import look_for, one_less
from gateway.core.errors import conflict, invalid
from gateway.core.scene import Scene
from gateway.core.threads import append_event
from gateway.domain.conversation import Move, MoveRefused, Standing, State, Trigger, decide
from gateway.domain.events import EventType
from gateway.domain.model import Conversation, Thread
from gateway.domain.record import record, replace
from gateway.sdk.decisions import Assignment

TIMER = "timer"


@record(gc=True)
class Episode:
    """What a trigger did: the move, and the conversation its entry lands in (None: entry only)."""

    move: Move
    conversation: Conversation | None


def standing_of(scene: Scene, conversation: Conversation | None) -> Standing | None:
    """Where a conversation stands, as the domain asks for it."""
    if conversation is None:
        return None
    return Standing(
        conversation.state,
        conversation.completed_count,
        conversation.ended_at,
        conversation.snoozed_until,
        conversation.last_at,
        scene.view.user_available(conversation.user_id, scene.now),
        conversation.ended_by,
    )


def trigger(
    scene: Scene,
    root: Thread,
    what: Trigger,
    *,
    conversation: Conversation | None = None,
    assignment: Assignment | None = None,
) -> Episode:
    """Decides and carries out a trigger on a conversation (default: the thread's newest one).

    Raises Refused (409) with the sentence of the table.
    """
    subject = conversation or scene.newest(root)
    try:
        move = decide(standing_of(scene, subject), what, scene.view.policy, scene.now)
    except MoveRefused as refusal:
        if refusal.code == "snooze_in_the_past":
            raise invalid("until", refusal.sentence) from refusal
        raise conflict(refusal.code.replace("_", "-"), refusal.sentence) from refusal
    return carry_out(scene, root, subject, move, assignment)


def carry_out(
    scene: Scene, root: Thread, subject: Conversation | None, move: Move, assignment: Assignment | None = None
) -> Episode:
    """Writes what a move says, its lifecycle lines and its events, in order."""
    after = _apply(scene, subject, move) if subject else None
    landed = after
    for event in move.events:
        if event is EventType.CONVERSATION_OPENED:
            landed = _open(scene, root, subject, assignment)
            append_event(scene, event, landed, {"number": landed.number})
        elif after is not None:
            append_event(scene, event, after, _facts(event, after))
    if subject is not None and subject.state is State.OPEN and (after is None or after.state is not State.OPEN):
        one_less(scene, subject)
    if not move.entry_in_conversation:
        return Episode(move, None)
    if landed is not None and move.needs_reply is not None:
        landed = _needs_reply(scene, landed, move.needs_reply)
    if after is not None and landed is not None and subject is not None and move.unassign:
        landed = _unassign(scene, landed)
    if landed is not None and (subject is None or subject.state is not State.OPEN or landed.id != subject.id):
        look_for(scene, landed)
    return Episode(move, landed)


def _apply(scene: Scene, subject: Conversation, move: Move) -> Conversation:
    assert move.state is not None, "a conversation that was passed in has a state afterwards"
    woken = subject.woken if move.woken is None else move.woken
    ended_by = str(move.ended_by) if move.ended_by else None
    if (
        subject.state is move.state
        and subject.completed_count == move.completed_count
        and subject.snoozed_until == move.snoozed_until
        and subject.woken == woken
        and subject.ended_at == move.ended_at
        and subject.ended_by == ended_by
    ):
        return subject
    after = replace(
        subject,
        state=move.state,
        completed_count=move.completed_count,
        snoozed_until=move.snoozed_until,
        woken=woken,
        ended_at=move.ended_at,
        ended_by=ended_by,
    )
    _timers(scene, subject, after)
    return scene.working.put(after)


def _timers(scene: Scene, before: Conversation, after: Conversation) -> None:
    """A timer for a snooze that begins; the idle rules get theirs when a conversation opens or ends."""
    policy = scene.view.policy
    if after.snoozed_until is not None and after.snoozed_until != before.snoozed_until:
        scene.schedule(TIMER, after.snoozed_until, subject_id=after.id)
    if policy.idle_seal_after is not None and after.state is State.COMPLETED and before.state is not State.COMPLETED:
        scene.schedule(TIMER, scene.now + policy.idle_seal_after * 1000, subject_id=after.id)
    if policy.idle_complete_after is not None and after.state is State.OPEN and before.state is not State.OPEN:
        scene.schedule(TIMER, scene.now + policy.idle_complete_after * 1000, subject_id=after.id)


def _open(scene: Scene, root: Thread, previous: Conversation | None, assignment: Assignment | None) -> Conversation:
    root = scene.find(Thread, root.id) or root
    given = assignment or Assignment()
    opened = Conversation(
        scene.workspace_id,
        scene.new_id(),
        root.id,
        root.contact_id,
        root.conversation_count + 1,
        State.OPEN,
        scene.now,
        scene.now,
        user_id=given.user_id,
        group_id=given.group_id,
        previous_id=previous.id if previous else None,
    )
    scene.working.put(replace(root, conversation_id=opened.id, conversation_count=opened.number))
    idle = scene.view.policy.idle_complete_after
    if idle is not None:
        scene.schedule(TIMER, scene.now + idle * 1000, subject_id=opened.id)
    return scene.working.put(opened)


def _needs_reply(scene: Scene, conversation: Conversation, needs_reply: bool) -> Conversation:
    waiting = (conversation.waiting_since or scene.now) if needs_reply else None
    if conversation.needs_reply == needs_reply and conversation.waiting_since == waiting:
        return conversation
    return scene.working.put(replace(conversation, needs_reply=needs_reply, waiting_since=waiting))


def _unassign(scene: Scene, conversation: Conversation) -> Conversation:
    if conversation.user_id is None:
        return conversation
    conversation = scene.working.put(replace(conversation, user_id=None))
    append_event(scene, EventType.CONVERSATION_ASSIGNED, conversation, owner_facts(conversation))
    return conversation


def owner_facts(conversation: Conversation) -> dict[str, int | None]:
    """Who owns it now, as an event says it."""
    return {"user_id": conversation.user_id, "group_id": conversation.group_id}


def _facts(event: EventType, conversation: Conversation) -> dict[str, object] | None:
    match event:
        case EventType.CONVERSATION_COMPLETED:
            return {"completed_count": conversation.completed_count}
        case EventType.CONVERSATION_SNOOZED:
            return {"until": conversation.snoozed_until}
        case EventType.CONVERSATION_CLOSED:
            return {"ended_by": conversation.ended_by}
    return None
