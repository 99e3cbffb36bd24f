"""The verbs of a conversation: each is a trigger on the state table, with its closing text as part of the same step."""

from gateway.core.access import require
from gateway.core.commands.conversations import (
    ArchiveConversation,
    CloseConversation,
    CompleteConversation,
    FireTimer,
    ReopenConversation,
    SnoozeConversation,
    WakeConversation,
)
from gateway.core.commands.messages import SendMessage
from gateway.core.decisions.send import queue, require_sendable
from gateway.core.episodes import trigger
from gateway.core.errors import Refused
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.targets import Target, compose_for, find_target
from gateway.domain.conversation import Archive, Close, Complete, Reopen, Snooze, State, Timer, Trigger, Wake
from gateway.domain.model import Conversation, Thread
from gateway.domain.record import replace
from gateway.domain.visibility import Permission

ConversationVerb = (
    ArchiveConversation
    | CloseConversation
    | CompleteConversation
    | ReopenConversation
    | SnoozeConversation
    | WakeConversation
)


def verb_needs(command: ConversationVerb, needs: Needs) -> None:
    """The conversation, its thread, and the ledger when a closing text goes with it."""
    needs.conversations.add(command.conversation_id)
    if getattr(command, "message", None) is not None:
        needs.ledger = True


def complete(command: CompleteConversation, scene: Scene) -> Conversation:
    """Done."""
    return _finish(scene, command.conversation_id, Complete(), command.message)


def close(command: CloseConversation, scene: Scene) -> Conversation:
    """Sealed."""
    return _finish(scene, command.conversation_id, Close(), command.message)


def archive(command: ArchiveConversation, scene: Scene) -> Conversation:
    """Put away; `remove` also hides the history so far."""
    if command.remove:
        require(scene.caller, Permission.REMOVE)
    conversation = _move(scene, command.conversation_id, Archive())
    if command.remove:
        thread = scene.find(Thread, conversation.thread_id)
        assert thread is not None, "a conversation's thread is loaded with it"
        scene.working.put(replace(thread, floor_seq=thread.seq))
    return conversation


def snooze(command: SnoozeConversation, scene: Scene) -> Conversation:
    """Out of sight until a time."""
    return _move(scene, command.conversation_id, Snooze(command.until))


def wake(command: WakeConversation, scene: Scene) -> Conversation:
    """Back before its time."""
    return _move(scene, command.conversation_id, Wake())


def reopen(command: ReopenConversation, scene: Scene) -> Conversation:
    """A user brings it back."""
    return _move(scene, command.conversation_id, Reopen())


def fire_timer(command: FireTimer, scene: Scene) -> None:
    """A timer asks; the table answers against the state as it is now, so an early or late one is harmless."""
    conversation = scene.find(Conversation, command.conversation_id)
    if conversation is None or conversation.state in (State.ARCHIVED, State.CLOSED):
        return
    root = _root(scene, conversation)
    try:
        trigger(scene, root, Timer(), conversation=conversation)
    except Refused:
        return
    _rearm(scene, conversation)


def _rearm(scene: Scene, before: Conversation) -> None:
    """Something was said since an idle timer was set: look again when the quiet would have lasted long enough."""
    after = scene.find(Conversation, before.id)
    idle = scene.view.policy.idle_complete_after
    if after is not None and idle is not None and after.state is before.state is State.OPEN:
        scene.schedule("timer", max(after.last_at + idle * 1000, scene.now + 1000), subject_id=after.id)


def _move(scene: Scene, conversation_id: int, what: Trigger) -> Conversation:
    require(scene.caller, Permission.WORK)
    conversation = scene.conversation(conversation_id)
    trigger(scene, _root(scene, conversation), what, conversation=conversation)
    return scene.find(Conversation, conversation_id) or conversation


def _finish(scene: Scene, conversation_id: int, what: Trigger, message: str | None) -> Conversation:
    """The closing text first, so that it stands above the line that says the conversation ended."""
    require(scene.caller, Permission.WORK)
    conversation = scene.conversation(conversation_id)
    if message is None:
        return _move(scene, conversation_id, what)
    _check_allowed(scene, conversation, what)
    command = SendMessage(body=message, thread_id=conversation.thread_id)
    target: Target = find_target(scene, command)
    composition = compose_for(scene, command, target)
    require_sendable(composition)
    assert target.place is not None, "a conversation's thread has a place"
    queue(scene, command, target.address, target.place, composition, conversation)
    return _move(scene, conversation_id, what)


def _check_allowed(scene: Scene, conversation: Conversation, what: Trigger) -> None:
    """Raises what the verb itself would raise, before a text is queued for a move that cannot happen."""
    mark = scene.working.mark()
    trigger(scene, _root(scene, conversation), what, conversation=conversation)
    scene.working.undo(mark)


def _root(scene: Scene, conversation: Conversation) -> Thread:
    thread = scene.find(Thread, conversation.thread_id)
    assert thread is not None, "a conversation's thread is loaded with it"
    return scene.root(thread)
