"""Automations at work: what an event sets off, action by action, in order, each once however often it is tried.

One row of work is one event: every rule that waits for it is asked in order, and what may be done at once is done at
once. What has to wait, for its time or for another try, becomes a row of its own, so it holds nothing else up.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from gateway.core.automation_facts import facts_of, moment_of
from gateway.core.caller import system
from gateway.core.causes import cause_of_run, chain_behind
from gateway.core.commands.automations import HoldAutomation, Outcome, RecordStep, StartRun
from gateway.core.decisions.automation_runs import event_key
from gateway.core.once import once_for
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import InvalidAddress, typed_address
from gateway.domain.automation import (
    UNDER_WAY,
    Automation,
    AutomationHold,
    AutomationRun,
    RunState,
    delay_of,
    why_held,
    why_overtaken,
    why_stopped,
)
from gateway.domain.ids import parse_id
from gateway.domain.model import Conversation, Event, Work
from gateway.domain.record import record
from gateway.domain.rules import Finding, ask, rule_of, shown
from gateway.host.actions import ActionFailed, Actions, Occasion, once_of
from gateway.host.asked import Asked
from gateway.host.event_views import view_of
from gateway.host.pace import Pace
from gateway.sdk.errors import ActionRefused
from gateway.storage import automation_reads
from gateway.storage.database import Database
from gateway.storage.session import Session
from gateway.workers.backoff import Backoff
from gateway.workers.chores import Chore, Execute

TRIES = Backoff(first_s=5.0, longest_s=1800.0, attempts=8)
INLINE_S = 30.0
"""After so long the rest of a run goes on as work of its own, well before the lease of the first ends."""

ViewOf = Callable[[int], Awaitable[WorkspaceView]]


class AutomationChores:
    """The two kinds of work of automations."""

    def __init__(
        self,
        database: Database,
        execute: Execute,
        view_of: ViewOf,
        actions: Actions,
        asked: Asked,
        pace: Pace,
    ) -> None:
        self._database = database
        self._execute = execute
        self._view_of = view_of
        self._actions = actions
        self._asked = asked
        self._pace = pace

    async def answer(self, work: Work) -> None:
        """Every rule that waits for an event."""
        view, position = await self._view_of(work.workspace_id), int(work.data["position"])
        read = partial(_waiting, workspace_id=view.id, position=position)
        event, rules = await self._database.read(read)
        if event is None:
            return
        until = self._pace.monotonic() + INLINE_S
        for rule in rules:
            run = await self._begin(view, rule, event)
            # One that waits has a row of its own.
            if run is not None and run.state is RunState.RUNNING:
                await self._go_on(view, rule, run, event, until, 0)

    async def go_on(self, work: Work) -> None:
        """A run whose next action's time has come, or that is tried again."""
        view = await self._view_of(work.workspace_id)
        run_id = work.subject_id or 0
        read = partial(_run_with_event, workspace_id=view.id, run_id=run_id)
        run, rule, event = await self._database.read(read)
        if run is None or event is None or run.state not in UNDER_WAY or run.step != int(work.data.get("step", 0)):
            return
        until = self._pace.monotonic() + INLINE_S
        await self._go_on(view, rule, run, event, until, int(work.data.get("attempts", 0)))

    async def _begin(self, view: WorkspaceView, rule: Automation, event: Event) -> AutomationRun | None:
        """The rule's run for this event: the one that was begun, a new one, or none where the conditions don't hold."""
        key = event_key(rule.id, event.position)
        before = await self._database.read(partial(automation_reads.run_begun_for, workspace_id=view.id, key=key))
        if before is not None:
            return before
        now = self._pace.clock()
        facts, chain, past = await self._database.read(partial(_known_of, view=view, event=event, rule=rule, now=now))
        rules = [rule_of(one) for one in rule.conditions]
        facts = await self._asked.with_fields(rules, view_of(event), facts)
        findings = ask(rules, facts, moment_of(view, event))
        if not all(one.holds for one in findings):
            return None
        stopped = why_stopped(rule.id, chain) or past.held
        if stopped is None:
            stopped = why_held(past.ran, now, writes=_writes(rule, facts))
            if stopped is not None:
                await self._hold(rule, event, stopped)
        command = StartRun(
            rule.id,
            event.position,
            event.type,
            event.thread_id,
            event.conversation_id,
            _contact_of(facts, event),
            event.message_id,
            tuple(_verdict(one) for one in findings),
            once_for(rule.once_per, view, event, facts),
            chain,
            event.cause,
            stopped,
        )
        run: AutomationRun | None = await self._execute(command, system(view.id))
        return run

    async def _go_on(
        self,
        view: WorkspaceView,
        rule: Automation | None,
        run: AutomationRun,
        event: Event,
        until: float,
        attempts: int,
    ) -> None:
        """Does what may be done now. `attempts` are those of the first action."""
        while run.state in UNDER_WAY:
            if rule is None or not rule.enabled or rule.removed_at is not None:
                reason = {"error": "The automation was switched off meanwhile."}
                await self._record(RecordStep(run.id, run.step, Outcome.STOPPED, reason), view.id)
                return
            if self._pace.monotonic() >= until:
                later = RecordStep(run.id, run.step, Outcome.LATER, again_at=self._pace.clock(), attempts=attempts)
                await self._record(later, view.id)
                return
            step = run.step
            run = await self._record(await self._try(view, rule, run, event, attempts), view.id)
            attempts = 0
            if run.state is not RunState.RUNNING or run.step == step:
                return

    async def _try(
        self, view: WorkspaceView, rule: Automation, run: AutomationRun, event: Event, attempts: int
    ) -> RecordStep:
        action = run.actions[run.step]
        now = self._pace.clock()
        facts, _, past = await self._database.read(partial(_known_of, view=view, event=event, rule=rule, now=now))
        if past.held is not None:
            return RecordStep(run.id, run.step, Outcome.STOPPED, {"error": past.held})
        if delay_of(action) and not attempts and run.replay_of is None:
            overtaken = why_overtaken(event.type, event.data, past.conversation)
            if overtaken is not None:
                return RecordStep(run.id, run.step, Outcome.STOPPED, {"error": overtaken})
        # Which actions of plugins write is seen when they do. This run itself is not one of those before it.
        silent = why_held(past.ran[1:], now, writes=True)
        occasion = Occasion(rule, view, view_of(event), facts, once_of(run.id, run.step), cause_of_run(run.id), silent)
        try:
            result = await self._actions.perform(action, occasion)
        except ActionRefused as refused:
            if silent is not None and str(refused) == silent:
                await self._hold(rule, event, silent)
            return RecordStep(run.id, run.step, Outcome.REFUSED, {"error": str(refused)})
        except ActionFailed as failed:
            return self._failed(run, failed, attempts)
        told: dict[str, Any] = {"result": result} if result else {}
        if attempts:
            told["tries"] = attempts + 1
        return RecordStep(run.id, run.step, Outcome.DONE, told)

    async def _hold(self, rule: Automation, event: Event, reason: str) -> None:
        if event.thread_id is not None:
            await self._execute(HoldAutomation(rule.id, event.thread_id, reason), system(rule.workspace_id))

    def _failed(self, run: AutomationRun, failed: ActionFailed, attempts: int) -> RecordStep:
        rests = failed.retry_after is not None
        tries = attempts if rests else attempts + 1
        told = {"error": failed.sentence, "tries": tries}
        if TRIES.exhausted(tries):
            return RecordStep(run.id, run.step, Outcome.FAILED, told)
        wait = failed.retry_after if failed.retry_after is not None else TRIES.pause(tries, self._pace)
        again_at = self._pace.clock() + round(wait * 1000)
        return RecordStep(run.id, run.step, Outcome.AGAIN, told, again_at, tries)

    async def _record(self, command: RecordStep, workspace_id: int) -> AutomationRun:
        run: AutomationRun = await self._execute(command, system(workspace_id))
        return run

    def chores(self) -> Mapping[str, Chore]:
        """By kind of work; the names are those that `feed` and `core` give it."""
        return {"automation": self.answer, "automation_step": self.go_on}


