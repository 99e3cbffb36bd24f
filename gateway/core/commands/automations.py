"""Automations: kept, changed, put in order; and their runs: begun, recorded step by step, tried again.

Conditions and actions come checked and sealed: what an action takes only the host knows (`host/rule_checks.py`).
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.automation import Automation, AutomationHold, AutomationRun, OncePer
from gateway.domain.model import Conversation
from gateway.domain.record import record

Rows = tuple[Mapping[str, Any], ...]


@record
class CreateAutomation(Command[Automation]):
    """A rule, the last in order."""

    name: str
    when: str
    conditions: Rows = ()
    actions: Rows = ()
    once_per: OncePer | None = None
    enabled: bool = False


@record
class UpdateAutomation(Command[Automation]):
    """What is named changes. What is under way goes on as it began, unless the rule is switched off."""

    automation_id: int
    name: str = UNCHANGED
    when: str = UNCHANGED
    conditions: Rows = UNCHANGED
    actions: Rows = UNCHANGED
    once_per: OncePer | None = UNCHANGED
    enabled: bool = UNCHANGED


@record
class OrderAutomations(Command[None]):
    """For one event they run in this order; those that are not named come after."""

    automation_ids: tuple[int, ...]


@record
class RemoveAutomation(Command[None]):
    """What it did stays; what still waited is not done."""

    automation_id: int


@record
class StartRun(Command[AutomationRun | None]):
    """An event set a rule off: a run, or the one that began for it before. None: it was not to run again.

    `once` is what it may run once for, as text. `stopped` is why it must do nothing; that is logged all the same.
    """

    automation_id: int
    position: int
    event_type: str
    thread_id: int | None = None
    conversation_id: int | None = None
    contact_id: int | None = None
    message_id: int | None = None
    verdict: Rows = ()
    once: str | None = None
    chain: tuple[int, ...] = ()
    cause: str | None = None
    stopped: str | None = None


class Outcome(StrEnum):
    """What became of one action."""

    DONE = "done"
    REFUSED = "refused"  # it will not be allowed; the run ends here
    FAILED = "failed"  # it failed too often; the run ends here
    AGAIN = "again"  # it failed, and is tried again at `again_at`
    LATER = "later"  # not begun: it goes on at `again_at`
    STOPPED = "stopped"  # the rule was switched off meanwhile, or does nothing more in this thread


@record
class RecordStep(Command[AutomationRun]):
    """What became of the action at `step`. A run that is somewhere else by now stays as it is."""

    run_id: int
    step: int
    outcome: Outcome
    result: Mapping[str, Any] = field(default_factory=dict)
    again_at: int | None = None
    attempts: int = 0


@record
class HoldAutomation(Command[AutomationHold]):
    """It does nothing more in a thread, for that reason, until a person lets it go on. Held already: no change."""

    automation_id: int
    thread_id: int
    reason: str


@record
class ResumeAutomation(Command[int]):
    """It goes on where it was held: in one thread, or in all of them. How many it was held in."""

    automation_id: int
    thread_id: int | None = None


@record
class RetryRun(Command[AutomationRun]):
    """A failed run goes on where it failed."""

    automation_id: int
    run_id: int


@record
class ReplayRun(Command[AutomationRun]):
    """All of it once more, as a run of its own, for the same event, as the rule is now."""

    automation_id: int
    run_id: int


@record
class AssignInTurn(Command[Conversation]):
    """To the next of a group's available users, or of all there are, in turn."""

    conversation_id: int
    group_id: int | None = None
