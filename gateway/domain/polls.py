"""Polls: a question with choices, answered by text, one vote for each contact."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from gateway.domain.forms import Choice
from gateway.domain.record import record

MOST_CHANGES = 20
"""Of one contact's vote. What is texted after that is for a person: nobody changes their mind so often."""


class Voters(StrEnum):
    """Whose answers count: of those who were asked, or of anybody who texts a choice to the poll's numbers."""

    ASKED = "asked"
    ANYBODY = "anybody"


@record
class Poll:
    """A question and its choices. Votes count from `opens_at` until `closes_at`; either may be open-ended.

    `sender_ids` are where anybody's choice counts (none named: on all). `thanks`, `already` (a second vote where
    `change` isn't allowed) and `closed` are Liquid.
    """

    workspace_id: int
    id: int
    name: str
    question: str
    created_at: int
    choices: tuple[Mapping[str, Any], ...] = ()
    voters: Voters = Voters.ASKED
    sender_ids: tuple[int, ...] = ()
    opens_at: int | None = None
    closes_at: int | None = None
    change: bool = True
    thanks: str | None = None
    already: str | None = None
    closed: str | None = None
    removed_at: int | None = None


@record
class PollVote:
    """A contact's vote: the place of the choice, from 0. `again` counts what they texted after their first vote."""

    workspace_id: int
    poll_id: int
    contact_id: int
    choice: int
    at: int
    changed_at: int | None = None
    again: int = 0


def choices_of(poll: Poll) -> tuple[Choice, ...]:
    """The choices, in order."""
    return msgspec.convert(poll.choices, tuple[Choice, ...])


def is_open(poll: Poll, now: int) -> bool:
    """Whether votes count at this moment (ms)."""
    if poll.removed_at is not None or (poll.opens_at is not None and now < poll.opens_at):
        return False
    return poll.closes_at is None or now < poll.closes_at


def ballot(question: str, choices: tuple[Choice, ...]) -> str:
    """The question with its numbered choices below it, as it is texted."""
    return "\n".join([question, *(f"{place} {one.label}" for place, one in enumerate(choices, 1))])
