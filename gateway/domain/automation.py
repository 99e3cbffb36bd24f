"""Automations: when something happens, and these things are true, do this. And what became of each time they ran.

Part of the model (`domain/model.py`), where the conventions are said.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from gateway.domain.conversation import State
from gateway.domain.model import Conversation
from gateway.domain.record import record

DEEPEST = 5
"""How many automations in a row may set each other off. Chains that people mean are shorter than that."""

_HOUR_MS = 3_600_000
MOST_RUNS = ((100, _HOUR_MS, "an hour"),)
"""Runs of one automation in one thread: as many, within so long (ms), as it is told. Whatever comes beyond answers
itself through somebody else's machine."""

MOST_WRITING_RUNS = ((10, _HOUR_MS, "an hour"), (30, 24 * _HOUR_MS, "a day"), (100, 7 * 24 * _HOUR_MS, "a week"))
"""The same, of an automation that writes to the contact. A machine that takes its time is caught by the longer ones."""

LOOKED_BACK_MS = max(within for _, within, _ in (*MOST_RUNS, *MOST_WRITING_RUNS))
MOST_LOOKED_AT = max(most for most, _, _ in (*MOST_RUNS, *MOST_WRITING_RUNS)) + 1
"""Runs of one automation in one thread that have to be known to count them: so many of the newest, so far back."""


class OncePer(StrEnum):
    """How often an automation may run: once in a conversation, once for a contact, once a day for a contact."""

    CONVERSATION = "conversation"
    CONTACT = "contact"
    DAY = "day"


class RunState(StrEnum):
    """Where a run stands."""

    RUNNING = "running"  # its actions are being done
    WAITING = "waiting"  # until the next action's time has come, or until what failed is tried again
    DONE = "done"
    FAILED = "failed"  # an action was refused, or failed too often; a person can have it tried again
    STOPPED = "stopped"  # kept from doing anything, or anything more; `reason` says why


UNDER_WAY = frozenset({RunState.RUNNING, RunState.WAITING})


@record
class Automation:
    """A rule. `when` is an event type, `conditions` are `{field, op, value}`, `actions` `{type, settings, delay}`.

    `delay` is in seconds, from the end of the action before. Secret settings are sealed (`host/secrets.py`). Only what
    happens from `enabled_at` on sets it off. `place` is its order among the others.
    """

    workspace_id: int
    id: int
    name: str
    when: str
    created_at: int
    conditions: tuple[Mapping[str, Any], ...] = ()
    actions: tuple[Mapping[str, Any], ...] = ()
    once_per: OncePer | None = None
    enabled: bool = False
    enabled_at: int | None = None
    place: int = 0
    user_id: int | None = None
    removed_at: int | None = None


@record
class AutomationRun:
    """One time an automation ran, for the event at `position` of the log.

    `verdict` has each condition with what it found, `actions` are those of the rule at that time, `results` what became
    of each so far, `step` the one that is next. `chain` names the automations that led here, the oldest first.
    """

    workspace_id: int
    id: int
    automation_id: int
    position: int
    event_type: str
    created_at: int
    state: RunState
    step: int = 0
    reason: str | None = None
    thread_id: int | None = None
    conversation_id: int | None = None
    contact_id: int | None = None
    message_id: int | None = None
    verdict: tuple[Mapping[str, Any], ...] = ()
    actions: tuple[Mapping[str, Any], ...] = ()
    results: tuple[Mapping[str, Any], ...] = ()
    chain: tuple[int, ...] = ()
    cause: str | None = None
    replay_of: int | None = None
    finished_at: int | None = None


@record
class AutomationMark:
    """What automations remember: that an event was dealt with, that once is enough, whose turn it was.

    `value` is the run's id, or the user's whose turn it was.
    """

    workspace_id: int
    key: str
    value: int
    at: int


@record
class AutomationHold:
    """An automation that does nothing more in a thread, since something there answers it again and again.

    Nothing but a person ends that: `released_at` says when. What ran before then is not counted any more.
    """

    workspace_id: int
    key: str
    automation_id: int
    thread_id: int
    held_at: int
    reason: str
    released_at: int | None = None


def hold_key(automation_id: int, thread_id: int) -> str:
    """What a hold is found by."""
    return f"{automation_id}|{thread_id}"


def delay_of(action: Mapping[str, Any]) -> int:
    """How long an action waits, in milliseconds."""
    return int(action.get("delay") or 0) * 1000


def why_stopped(automation_id: int, chain: Sequence[int]) -> str | None:
    """What keeps an automation from answering what automations caused; None when nothing does."""
    if automation_id in chain:
        return "It would have answered what it did itself."
    if len(chain) >= DEEPEST:
        return f"{DEEPEST} automations in a row had set each other off."
    return None


_ENDINGS = frozenset({"conversation_completed", "conversation_archived", "conversation_closed"})
_ENDED = frozenset({State.COMPLETED, State.ARCHIVED, State.CLOSED})


def why_overtaken(event_type: str, data: Mapping[str, Any], conversation: Conversation | None) -> str | None:
    """Why what waited for its time after a conversation had ended is not to be done: it was opened again since then.

    Completed once more counts as well: that is an event of its own. None where it still stands.
    """
    if event_type not in _ENDINGS or conversation is None:
        return None
    count = conversation.completed_count
    if conversation.state in _ENDED and data.get("completed_count", count) == count:
        return None
    return "The conversation was opened again before its time had come."


def why_held(ran: Sequence[int], now: int, *, writes: bool) -> str | None:
    """What keeps an automation from running once more in a thread, where it began to at these times (the newest first).

    `writes`: it writes to the contact. None when nothing does.
    """
    for most, within, told in MOST_WRITING_RUNS if writes else MOST_RUNS:
        if len(ran) >= most and ran[most - 1] > now - within:
            return (
                f"It was set off more than {most} times in this thread within {told}; that is a loop. "
                "It does nothing more here until somebody lets it go on."
            )
    return None
