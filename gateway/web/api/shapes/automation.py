"""Automations, their runs and their trials, as the API says them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from gateway.domain.automation import Automation, AutomationRun
from gateway.host.rule_checks import RuleChecks
from gateway.host.trial import Trial
from gateway.storage.automation_reads import Held
from gateway.web.api.shapes.message import Cost, cost_of
from gateway.web.api.times import to_id, to_id_or_none, to_time, to_time_or_none


class AutomationShape(msgspec.Struct, frozen=True, rename={"conditions": "if", "actions": "then"}):
    """A rule: when something happens, if these things hold, then do this. Secret settings are absent.

    `order` is its place among the others; of an action `delay` is in seconds. `held` is for how many contacts it does
    nothing more, since it was set off too often in their threads, until it is resumed.
    """

    id: str
    name: str
    when: str
    conditions: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    once_per: str | None
    enabled: bool
    order: int
    created_at: datetime
    held: int = 0


class HeldShape(msgspec.Struct, frozen=True):
    """A contact for whom an automation does nothing more; `reason` says why."""

    thread_id: str
    contact_id: str | None
    contact_name: str | None
    reason: str
    held_at: datetime


class ResumedShape(msgspec.Struct, frozen=True):
    """In how many threads it goes on."""

    resumed: int


class FindingShape(msgspec.Struct, frozen=True):
    """A condition, and what it found."""

    field: str
    op: str
    value: Any = None
    found: Any = None


class ResultShape(msgspec.Struct, frozen=True):
    """What became of one action: done, refused, failed, again (it is tried again) or stopped."""

    type: str
    outcome: str
    at: datetime | None = None
    tries: int | None = None
    error: str | None = None
    result: dict[str, Any] | None = None


class RunShape(msgspec.Struct, frozen=True, rename={"conditions": "if", "actions": "then"}):
    """One time it ran: running, waiting, done, failed or stopped. `caused_by` are the automations that led here."""

    id: str
    automation_id: str
    state: str
    reason: str | None
    event_type: str
    event_position: int
    thread_id: str | None
    conversation_id: str | None
    contact_id: str | None
    message_id: str | None
    conditions: list[FindingShape]
    actions: list[dict[str, Any]]
    results: list[ResultShape]
    cause: str | None
    caused_by: list[str]
    replay_of: str | None
    created_at: datetime
    finished_at: datetime | None


class WouldShape(msgspec.Struct, frozen=True):
    """How often an action would have been done."""

    type: str
    count: int


class SampleShape(msgspec.Struct, frozen=True):
    """One event that it would have run for; `text` is the first message that it would have sent."""

    event_position: int
    at: datetime
    conversation_id: str | None
    contact_id: str | None
    contact_name: str | None
    text: str | None


class TrialShape(msgspec.Struct, frozen=True):
    """What would have happened. `matched` are events whose conditions hold; `runs` those that once is enough for.

    `refused` messages would not have left: consent, a missing name, no sender. `estimated`: there were too many to
    compose all, and those that were stand for the others. `complete` is false where looking took too long; then all
    this is of the time since `since`.
    """

    matched: int
    would: list[WouldShape]
    cost: Cost | None
    in_quiet_hours: int
    sample: list[SampleShape]
    runs: int
    refused: int
    estimated: bool
    complete: bool
    since: datetime


def automation_shape(automation: Automation, checks: RuleChecks, held: int = 0) -> AutomationShape:
    """A rule."""
    return AutomationShape(
        to_id("automation", automation.id),
        automation.name,
        automation.when,
        [{name: value for name, value in one.items() if value is not None} for one in automation.conditions],
        checks.shown(automation.actions),
        automation.once_per,
        automation.enabled,
        automation.place,
        to_time(automation.created_at),
        held,
    )


def held_shape(held: Held) -> HeldShape:
    """A contact for whom it is held: by name, or else by their first address."""
    contact = held.contact
    name = contact.name if contact else None
    return HeldShape(
        to_id("thread", held.hold.thread_id),
        to_id_or_none("contact", contact.id if contact else None),
        name or next((one.value for one in held.addresses), None),
        held.hold.reason,
        to_time(held.hold.held_at),
    )


def run_shape(run: AutomationRun, checks: RuleChecks) -> RunShape:
    """A run."""
    return RunShape(
        id=to_id("run", run.id),
        automation_id=to_id("automation", run.automation_id),
        state=run.state,
        reason=run.reason,
        event_type=run.event_type,
        event_position=run.position,
        thread_id=to_id_or_none("thread", run.thread_id),
        conversation_id=to_id_or_none("conversation", run.conversation_id),
        contact_id=to_id_or_none("contact", run.contact_id),
        message_id=to_id_or_none("message", run.message_id),
        conditions=[FindingShape(**one) for one in run.verdict],
        actions=checks.shown(run.actions),
        results=_results(run),
        cause=run.cause,
        caused_by=[to_id("automation", one) for one in run.chain if one],
        replay_of=to_id_or_none("run", run.replay_of),
        created_at=to_time(run.created_at),
        finished_at=to_time_or_none(run.finished_at),
    )


def _results(run: AutomationRun) -> list[ResultShape]:
    return [
        ResultShape(
            one["type"],
            one["outcome"],
            to_time_or_none(one.get("at")),
            one.get("tries"),
            one.get("error"),
            one.get("result"),
        )
        for one in run.results
    ]


def trial_shape(trial: Trial, actions: Sequence[Any]) -> TrialShape:
    """What trying it told; actions in the order of the rule, each type once."""
    types = dict.fromkeys(str(one["type"]) for one in actions)
    return TrialShape(
        matched=trial.matched,
        would=[WouldShape(one, trial.would.get(one, 0)) for one in types],
        cost=cost_of(trial.cost_micros, trial.currency),
        in_quiet_hours=trial.in_quiet_hours,
        sample=[
            SampleShape(
                one.position,
                to_time(one.at),
                to_id_or_none("conversation", one.conversation_id),
                one.contact_id,
                one.contact_name,
                one.text,
            )
            for one in trial.sample
        ],
        runs=trial.runs,
        refused=trial.refused,
        estimated=trial.estimated,
        complete=trial.complete,
        since=to_time(trial.since),
    )
