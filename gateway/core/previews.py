"""What a list shows of a conversation: its newest message, in a line."""

from gateway.core.scene import Scene
from gateway.domain.model import Conversation, Message
from gateway.domain.record import replace

PREVIEW = 160


def note_message(scene: Scene, message: Message, conversation: Conversation | None) -> Conversation | None:
    """Keeps what a list shows of a conversation: its newest message."""
    if conversation is None:
        return None
    current = scene.find(Conversation, conversation.id) or conversation
    return scene.working.put(
        replace(
            current,
            last_at=scene.now,
            last_message_id=message.id,
            last_direction=message.direction,
            last_channel=message.channel,
            last_sender_id=message.sender_id,
            last_gateway_id=message.gateway_id,
            last_author=message.author_name,
            last_failed=False,
            start_sender_id=current.start_sender_id or message.sender_id,
            preview=preview_of(message),
        )
    )


def preview_of(message: Message) -> str:
    """One line of a message for a list."""
    text = message.body or message.subject or ""
    return " ".join(text[: PREVIEW * 2].split())[:PREVIEW]
