"""How long a workspace keeps what: days by kind, each within bounds. What isn't said keeps as long as it always did."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gateway.domain.record import record


@record
class Rule:
    """`unless_set` days, 0 for as long as the workspace is there; no fewer than `least`.

    `for_good` is whether 0 may be chosen: of what was kept only to be looked into, nothing is kept for good.
    """

    unless_set: int
    least: int
    for_good: bool = True


LONGEST = 36_500
KINDS: Mapping[str, Rule] = MappingProxyType(
    {
        "messages": Rule(0, 30),
        "media": Rule(0, 7),
        "events": Rule(0, 90),
        "audit": Rule(730, 30),
        "raw_payloads": Rule(30, 1, for_good=False),
        "webhook_deliveries": Rule(30, 1, for_good=False),
        "automation_runs": Rule(90, 7, for_good=False),
    }
)


class RetentionError(ValueError):
    """A kind that isn't there, or a number of days out of its bounds."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def days_of(kept: Mapping[str, int], kind: str) -> int:
    """For how many days a kind is kept; 0 is for good."""
    return kept.get(kind, KINDS[kind].unless_set)


def checked_retention(given: Mapping[str, Any], before: Mapping[str, int]) -> Mapping[str, int]:
    """`before` with what is given laid over it; None goes back to what is so unless set. Raises RetentionError."""
    after = dict(before)
    for kind, days in given.items():
        if kind not in KINDS:
            raise RetentionError(kind, f"It is one of {', '.join(KINDS)}.")
        if days is None:
            after.pop(kind, None)
            continue
        rule = KINDS[kind]
        if type(days) is not int or not (rule.least <= days <= LONGEST or (days == 0 and rule.for_good)):
            tail = ", or 0 for good" if rule.for_good else ""
            raise RetentionError(kind, f"{rule.least} to {LONGEST} days{tail}.")
        after[kind] = days
    return after