def _waiting(session: Session, workspace_id: int, position: int) -> tuple[Event | None, list[Automation]]:
    event = automation_reads.events_at(session, workspace_id, [position]).get(position)
    if event is None:
        return None, []
    rules = automation_reads.live_automations(session, workspace_id)
    return event, [one for one in rules if _waits_for(one, event)]


def _waits_for(rule: Automation, event: Event) -> bool:
    return rule.enabled and rule.when == event.type and rule.enabled_at is not None and event.at >= rule.enabled_at


def _run_with_event(
    session: Session, workspace_id: int, run_id: int
) -> tuple[AutomationRun | None, Automation | None, Event | None]:
    run = automation_reads.run(session, workspace_id, run_id)
    if run is None:
        return None, None, None
    event = automation_reads.events_at(session, workspace_id, [run.position]).get(run.position)
    return run, automation_reads.automation(session, workspace_id, run.automation_id), event


@record
class _Past:
    """Why the rule is held in the thread of an event, or when it ran there of late (ms), the newest first.

    `conversation` is the event's as it stands now; what conditions see is how it was.
    """

    held: str | None
    ran: Sequence[int]
    conversation: Conversation | None


def _known_of(
    session: Session, view: WorkspaceView, event: Event, rule: Automation, now: int
) -> tuple[dict[str, Any], tuple[int, ...], _Past]:
    """What is known of an event, what led to it, and what the rule did in its thread before."""
    [facts] = facts_of(session, view, [event])
    held: AutomationHold | None = None
    ran: Sequence[int] = ()
    if event.thread_id is not None:
        held, ran = automation_reads.ran_in_thread(session, view.id, rule.id, event.thread_id, now)
    conversation = automation_reads.conversation_now(session, view.id, event.conversation_id)
    return facts, chain_behind(session, event), _Past(held.reason if held else None, ran, conversation)


def _writes(rule: Automation, facts: Mapping[str, Any]) -> bool:
    """Whether it writes to the contact; so does a notice to a number of theirs."""
    theirs = set((facts.get("contact") or {}).get("addresses", ()))
    return any(
        one["type"] == "send_message" or (one["type"] == "notify" and _address_of(one) in theirs)
        for one in rule.actions
    )


def _address_of(action: Mapping[str, Any]) -> str | None:
    try:
        return typed_address(str((action.get("settings") or {}).get("target")), None).value
    except InvalidAddress:
        return None


def _verdict(finding: Finding) -> Mapping[str, Any]:
    rule = finding.rule
    return {"field": rule.field, "op": str(rule.op), "value": rule.value, "found": shown(finding.found)}


def _contact_of(facts: Mapping[str, Any], event: Event) -> int | None:
    contact = facts.get("contact")
    return parse_id(contact["id"], "cnt") if contact else event.contact_id
