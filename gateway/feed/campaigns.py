"""What became of a campaign's recipients: told by the log, of messages whose cause is a campaign, of answers and STOP.

Answers and opt-outs are tallied where the campaign's message was written, so that they are a share of the same ones.

A message that no campaign sent costs nothing. Answers are looked at only while a campaign is under way, or was within
the last week.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from gateway.core.campaigning import campaign_of
from gateway.domain.campaigns import CampaignRecipient, RecipientState
from gateway.domain.events import EventType
from gateway.domain.ids import created_ms
from gateway.domain.model import Event
from gateway.domain.nature import Nature
from gateway.domain.statistics import Dimension, Measure, Tally, quarter_of
from gateway.feed.kept import Kept
from gateway.storage import campaign_counts, campaign_results, statistics
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
            campaign_counts.touch(session, workspace_id, states, events[-1].position)
            campaign_results.record_states(session, workspace_id, states)
        if replies or stops:
            changes = campaign_results.record_answers(session, workspace_id, replies, stops, ANSWERS_MS)
            statistics.add(session, _tallies(changes))
            answered = [after.message_id for _, after in changes if after.message_id is not None]
            campaign_counts.touch(session, workspace_id, answered, events[-1].position)


def _tallies(changes: Iterable[tuple[CampaignRecipient, CampaignRecipient]]) -> list[Tally]:
    counted: Counter[tuple[int, int, int, Measure]] = Counter()
    for before, after in changes:
        quarter = quarter_of(created_ms(after.message_id or 0))
        key = (after.workspace_id, quarter, after.campaign_id)
        counted[*key, Measure.REPLIED] += before.replied_at is None and after.replied_at is not None
        counted[*key, Measure.OPTED_OUT] += before.opted_out_at is None and after.opted_out_at is not None
    return [
        Tally(workspace_id, Dimension.CAMPAIGN, quarter, campaign_id, measure, 0, count, 0)
        for (workspace_id, quarter, campaign_id, measure), count in counted.items()
        if count
    ]


def _recent(ended_at: int | None, at: int) -> bool:
    return ended_at is None or at - ended_at < ANSWERS_MS
