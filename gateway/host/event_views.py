"""An event of the log as plugins see it."""

from gateway.domain.model import Event
from gateway.sdk.events import EventView


def view_of(event: Event) -> EventView:
    """Every field as it stands."""
    return EventView(
        workspace_id=event.workspace_id,
        position=event.position,
        type=event.type,
        at=event.at,
        thread_id=event.thread_id,
        conversation_id=event.conversation_id,
        message_id=event.message_id,
        contact_id=event.contact_id,
        actor=event.actor,
        cause=event.cause,
        data=event.data,
    )
