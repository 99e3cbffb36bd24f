"""Runs of automations: begun once for an event, recorded action by action, tried again by a person."""

from collections.abc import Mapping
from typing import Any

from gateway.core.access import require
from gateway.core.commands.automations import Outcome, RecordStep, ReplayRun, RetryRun, StartRun
from gateway.core.decisions.automation_holds import require_not_held
from gateway.core.errors import conflict, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.automation import (
    UNDER_WAY,
    Automation,
    AutomationHold,
    AutomationMark,
    AutomationRun,
    RunState,
    delay_of,
)
from gateway.domain.record import replace
from gateway.domain.visibility import Permission

AUTOMATION_STEP = "automation_step"
"""Work: go on with the run that is its subject."""


def event_key(automation_id: int, position: int) -> str:
    """What is remembered of an event that set a rule off."""
    return f"{automation_id}|event|{position}"


def _once_key(command: StartRun) -> str | None:
    return None if command.once is None else f"{command.automation_id}|once|{command.once}"


def start_needs(command: StartRun, needs: Needs) -> None:
    """The rule, and whether it ran for this before."""
    needs.record(Automation, "id", [command.automation_id])
    keys = [event_key(command.automation_id, command.position), _once_key(command)]
    needs.record(AutomationMark, "key", [key for key in keys if key is not None])


def start(command: StartRun, scene: Scene) -> AutomationRun | None:
    """One run for an event, however often it is asked for; none where once was enough, or the rule is off by now."""
    automation = scene.find(Automation, command.automation_id)
    if automation is None or not automation.enabled or automation.removed_at is not None:
        return None
    event, once = event_key(command.automation_id, command.position), _once_key(command)
    if _marked(scene, event) or (once is not None and _marked(scene, once)):
        return None
    run = AutomationRun(
        scene.workspace_id,
        scene.new_id(),
        automation.id,
        command.position,
        command.event_type,
        scene.now,
        RunState.RUNNING,
        thread_id=command.thread_id,
        conversation_id=command.conversation_id,
        contact_id=command.contact_id,
        message_id=command.message_id,
        verdict=command.verdict,
        actions=automation.actions,
        chain=command.chain,
        cause=command.cause,
    )
    scene.working.put(AutomationMark(scene.workspace_id, event, run.id, scene.now))
    if command.stopped is not None:
        stopped = replace(run, state=RunState.STOPPED, reason=command.stopped, finished_at=scene.now)
        return scene.working.put(stopped)
    if once is not None:
        scene.working.put(AutomationMark(scene.workspace_id, once, run.id, scene.now))
    return _go_on(scene, run)


def step_needs(command: RecordStep, needs: Needs) -> None:
    """The run."""
    needs.record(AutomationRun, "id", [command.run_id])


def record_step(command: RecordStep, scene: Scene) -> AutomationRun:
    """Whoever comes second, after a lease ran out, finds the run elsewhere and changes nothing."""
    run = _run(scene, command.run_id)
    if run.state not in UNDER_WAY or run.step != command.step:
        return run
    if command.outcome is Outcome.LATER:
        return _wait(scene, run, command.again_at or scene.now, command.attempts)
    facts = {"type": run.actions[run.step]["type"], "outcome": str(command.outcome), "at": scene.now, **command.result}
    run = replace(run, results=(*run.results[: run.step], facts))
    match command.outcome:
        case Outcome.DONE:
            return _go_on(scene, replace(run, step=run.step + 1))
        case Outcome.AGAIN:
            return _wait(scene, run, command.again_at or scene.now, command.attempts)
        case Outcome.STOPPED:
            state = RunState.STOPPED
        case _:
            state = RunState.FAILED
    return scene.working.put(replace(run, state=state, reason=_error_of(command.result), finished_at=scene.now))


def run_needs(command: RetryRun | ReplayRun, needs: Needs) -> None:
    """The rule and the run, and where the rule is held."""
    needs.record(Automation, "id", [command.automation_id])
    needs.record(AutomationHold, "automation_id", [command.automation_id])
    needs.record(AutomationRun, "id", [command.run_id])


def retry(command: RetryRun, scene: Scene) -> AutomationRun:
    """The actions that were done stay done."""
    _automation, run = _owned(scene, command)
    if run.state is not RunState.FAILED:
        raise conflict("run-not-failed", "Only a run that failed can be tried again.")
    return _wait(scene, replace(run, reason=None, finished_at=None), scene.now, 0)


def replay(command: ReplayRun, scene: Scene) -> AutomationRun:
    """A run of its own. That it ran before is no reason against it: a person asks for it."""
    automation, run = _owned(scene, command)
    if run.state in UNDER_WAY:
        raise conflict("run-under-way", "This run is still under way.")
    again = replace(
        run,
        id=scene.new_id(),
        created_at=scene.now,
        state=RunState.WAITING,
        step=0,
        reason=None,
        actions=automation.actions,
        results=(),
        replay_of=run.id,
        finished_at=None,
    )
    return _wait(scene, again, scene.now + delay_of(again.actions[0]), 0)


def _owned(scene: Scene, command: RetryRun | ReplayRun) -> tuple[Automation, AutomationRun]:
    require(scene.caller, Permission.MANAGE_AUTOMATIONS)
    automation = scene.need(Automation, command.automation_id, "automation")
    run = _run(scene, command.run_id)
    if run.automation_id != automation.id:
        raise not_found("run")
    if not automation.enabled:
        raise conflict("automation-off", "This automation is switched off. Switch it on first.")
    require_not_held(command, run, scene)
    return automation, run


def _run(scene: Scene, run_id: int) -> AutomationRun:
    run = scene.find(AutomationRun, run_id)
    if run is None:
        raise not_found("run")
    return run


def _marked(scene: Scene, key: str) -> bool:
    return scene.working.get(AutomationMark, scene.workspace_id, key) is not None


def _go_on(scene: Scene, run: AutomationRun) -> AutomationRun:
    """To the next action: at once, when its time has come, or to the end."""
    if run.step >= len(run.actions):
        return scene.working.put(replace(run, state=RunState.DONE, finished_at=scene.now))
    delay = delay_of(run.actions[run.step])
    if delay:
        return _wait(scene, run, scene.now + delay, 0)
    return scene.working.put(replace(run, state=RunState.RUNNING))


def _wait(scene: Scene, run: AutomationRun, due_at: int, attempts: int) -> AutomationRun:
    scene.schedule(AUTOMATION_STEP, due_at, subject_id=run.id, data={"step": run.step, "attempts": attempts})
    return scene.working.put(replace(run, state=RunState.WAITING))


def _error_of(result: Mapping[str, Any]) -> str | None:
    error = result.get("error")
    return None if error is None else str(error)
