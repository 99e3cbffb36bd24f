"""Campaigns, as the API says them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from gateway.core.campaign_preview import Shown, Totals
from gateway.domain.campaigns import Campaign, CampaignRecipient
from gateway.domain.day_times import clock_text
from gateway.storage.campaign_counts import Results
from gateway.web.api.quiet_hours import QuietHours
from gateway.web.api.shapes.message import MICROS, Cost, cost_shape
from gateway.web.api.times import to_id, to_id_or_none, to_time, to_time_or_none


class ResultsShape(msgspec.Struct, frozen=True):
    """What became of its recipients. `skipped` says how many for which reason; `sent` counts those delivered too."""

    total: int
    waiting: int
    queued: int
    sent: int
    delivered: int
    failed: int
    uncertain: int
    cancelled: int
    skipped: Mapping[str, int]
    replies: int
    opted_out: int
    segments: int
    cost: Sequence[Cost]


class CampaignShape(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A campaign: `draft`, `scheduled`, `loading`, `running`, `paused`, `completed` or `cancelled`.

    `reason` says why it paused by itself. `repeats` were on several lists, `left_out` didn't meet its conditions.
    """

    id: str
    name: str
    state: str
    lists: list[str]
    conditions: Sequence[Mapping[str, Any]]
    body: str
    subject: str | None
    from_: str | None
    channel: str | None
    media: list[str]
    purpose: str
    require_consent: bool
    pace: int | None
    quiet_hours: QuietHours | None
    send_at: datetime | None
    expires_at: datetime | None
    reason: str | None
    repeats: int
    left_out: int
    results: ResultsShape
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class TotalsShape(msgspec.Struct, frozen=True):
    """Before sending: whom it reaches, who is left out and why. `estimated`: parts and prices come from a sample."""

    recipients: int
    skipped: Mapping[str, int]
    repeats: int
    left_out: int
    without_consent: int
    segments: int
    cost: Sequence[Cost]
    quiet: int
    estimated: bool
    complete: bool


class CampaignRefusal(msgspec.Struct, frozen=True):
    """Why this contact would be skipped."""

    code: str
    field: str
    message: str


class LetterShape(msgspec.Struct, frozen=True):
    """What one contact would get. `timezone` is where their clocks are taken to be."""

    contact_id: str
    name: str | None
    to: str | None
    text: str
    subject: str | None
    encoding: str | None
    units: int
    segments: int
    channel: str | None
    sender: str | None
    cost: Cost | None
    timezone: str
    waits_until: datetime | None
    refusals: list[CampaignRefusal]


class CampaignPreviewShape(msgspec.Struct, frozen=True):
    """The totals, and the first letters."""

    totals: TotalsShape
    items: list[LetterShape]


class RecipientShape(msgspec.Struct, frozen=True):
    """One recipient: `waiting`, `skipped` with why, or the status of the message they were sent, with why it failed."""

    contact_id: str
    name: str | None
    state: str
    code: str | None
    reason: str | None
    message_id: str | None
    timezone: str | None
    due_at: datetime | None
    segments: int
    cost: Cost | None
    replied_at: datetime | None
    opted_out_at: datetime | None


def campaign_shape(campaign: Campaign, results: Results, repeats: int = 0, left_out: int = 0) -> CampaignShape:
    """A campaign as the API says it."""
    quiet = None
    if campaign.quiet_start is not None and campaign.quiet_end is not None:
        quiet = QuietHours(clock_text(campaign.quiet_start), clock_text(campaign.quiet_end))
    return CampaignShape(
        to_id("campaign", campaign.id),
        campaign.name,
        campaign.state,
        [to_id("list", one) for one in campaign.list_ids],
        campaign.conditions,
        campaign.body,
        campaign.subject,
        campaign.from_,
        campaign.channel,
        [to_id("media", one) for one in campaign.media_ids],
        campaign.purpose,
        campaign.agreed,
        campaign.pace,
        quiet,
        to_time_or_none(campaign.send_at),
        to_time_or_none(campaign.expires_at),
        campaign.reason,
        repeats,
        left_out,
        results_shape(results),
        to_time(campaign.created_at),
        to_time_or_none(campaign.started_at),
        to_time_or_none(campaign.ended_at),
    )


def results_shape(results: Results) -> ResultsShape:
    """What became of its recipients."""
    return ResultsShape(
        results.total,
        results.waiting,
        results.under_way,
        results.sent,
        results.delivered,
        results.failed,
        results.states.get("uncertain", 0),
        results.states.get("cancelled", 0),
        results.skipped,
        results.replies,
        results.opted_out,
        results.segments,
        costs(results.cost),
    )


def totals_shape(totals: Totals) -> TotalsShape:
    """Of everybody."""
    return TotalsShape(
        totals.recipients,
        totals.skipped,
        totals.repeats,
        totals.left_out,
        totals.without_consent,
        totals.segments,
        costs(totals.cost),
        totals.quiet,
        totals.estimated,
        totals.complete,
    )


def letter_shape(shown: Shown) -> LetterShape:
    """What one contact would get."""
    found = shown.composition
    return LetterShape(
        to_id("contact", shown.contact.id),
        shown.contact.name if shown.contact.saved else None,
        shown.to.value if shown.to else None,
        shown.text,
        shown.subject,
        found.encoding if found else None,
        found.units if found else 0,
        found.segments if found else 0,
        found.channel if found else None,
        found.route.sender.value if found and found.route.sender else None,
        cost_shape(found.price) if found else None,
        shown.zone,
        to_time_or_none(shown.waits_until),
        [CampaignRefusal(one.code, one.field, one.message) for one in shown.refusals],
    )


def recipient_shape(row: CampaignRecipient, name: str | None, now: int) -> RecipientShape:
    """One recipient."""
    cost = Cost(row.cost_micros / MICROS, row.currency) if row.cost_micros is not None and row.currency else None
    return RecipientShape(
        to_id("contact", row.contact_id),
        name,
        row.state,
        row.code,
        row.reason,
        to_id_or_none("message", row.message_id),
        row.zone,
        to_time(row.due_at) if row.due_at > now and row.state == "waiting" else None,
        row.segments,
        cost,
        to_time_or_none(row.replied_at),
        to_time_or_none(row.opted_out_at),
    )


def costs(micros: Mapping[str, int]) -> list[Cost]:
    """Sums by currency."""
    return [Cost(amount / MICROS, currency) for currency, amount in sorted(micros.items())]
