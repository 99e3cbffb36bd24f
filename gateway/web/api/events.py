"""The log of events, for programs: read on, or wait for what comes. No bodies."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from gateway.core.errors import invalid
from gateway.domain.model import Event
from gateway.web.api.call import Call
from gateway.web.api.facts import facts_of
from gateway.web.api.inputs import Types
from gateway.web.api.paging import DEFAULT, Cursor, Limit, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.message import Author, author_of
from gateway.web.api.times import to_id_or_none, to_time

routes = Routes("Events")

LONGEST_WAIT = 60
_POSITION = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]


class EventShape(msgspec.Struct, frozen=True):
    """One line of the log; `position` grows in the order things were committed."""

    position: int
    type: str
    at: datetime
    thread_id: str | None
    conversation_id: str | None
    message_id: str | None
    contact_id: str | None
    actor: Author | None
    cause: str | None
    data: dict[str, Any]


class EventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What follows the position `after`; with `wait`, up to so many seconds for the first. `types` is a comma list."""

    after: _POSITION = 0
    types: Types | None = None
    wait: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_WAIT)] = 0
    limit: Limit = DEFAULT
    cursor: Cursor | None = None


@routes.get("/events")
async def list_events(call: Call, query: EventsQuery) -> Page[EventShape]:
    """List events after a position, or wait for them."""
    cursor = read_cursor(query.cursor, int)
    found, reached = await call.state.poll.events(
        call.workspace_id,
        call.viewer,
        cursor[0] if cursor else query.after,
        types=types_of(query.types),
        limit=query.limit,
        wait_s=query.wait,
    )
    following = write_cursor(reached) if len(found) == query.limit else None
    return Page([event_shape(event) for event in found], following)


def types_of(text: str | None) -> list[str] | None:
    """The event types of a comma list. Types are open: plugins have some of their own."""
    if text is None:
        return None
    types = [word.strip() for word in text.split(",") if word.strip()]
    for word in types:
        if not (word.isascii() and word.replace("_", "").isalnum()):
            raise invalid("types", f"{word} is not the name of an event type.")
    return types or None


def event_shape(event: Event) -> EventShape:
    """One line of the log."""
    return EventShape(
        position=event.position,
        type=event.type,
        at=to_time(event.at),
        thread_id=to_id_or_none("thread", event.thread_id),
        conversation_id=to_id_or_none("conversation", event.conversation_id),
        message_id=to_id_or_none("message", event.message_id),
        contact_id=to_id_or_none("contact", event.contact_id),
        actor=author_of(event.actor, None),
        cause=event.cause,
        data=facts_of(event.data),
    )
