"""Outgoing webhooks: who is told of which events, how often that is tried, and when it is given up."""

import re
from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import urlsplit

from gateway.domain.record import record

EVERYTHING = "*"
TEST = "webhook_test"
"""The type of what a test delivers; no event of the log has it."""

PAUSES_S = (3, 30, 300, 1_800, 7_200, 18_000, 28_800, 30_267)
"""Between one try and the next: 24 hours from the first to the last."""

TRIES_IN_ORDER = 3
"""So often a delivery is tried while the later ones wait for it, 33 s; then they go on without it."""

OLDEST_MS = 24 * 3_600_000
"""What has waited so long for its turn is not begun any more."""

OFF_AFTER_MS = 5 * 24 * 3_600_000
"""An endpoint that took nothing for so long is switched off."""

SECRET_OVERLAP_MS = 24 * 3_600_000
"""How long the former secret signs too, after it was changed."""

LONGEST_URL = 2_000

_TYPE = re.compile(r"[a-z][a-z0-9_.:-]{0,99}")


class DeliveryState(StrEnum):
    """What became of a delivery: `failed` is a dead letter, which a person may replay."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class OffReason(StrEnum):
    """Why the system itself switched a webhook off."""

    FAILING = "failing"  # it took nothing for days
    GONE = "gone"  # it answered 410


class BadUrl(ValueError):
    """No address that could be posted to; the words are for people."""


@record
class Webhook:
    """An endpoint of the workspace's own software. `events` are types, or `*` alone.

    `secret` and `previous_secret`, which signs too until `previous_until`, are sealed. One that is not `enabled` was
    paused by a person, unless `off_reason` says why the system did it, at `off_at`.
    """

    workspace_id: int
    id: int
    url: str
    events: tuple[str, ...]
    secret: str
    created_at: int
    description: str = ""
    user_id: int | None = None
    enabled: bool = True
    off_reason: str | None = None
    off_at: int | None = None
    previous_secret: str | None = None
    previous_until: int | None = None
    removed_at: int | None = None


@record
class WebhookHealth:
    """How an endpoint is. A fact beside the webhook: changing it is no change of settings.

    `failing_since` is the first failure after the last success; None while all is well.
    """

    workspace_id: int
    webhook_id: int
    last_at: int
    failing_since: int | None = None
    last_success_at: int | None = None
    last_error: str | None = None


@record
class WebhookDelivery:
    """One event for one webhook. `position` is the event's in the log, 0 for a test.

    `attempts` counts all tries, `tries` those of this series: a replay begins another one, `since` then. While it is
    `in_order` the later ones wait for it. `status` and `error` are those of the last try.
    """

    workspace_id: int
    id: int
    webhook_id: int
    type: str
    position: int
    created_at: int
    since: int
    state: DeliveryState = DeliveryState.WAITING
    in_order: bool = True
    attempts: int = 0
    tries: int = 0
    next_at: int | None = None
    ended_at: int | None = None
    contact_id: int | None = None
    status: int | None = None
    error: str | None = None


@record
class WebhookAttempt:
    """One try. `status` is the answer's, None when there was none; `answer` its first bytes, as text."""

    workspace_id: int
    delivery_id: int
    number: int
    at: int
    duration_ms: int
    status: int | None = None
    error: str | None = None
    answer: str | None = None


def wants(events: Sequence[str], event_type: str) -> bool:
    """Whether a webhook for these types is told of an event of that one."""
    return EVERYTHING in events or event_type in events


def could_be_type(text: str) -> bool:
    """Whether it could be an event type's name, a plugin's own included."""
    return bool(_TYPE.fullmatch(text))


def pause_after(failures: int, chance: float) -> float | None:
    """Seconds until the next try after so many failures, give or take a fifth; None when it was the last.

    `chance` in [0, 1) spreads what failed together.
    """
    return PAUSES_S[failures - 1] * (0.8 + 0.4 * chance) if failures <= len(PAUSES_S) else None


def is_worn_out(failing_since: int | None, now: int) -> bool:
    """Whether an endpoint has failed for so long that it is left alone."""
    return failing_since is not None and now - failing_since >= OFF_AFTER_MS


def checked_url(text: str) -> str:
    """An http or https URL as it is called, or BadUrl."""
    url = text.strip()
    if len(url) > LONGEST_URL:
        raise BadUrl(f"An address has at most {LONGEST_URL} characters; this has {len(url)}.")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise BadUrl("Write the address as it is called: no blanks, and other letters percent-encoded.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadUrl("This is not an address.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadUrl("An address begins with https:// and names a host.")
    if parts.username is not None or parts.password is not None:
        raise BadUrl("An address holds no user name and no password.")
    if parts.fragment:
        raise BadUrl("An address has no #; what follows it is never sent.")
    return url
