"""Campaigns: made, moved on by people, and carried out a slice at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.core.commands.base import UNCHANGED, Command
from gateway.core.errors import FieldError
from gateway.core.verdict import NO_VERDICT, Verdict
from gateway.domain.campaigns import Campaign, CampaignRecipient
from gateway.domain.record import record


@record
class CreateCampaign(Command[Campaign]):
    """A draft. `fields` are those of `Campaign` that people set."""

    name: str
    fields: Mapping[str, Any]


@record
class UpdateCampaign(Command[Campaign]):
    """Other words, other lists, another time. Under way only its name, pace and expiry change."""

    campaign_id: int
    name: str = UNCHANGED
    fields: Mapping[str, Any] = UNCHANGED


@record
class RemoveCampaign(Command[None]):
    """A draft, or one that is over, goes; what it sent stays in its contacts' threads."""

    campaign_id: int


@record
class StartCampaign(Command[Campaign]):
    """Begin, at its time or at once."""

    campaign_id: int


@record
class PauseCampaign(Command[Campaign]):
    """Stand still. `reason`: why it does so by itself."""

    campaign_id: int
    reason: str | None = None


@record
class ResumeCampaign(Command[Campaign]):
    """Go on."""

    campaign_id: int


@record
class CancelCampaign(Command[Campaign]):
    """Call it off: what a worker has not begun doesn't leave."""

    campaign_id: int


@record
class BeginCampaign(Command[None]):
    """The time of a scheduled campaign has come."""

    campaign_id: int
    chain: int


@record
class AddRecipients(Command[bool]):
    """The next slice of recipients: contacts beyond `after`, up to `to`. Answers whether it was the turn of it.

    `repeats` were there already, `left_out` didn't meet the conditions. `last` lets the campaign run.
    """

    campaign_id: int
    chain: int
    after: int
    to: int
    recipients: Sequence[CampaignRecipient]
    repeats: int = 0
    left_out: int = 0
    last: bool = False


@record
class Letter:
    """What one recipient is to get. `contact_id` is who they are after merging, `family` everybody merged into that
    contact, who is in it too; `refusal` why there are no words.
    """

    recipient_id: int
    contact_id: int
    body: str = ""
    subject: str | None = None
    refusal: FieldError | None = None
    verdict: Verdict = NO_VERDICT
    family: frozenset[int] = frozenset()


@record
class Released:
    """What came of a slice. `stuck`: nobody can be sent to at all, and why."""

    sent: int = 0
    stopped: bool = False
    stuck: str | None = None


@record
class ReleaseRecipients(Command[Released]):
    """Put the letters of a slice into the queue, each looked at once more."""

    campaign_id: int
    chain: int
    letters: Sequence[Letter]


@record
class LeaveOut(Command[None]):
    """Recipients that are not written to any more: the campaign was cancelled, or has expired."""

    campaign_id: int
    contact_ids: Sequence[int]


@record
class RestCampaign(Command[None]):
    """Go on with it at `due_at`."""

    campaign_id: int
    chain: int
    due_at: int


@record
class FinishCampaign(Command[None]):
    """Nothing of it waits any more. `facts` are what its event says."""

    campaign_id: int
    chain: int
    facts: Mapping[str, Any]
