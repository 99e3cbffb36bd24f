"""Campaigns: one text to everybody on some lists; how they move on, and what they are made of."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from gateway.domain.record import record


class CampaignState(StrEnum):
    """How far a campaign has come."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LOADING = "loading"  # its recipients are written down
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What moves it on: verbs of people, and what happens by itself."""

    START = "start"
    TIME_CAME = "time_came"
    LOADED = "loaded"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    FINISH = "finish"


OVER: Final = frozenset({CampaignState.COMPLETED, CampaignState.CANCELLED})
UNDER_WAY: Final = frozenset({CampaignState.LOADING, CampaignState.RUNNING, CampaignState.PAUSED})
LIVE: Final = UNDER_WAY | {CampaignState.SCHEDULED}
"""Of these, and of cancelled ones, every decision knows."""


class NoMove(ValueError):
    """A campaign in this state can't do that; the text says why."""


_START, _GO_ON = "start", "go on"
_MOVES: Final[Mapping[tuple[CampaignState, Act], CampaignState | str]] = {
    (CampaignState.DRAFT, Act.START): _START,
    (CampaignState.SCHEDULED, Act.START): _START,
    (CampaignState.SCHEDULED, Act.TIME_CAME): CampaignState.LOADING,
    (CampaignState.SCHEDULED, Act.PAUSE): CampaignState.PAUSED,
    (CampaignState.SCHEDULED, Act.RESUME): CampaignState.SCHEDULED,
    (CampaignState.SCHEDULED, Act.CANCEL): CampaignState.CANCELLED,
    (CampaignState.LOADING, Act.START): CampaignState.LOADING,
    (CampaignState.LOADING, Act.LOADED): CampaignState.RUNNING,
    (CampaignState.LOADING, Act.PAUSE): CampaignState.PAUSED,
    (CampaignState.LOADING, Act.RESUME): CampaignState.LOADING,
    (CampaignState.LOADING, Act.CANCEL): CampaignState.CANCELLED,
    (CampaignState.RUNNING, Act.START): CampaignState.RUNNING,
    (CampaignState.RUNNING, Act.PAUSE): CampaignState.PAUSED,
    (CampaignState.RUNNING, Act.RESUME): CampaignState.RUNNING,
    (CampaignState.RUNNING, Act.CANCEL): CampaignState.CANCELLED,
    (CampaignState.RUNNING, Act.FINISH): CampaignState.COMPLETED,
    (CampaignState.PAUSED, Act.PAUSE): CampaignState.PAUSED,
    (CampaignState.PAUSED, Act.RESUME): _GO_ON,
    (CampaignState.PAUSED, Act.CANCEL): CampaignState.CANCELLED,
    (CampaignState.CANCELLED, Act.CANCEL): CampaignState.CANCELLED,
}

_WHY: Final[Mapping[CampaignState, str]] = {
    CampaignState.DRAFT: "This campaign was not started yet.",
    CampaignState.SCHEDULED: "This campaign waits for its time.",
    CampaignState.LOADING: "This campaign's recipients are being written down.",
    CampaignState.RUNNING: "This campaign is under way.",
    CampaignState.PAUSED: "This campaign is paused. Resume or cancel it.",
    CampaignState.COMPLETED: "This campaign is completed.",
    CampaignState.CANCELLED: "This campaign was cancelled.",
}


def move(state: CampaignState, act: Act, *, loaded: bool = False, later: bool = False) -> CampaignState:
    """The state after that. The same state means no change. Raises NoMove.

    `loaded`: the recipients are written down. `later`: its time lies ahead.
    """
    found = _MOVES.get((state, act))
    if found is None:
        raise NoMove(_WHY[state])
    if isinstance(found, CampaignState):
        return found
    if found == _GO_ON and loaded:
        return CampaignState.RUNNING
    return CampaignState.SCHEDULED if later else CampaignState.LOADING


@record
class Campaign:
    """What is to be said, to whom, from where and when. Its progress stands beside it.

    `conditions` are asked of each contact (`domain/rules.py`, fields of `contact` alone). `pace` is messages a minute.
    `quiet_start` and `quiet_end` are minutes after midnight where each contact is, in place of the workspace's quiet
    hours. `agreed`: only whom the ledger knows to have agreed. `reason`: why it paused by itself.
    """

    workspace_id: int
    id: int
    name: str
    created_at: int
    created_by: str
    state: CampaignState = CampaignState.DRAFT
    list_ids: tuple[int, ...] = ()
    conditions: tuple[Mapping[str, Any], ...] = ()
    body: str = ""
    subject: str | None = None
    from_: str | None = None
    channel: str | None = None
    media_ids: tuple[int, ...] = ()
    purpose: str = "marketing"
    agreed: bool = False
    pace: int | None = None
    quiet_start: int | None = None
    quiet_end: int | None = None
    send_at: int | None = None
    expires_at: int | None = None
    sent_by: str | None = None
    started_at: int | None = None
    ended_at: int | None = None
    reason: str | None = None
    removed_at: int | None = None


@record
class CampaignProgress:
    """Where the sending of a campaign stands. `chain` names the one row of work that may go on with it.

    Contacts up to `cursor` are written down. `repeats` were on several lists, or merged into somebody who is there.
    `paced_at` is when the next message may follow. `touched` is another number each time a recipient changes once the
    campaign is over.
    """

    workspace_id: int
    campaign_id: int
    chain: int = 0
    cursor: int = 0
    loaded: bool = False
    repeats: int = 0
    left_out: int = 0
    paced_at: int = 0
    touched: int = 0


@record
class CampaignCounts:
    """What became of the recipients of a campaign that is over: `counted` as of `touched` of its progress."""

    workspace_id: int
    campaign_id: int
    touched: int
    counted: Mapping[str, Any]


class RecipientState(StrEnum):
    """What became of one recipient: before there is a message two states of its own, then the message's status."""

    WAITING = "waiting"
    SKIPPED = "skipped"
    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


UNSETTLED: Final = (RecipientState.HELD, RecipientState.QUEUED, RecipientState.SENDING)
"""Given to the queue and not out of it."""
IN_QUEUE: Final = (RecipientState.QUEUED, RecipientState.SENDING)
"""A campaign isn't over before these are out of it. What waits for a person's decision is no part of it any more."""
ARRIVED: Final = (RecipientState.SENT, RecipientState.DELIVERED, RecipientState.READ)
LOST: Final = (RecipientState.UNDELIVERED, RecipientState.FAILED, RecipientState.EXPIRED)
REACHED: Final = (*ARRIVED, RecipientState.UNCERTAIN)


@record
class CampaignRecipient:
    """One contact of a campaign. `due_at` is when its hour allows; `zone` where its clocks are, as far as known.

    `code` and `reason` say why it was skipped. `message_id` is what was sent, in its contact's thread.
    """

    workspace_id: int
    campaign_id: int
    contact_id: int
    state: RecipientState = RecipientState.WAITING
    due_at: int = 0
    zone: str | None = None
    code: str | None = None
    reason: str | None = None
    message_id: int | None = None
    segments: int = 0
    cost_micros: int | None = None
    currency: str | None = None
    replied_at: int | None = None
    opted_out_at: int | None = None
