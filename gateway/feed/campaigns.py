"""What became of a campaign's recipients: told by the log, of messages whose cause is a campaign, of answers and STOP.

A message that no campaign sent costs nothing. Answers are looked at only while a campaign is under way, or was within
the last week.
"""

from collections.abc import Sequence
from typing import Final

from gateway.core.campaigning import campaign_of
from gateway.domain.campaigns import RecipientState
from gateway.domain.events import EventType
from gateway.domain.model import Event
from gateway.domain.nature import Nature
from gateway.feed.kept import Kept
from gateway.storage import campaign_results
from gateway.storage.session import Session

FOLLOWER: Final = "campaigns"
ANSWERS_MS: Final = 7 * 86_400_000
"""How long after it was written to a contact's message counts as an answer to the campaign."""

_STATES: Final = frozenset(RecipientState) - {RecipientState.WAITING, RecipientState.SKIPPED}


class CampaignResults:
    """`apply` runs in the transaction that moves the follower's cursor."""

    def __init__(self) -> None:
        self._kept = Kept("campaign", campaign_results.ended_lately)

    def apply(self, session: Session, workspace_id: int, events: Sequence[Event]) -> None:
        """Statuses first: somebody may answer what is told to be sent in the same batch."""
        states: dict[int, str] = {}
        replies: dict[int, int] = {}
        stops: dict[int, int] = {}
        for event, campaigns, _ in self._kept.along(session, workspace_id, events):
            if event.message_id is not None and "status" in event.data and campaign_of(event.cause) is not None:
                if event.data["status"] in _STATES and "was" in event.data:
                    states[event.message_id] = str(event.data["status"])
            elif event.contact_id is not None and any(_recent(ended, event.at) for ended in campaigns):
                if event.type == EventType.MESSAGE_RECEIVED and event.data.get("nature") == Nature.NATURAL:
                    replies.setdefault(event.contact_id, event.at)
                elif event.type == EventType.CONTACT_OPTED_OUT:
                    stops.setdefault(event.contact_id, event.at)
        if states:
            campaign_results.record_states(session, workspace_id, states)
        if replies or stops:
            campaign_results.record_answers(session, workspace_id, replies, stops, ANSWERS_MS)


def _recent(ended_at: int | None, at: int) -> bool:
    return ended_at is None or at - ended_at < ANSWERS_MS
