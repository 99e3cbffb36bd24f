"""Chat targets: a channel of a chat service, or whatever a notifier reaches, that is told what happens."""

from collections.abc import Mapping
from enum import StrEnum

from gateway.domain.events import EventType
from gateway.domain.log import Event
from gateway.domain.nature import Nature
from gateway.domain.notices import DIGESTS
from gateway.domain.record import record

AT_ONCE = 0
CHAT_DIGESTS = (AT_ONCE, *DIGESTS)
"""Minutes that a notice waits, so that what comes meanwhile is told with it."""


class Told(StrEnum):
    """What somebody may want to be told of."""

    MESSAGE = "message"  # somebody wrote, and nobody has read it
    ASSIGNED = "assigned"  # a conversation became the user's, or the group's
    MENTION = "mention"  # a note names the user
    FAILED = "failed"  # a message of ours can't be delivered
    GATEWAY = "gateway"  # a gateway went down, or came back


TOLD_OF: Mapping[EventType, Told] = {
    EventType.MESSAGE_RECEIVED: Told.MESSAGE,
    EventType.CONVERSATION_ASSIGNED: Told.ASSIGNED,
    EventType.NOTE_ADDED: Told.MENTION,
    EventType.MESSAGE_FAILED: Told.FAILED,
    EventType.GATEWAY_HEALTH_CHANGED: Told.GATEWAY,
}

_KIND_OF = {str(event): kind for event, kind in TOLD_OF.items()}


@record
class ChatTarget:
    """Where a user, a group, or with neither the whole team is told, of what, how soon, and when not.

    `address` is what the notifier of that name reaches, sealed: it often holds a password. `only_mine` leaves out what
    nobody owns yet. Quiet hours are minutes of the day in `timezone`; the same twice is never. All events up to the
    position `told` were dealt with.
    """

    workspace_id: int
    id: int
    notifier: str
    label: str
    address: str
    of: tuple[str, ...]
    created_at: int
    user_id: int | None = None
    group_id: int | None = None
    only_mine: bool = False
    digest: int = AT_ONCE
    quiet_start: int = 0
    quiet_end: int = 0
    timezone: str = "UTC"
    told: int = 0
    told_at: int | None = None
    last_error: str | None = None
    removed_at: int | None = None


def kind_of(event: Event) -> Told | None:
    """What an event is told as; None for what nobody is told of, such as the traffic of machines."""
    kind = _KIND_OF.get(event.type)
    if kind is Told.MESSAGE and event.data.get("nature") != Nature.NATURAL:
        return None
    return kind
