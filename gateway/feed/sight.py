"""Which events a viewer is told of: P4, decided in `domain/visibility.py`, applied to the log."""

from enum import StrEnum

from gateway.domain.events import EventType
from gateway.domain.model import Event
from gateway.domain.policy import Policy
from gateway.domain.visibility import Ownership, Viewer, may_see


class Sight(StrEnum):
    """What an event is to a viewer. GONE: a conversation of theirs became another's, and no more than that."""

    SEEN = "seen"
    GONE = "gone"
    UNSEEN = "unseen"


def sight_of(viewer: Viewer, event: Event, policy: Policy) -> Sight:
    """What a viewer is told of an event. The event carries the owner its conversation has after it."""
    if event.type == EventType.THREAD_READ:
        return Sight.SEEN if event.data.get("user_id") == viewer.user_id else Sight.UNSEEN
    if event.conversation_id is None:
        return Sight.SEEN
    if may_see(viewer, Ownership(event.user_id, event.group_id), policy):
        return Sight.SEEN
    if event.type == EventType.CONVERSATION_ASSIGNED:
        before = Ownership(event.data.get("from_user_id"), event.data.get("from_group_id"))
        if may_see(viewer, before, policy):
            return Sight.GONE
    return Sight.UNSEEN
