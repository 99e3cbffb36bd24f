"""Moving a message along the lattice: parts first, then the message, then who is told."""

from gateway.core import stickiness
from gateway.core.scene import Scene
from gateway.domain.events import EventType
from gateway.domain.model import Conversation, Message, Part, Thread
from gateway.domain.record import replace
from gateway.domain.status import FAILURES, Status, advance, overall


def move_part(scene: Scene, part: Part, status: Status, code: str | None = None) -> Part:
    """A part as far as a report takes it; never back."""
    moved = advance(part.status, status)
    if moved is part.status:
        return part
    return scene.working.put(replace(part, status=moved, code=code or part.code, updated_at=scene.now))


def settle(scene: Scene, message: Message, *, sentence: str | None = None, code: str | None = None) -> Message:
    """The message as its parts are now: delivered when all are, otherwise the worst part rules."""
    parts = scene.working.parts_of(scene.workspace_id, message.id)
    if not parts:
        return message
    status = advance(message.status, overall(part.status for part in parts))
    return change(scene, message, status, sentence=sentence, code=code, provider_code=code)


def change(
    scene: Scene,
    message: Message,
    status: Status,
    *,
    sentence: str | None = None,
    code: str | None = None,
    provider_code: str | None = None,
    retryable: bool = False,
) -> Message:
    """Gives a message a status, with what goes along with it: times, the error, the list row, the events."""
    if status is message.status:
        return message
    failed = status in FAILURES
    moved = scene.working.put(
        replace(
            message,
            status=status,
            sent_at=message.sent_at or (scene.now if status in (Status.SENT, Status.DELIVERED, Status.READ) else None),
            delivered_at=message.delivered_at or (scene.now if status in (Status.DELIVERED, Status.READ) else None),
            error_code=(code or str(status)) if failed else None,
            error_message=(sentence or _SENTENCES[status]) if failed else None,
            error_provider_code=provider_code if failed else None,
            error_retryable=retryable if failed else False,
        )
    )
    stickiness.learn(scene, moved)
    conversation = _mark_failed(scene, moved, failed)
    facts = {"status": str(status), "was": str(message.status)}
    if failed:
        facts["code"] = moved.error_code or ""
    if message.error_code:
        facts["was_code"] = message.error_code
    thread = scene.find(Thread, message.thread_id)
    for event in _events(message, status, failed):
        scene.emit(event, thread=thread, conversation=conversation, message_id=message.id, data=facts)
    return moved


def _events(message: Message, status: Status, failed: bool) -> tuple[EventType, ...]:
    sent = message.sent_at is None and status in (Status.SENT, Status.DELIVERED, Status.READ)
    return (
        *((EventType.MESSAGE_SENT,) if sent else ()),
        EventType.MESSAGE_STATUS_CHANGED,
        *((EventType.MESSAGE_FAILED,) if failed else ()),
    )


def _mark_failed(scene: Scene, message: Message, failed: bool) -> Conversation | None:
    """The list shows when the last message did not arrive."""
    conversation = scene.find(Conversation, message.conversation_id)
    if conversation is None or conversation.last_message_id != message.id or conversation.last_failed == failed:
        return conversation
    return scene.working.put(replace(conversation, last_failed=failed))


_SENTENCES = {
    Status.FAILED: "The provider did not accept this message.",
    Status.UNDELIVERED: "The phone network could not deliver this message.",
    Status.EXPIRED: "It could not be delivered in time.",
}
