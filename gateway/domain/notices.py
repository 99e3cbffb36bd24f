"""Notices: a user who is away is told by e-mail or text that somebody wrote, at times that suit them."""

import re

from gateway.domain.phone_number import grouped
from gateway.domain.policy import QuietHours
from gateway.domain.quiet_hours import wakes_at
from gateway.domain.record import record

DIGESTS = (2, 15, 60, 240)
"""Minutes that a notice waits, so that what comes meanwhile is told with it."""


@record
class NoticeSetting:
    """Where a user is told, after how many minutes, and when not. `address` is a canonical number or mailbox.

    `quiet_start` and `quiet_end` are minutes of the day in `timezone`; the same twice is never.
    """

    workspace_id: int
    user_id: int
    address: str
    digest: int = DIGESTS[0]
    quiet_start: int = 0
    quiet_end: int = 0
    timezone: str = "UTC"


def due_at(setting: NoticeSetting, at: int) -> int:
    """When a notice of something that happened `at` (ms) leaves."""
    return not_before(setting, at + setting.digest * 60_000)


def not_before(setting: NoticeSetting, due: int) -> int:
    """A moment (ms), or the end of the quiet hours it falls into."""
    return not_before_hours(setting.quiet_start, setting.quiet_end, setting.timezone, due)


def not_before_hours(start: int, end: int, timezone: str, due: int) -> int:
    """The same of quiet hours in minutes of the day; from a minute to the same one is never."""
    if start == end:
        return due
    return wakes_at(QuietHours(start=start, end=end, timezone=timezone), [timezone], due) or due


def named_in_notice(name: str | None, address: str) -> str:
    """What a notice calls somebody: by the name they were saved under, else by their number or mailbox."""
    return name or (grouped(address, None) if address.startswith("+") else address)


def unnamed(text: str, called: str) -> str:
    """A notice's text, or its subject, without somebody it names."""
    return re.sub(rf"(?<=: |, ){re.escape(called)}(?=, | and |\n|$)", "somebody", text)
