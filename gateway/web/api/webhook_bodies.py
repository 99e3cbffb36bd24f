"""What a webhook is told: one event, with what it is about as the API says it now."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.model import Event
from gateway.domain.webhooks import WebhookDelivery
from gateway.storage.contact_reads import contact_view
from gateway.storage.conversation_rows import contacts_after_merging, rows_of
from gateway.storage.records import CONVERSATIONS, MEDIA, MESSAGES, PARTS
from gateway.storage.session import Session
from gateway.web.api.events import EventShape, event_shape
from gateway.web.api.inputs import UNSET, Unset
from gateway.web.api.reading import previous_in
from gateway.web.api.shapes.contact import ContactShape, contact_shape
from gateway.web.api.shapes.conversation import ConversationShape, conversation_shape
from gateway.web.api.shapes.entry import name_of
from gateway.web.api.shapes.message import Author, MessageShape, author_of, message_shape
from gateway.web.api.times import to_time

NOBODY = 0
"""Whoever receives a webhook has no read cursors: `unread` counts all that came since there is a thread."""


class WebhookData(msgspec.Struct, frozen=True):
    """What the event is about. `message` is left out where there is none; `event` is as `GET /events` says it."""

    conversation: ConversationShape | None
    contact: ContactShape | None
    actor: Author | None
    event: EventShape | None
    message: MessageShape | Unset = UNSET


class WebhookBody(msgspec.Struct, frozen=True):
    """The body of every request to a webhook. `sequence` is the event's position in the log."""

    type: str
    timestamp: datetime
    sequence: int
    data: WebhookData


def body_of(session: Session, view: WorkspaceView, delivery: WebhookDelivery, event: Event | None) -> bytes:
    """The body of a delivery as JSON; without an event it is a test, or one of an event that is no more."""
    if event is None:
        nothing = WebhookData(None, None, None, None)
        return msgspec.json.encode(WebhookBody(delivery.type, to_time(delivery.created_at), delivery.position, nothing))
    data = WebhookData(
        conversation=_conversation(session, view, event.conversation_id),
        contact=_contact(session, view.id, event.contact_id),
        actor=author_of(event.actor, name_of(event.actor, view)),
        event=event_shape(event),
        message=_message(session, view.id, event.message_id),
    )
    return msgspec.json.encode(WebhookBody(event.type, to_time(event.at), event.position, data))


def _conversation(session: Session, view: WorkspaceView, made: int | None) -> ConversationShape | None:
    found = _by(session, CONVERSATIONS, view.id, made)
    if found is None:
        return None
    (row,) = rows_of(session, view.id, NOBODY, [found])
    return conversation_shape(row, view, previous_in(session, view.id, [found])[found.id])


def _contact(session: Session, workspace_id: int, made: int | None) -> ContactShape | None:
    if made is None:
        return None
    winner = contacts_after_merging(session, workspace_id, [made]).get(made)
    found = contact_view(session, workspace_id, winner.id) if winner else None
    return contact_shape(found.contact, found.addresses, found.thread.id if found.thread else None) if found else None


def _message(session: Session, workspace_id: int, made: int | None) -> MessageShape | Unset:
    found = _by(session, MESSAGES, workspace_id, made)
    if found is None:
        return UNSET
    parts = sorted(PARTS.by(session, workspace_id, "message_id", [found.id]), key=lambda part: part.index)
    media = MEDIA.by(session, workspace_id, "id", found.media_ids) if found.media_ids else []
    return message_shape(found, parts, {one.id: one for one in media})


def _by(session: Session, table: Any, workspace_id: int, made: int | None) -> Any:
    found = [] if made is None else table.by(session, workspace_id, "id", [made])
    return found[0] if found else None
