"""What is counted of the work, and how durations are kept so that a median of millions is a small sum.

Counts stand by the quarter of an hour, since every time zone begins its days at one.
"""

import math
from collections.abc import Mapping
from enum import StrEnum

from gateway.domain.record import record
from gateway.domain.status import FAILURES, Status

QUARTER_MS = 900_000
BANDS_PER_DOUBLING = 8
LONGEST_BAND = 400


class Measure(StrEnum):
    """What a tally counts. The last two are durations."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    SENT = "sent"  # outbound that a provider took and that is neither of the next two, by when it was written
    DELIVERED = "delivered"
    FAILED = "failed"
    OPENED = "opened"
    REOPENED = "reopened"
    COMPLETED = "completed"
    ENDED = "ended"  # archived or closed without being completed
    TAGGED = "tagged"
    REPLIED = "replied"  # contacts who answered a campaign, by when it was written to them; so the next
    OPTED_OUT = "opted_out"
    FIRST_REPLY = "first_reply"
    RESOLUTION = "resolution"


class Dimension(StrEnum):
    """By what a tally is broken down; `all` has one subject, 0."""

    ALL = "all"
    USER = "user"
    SENDER = "sender"
    GATEWAY = "gateway"
    TAG = "tag"
    CAMPAIGN = "campaign"


ASKED, ANSWERED = "asked:", "answered:"
"""Before the name of a scale: how often it was asked, and what was answered, its value as the band."""

FAILED_BY = "failed:"
"""Before the code of an error: how many messages failed for it."""

DURATIONS = frozenset({Measure.FIRST_REPLY, Measure.RESOLUTION})


@record
class Tally:
    """How often something happened in a quarter of an hour; of durations one row a band, with their sum (ms)."""

    workspace_id: int
    dimension: str
    quarter: int
    subject_id: int
    measure: str
    band: int
    count: int
    total: int


@record
class Wait:
    """A conversation that is under way: since when, and whether somebody waits for a first answer.

    `replied_after` is how long they waited (ms), once there is one: for the tags that it has in the end.
    """

    workspace_id: int
    conversation_id: int
    since: int
    waiting: bool
    replied_after: int | None = None


_OUTCOMES: Mapping[Status, Measure] = {
    Status.SENT: Measure.SENT,
    Status.DELIVERED: Measure.DELIVERED,
    Status.READ: Measure.DELIVERED,
    **dict.fromkeys(FAILURES, Measure.FAILED),
}


def outcome_of(status: Status) -> Measure | None:
    """What an outbound message counts as while it has this status; None before a provider answered for it."""
    return _OUTCOMES.get(status)


def quarter_of(at: int) -> int:
    """The quarter of an hour that a moment (ms) falls into."""
    return at // QUARTER_MS


def band_of(duration: int) -> int:
    """The band of a duration (ms): each is 9 % wider than the one before, from a second up."""
    seconds = max(duration, 0) / 1000
    return 0 if seconds < 1 else min(1 + int(math.log2(seconds) * BANDS_PER_DOUBLING), LONGEST_BAND)


def middle_of(band: int) -> int:
    """The duration (ms) that stands for all of a band."""
    return 500 if band <= 0 else round(1000 * 2 ** ((band - 0.5) / BANDS_PER_DOUBLING))


def share_within(bands: Mapping[int, int], limit: int) -> float | None:
    """The share, 0 to 1, of durations counted by band that are no longer than `limit` (ms); None of nothing.

    Exact at the edges of bands; the one that the limit falls into counts as evenly filled.
    """
    total = sum(count for count in bands.values() if count > 0)
    if not total:
        return None
    within = 0.0
    for band, count in bands.items():
        start, end = edges_of(band)
        within += max(count, 0) * min(1.0, max(0.0, (limit - start) / (end - start)))
    return within / total


def edges_of(band: int) -> tuple[float, float]:
    """From which duration (ms) to which a band reaches."""
    if band <= 0:
        return 0, 1_000
    return 1_000 * 2 ** ((band - 1) / BANDS_PER_DOUBLING), 1_000 * 2 ** (band / BANDS_PER_DOUBLING)


def median_of(bands: Mapping[int, int]) -> int | None:
    """The median (ms) of durations counted by band, within 5 %; None of nothing."""
    total = sum(count for count in bands.values() if count > 0)
    seen = 0
    for band in sorted(bands):
        seen += max(bands[band], 0)
        if total and seen * 2 >= total:
            return middle_of(band)
    return None
