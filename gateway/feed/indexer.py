"""Message text becomes searchable a moment after the commit that stored it."""

from collections.abc import Sequence

from gateway.domain.events import EventType
from gateway.domain.model import Event
from gateway.storage import search
from gateway.storage.session import Session

FOLLOWER = "indexer"

_NEW_TEXT = frozenset({EventType.MESSAGE_RECEIVED, EventType.MESSAGE_QUEUED})
_EDITED = "edited"


def index(session: Session, workspace_id: int, events: Sequence[Event]) -> None:
    """Indexes the messages that some events are about, where their text is new."""
    ids = {event.message_id for event in events if event.message_id is not None and _has_new_text(event)}
    if ids:
        search.index_stored(session, workspace_id, sorted(ids))


def _has_new_text(event: Event) -> bool:
    return event.type in _NEW_TEXT or event.data.get("action") == _EDITED
