"""Automations: when something happens, if these things hold, then do this. Tried, switched on, looked into."""

from typing import Annotated, Any

import msgspec

from gateway.core.commands.automations import (
    CreateAutomation,
    OrderAutomations,
    RemoveAutomation,
    ReplayRun,
    ResumeAutomation,
    RetryRun,
    UpdateAutomation,
)
from gateway.core.commands.base import UNCHANGED
from gateway.domain.automation import Automation, AutomationRun, OncePer
from gateway.domain.visibility import Permission
from gateway.host.rule_checks import RuleChecks, Written
from gateway.host.trial import Trials
from gateway.storage import automation_reads
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Id, Name, Unset
from gateway.web.api.lookup import changed
from gateway.web.api.paging import PageQuery, page_from, page_of, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.automation import (
    AutomationShape,
    HeldShape,
    ResumedShape,
    RunShape,
    TrialShape,
    automation_shape,
    held_shape,
    run_shape,
    trial_shape,
)
from gateway.web.api.times import id_in_field, ids_in_field

routes = Routes("Automations")
When = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Rows = Annotated[list[Any], msgspec.Meta(max_length=100)]


class NewAutomation(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"conditions": "if", "actions": "then"},
):
    """`when` is an event type; `if` has `{field, op, value}`, `then` `{type, ...settings, delay?}`."""

    name: Name
    when: When
    actions: Rows
    conditions: Rows = []
    once_per: OncePer | None = None
    enabled: bool = False


class AutomationChange(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"conditions": "if", "actions": "then"},
):
    """What changes. `if` and `then` replace all of theirs; a secret that is left out stays."""

    name: Name | Unset = UNSET
    when: When | Unset = UNSET
    conditions: Rows | Unset = UNSET
    actions: Rows | Unset = UNSET
    once_per: OncePer | Unset | None = UNSET
    enabled: bool | Unset = UNSET


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The automations in the order in which they are to run; what is not named comes after."""

    ids: Annotated[list[Id], msgspec.Meta(max_length=1000)]


class Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far back to look."""

    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 90


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The thread in which it is to go on; all of them without one."""

    thread_id: Id | None = None


@routes.get("/automations", permission=Permission.MANAGE_AUTOMATIONS)
async def list_automations(call: Call, query: PageQuery) -> Page[AutomationShape]:
    """List automations, in their order."""
    found = await call.read(lambda session: automation_reads.live_automations(session, call.workspace_id))
    held, checks = await held_of(call), checks_of(call)
    return page_of(found, query, lambda one: automation_shape(one, checks, held.get(one.id, 0)), lambda one: one.place)


@routes.post("/automations", permission=Permission.MANAGE_AUTOMATIONS, status=201)
async def create_automation(call: Call, body: NewAutomation) -> AutomationShape:
    """Create an automation.

    It answers what happens from the moment it is enabled.
    """
    checks = checks_of(call)
    written = Written(body.when, body.conditions, body.actions)
    checked = checks.check(call.view, await templates_of(call), written)
    command = CreateAutomation(
        body.name, body.when, checked.conditions or (), checked.actions or (), body.once_per, body.enabled
    )
    return automation_shape(await call.execute(command, lambda made: automation_shape(made, checks)), checks)


@routes.post("/automations/order", permission=Permission.MANAGE_AUTOMATIONS, status=204)
async def order_automations(call: Call, body: Order) -> None:
    """Put automations in order.

    For one event they run in it.
    """
    await call.execute(OrderAutomations(ids_in_field("automation", body.ids, "ids")))


@routes.get("/automations/{automation_id}", permission=Permission.MANAGE_AUTOMATIONS)
async def read_automation(call: Call, automation_id: int) -> AutomationShape:
    """Read an automation."""
    found = await find(call, automation_id)
    return automation_shape(found, checks_of(call), (await held_of(call)).get(found.id, 0))


@routes.patch("/automations/{automation_id}", permission=Permission.MANAGE_AUTOMATIONS)
async def update_automation(call: Call, automation_id: int, body: AutomationChange) -> AutomationShape:
    """Update an automation.

    Switched off, it does nothing more, not even what still waited for its time.
    """
    before, checks = await find(call, automation_id), checks_of(call)
    written = Written(_given(body.when), _given(body.conditions), _given(body.actions))
    checked = checks.check(call.view, await templates_of(call), written, before.actions)
    command = UpdateAutomation(
        automation_id,
        changed(body.name),
        changed(body.when),
        UNCHANGED if checked.conditions is None else checked.conditions,
        UNCHANGED if checked.actions is None else checked.actions,
        changed(body.once_per),
        changed(body.enabled),
    )
    held = (await held_of(call)).get(automation_id, 0)
    return automation_shape(await call.execute(command), checks, held)


@routes.delete("/automations/{automation_id}", permission=Permission.MANAGE_AUTOMATIONS)
async def delete_automation(call: Call, automation_id: int) -> None:
    """Delete an automation.

    What it did stays.
    """
    await call.execute(RemoveAutomation(automation_id))


@routes.ask("/automations/{automation_id}/try", permission=Permission.MANAGE_AUTOMATIONS, status=200)
async def try_automation(call: Call, automation_id: int, body: Days | None = None) -> TrialShape:
    """Try an automation against history.

    What it would have done within the last so many days, whether or not it was there. Nothing is changed or sent.
    """
    rule = await find(call, automation_id)
    return trial_shape(await trials_of(call).run(call.view, rule, (body or Days()).days), rule.actions)


@routes.get("/automations/{automation_id}/runs", permission=Permission.MANAGE_AUTOMATIONS)
async def list_runs(call: Call, automation_id: int, query: PageQuery) -> Page[RunShape]:
    """List the runs of an automation, the newest first."""
    await find(call, automation_id)
    cursor = read_cursor(query.cursor, int)
    before = cursor[0] if cursor else automation_reads.LAST
    found = await call.read(
        lambda session: automation_reads.runs_of(session, call.workspace_id, automation_id, query.limit + 1, before)
    )
    checks = checks_of(call)
    return page_from(found, query.limit, lambda one: run_shape(one, checks), lambda one: write_cursor(one.id))


@routes.get("/automations/{automation_id}/runs/{run_id}", permission=Permission.MANAGE_AUTOMATIONS)
async def read_run(call: Call, automation_id: int, run_id: int) -> RunShape:
    """Read a run."""
    return run_shape(await find_run(call, automation_id, run_id), checks_of(call))


@routes.post("/automations/{automation_id}/runs/{run_id}/retry", permission=Permission.MANAGE_AUTOMATIONS, status=200)
async def retry_run(call: Call, automation_id: int, run_id: int) -> RunShape:
    """Try a failed run again.

    It goes on with the action that failed; what was done stays done.
    """
    checks = checks_of(call)
    run = await call.execute(RetryRun(automation_id, run_id), lambda made: run_shape(made, checks))
    return run_shape(run, checks)


@routes.post("/automations/{automation_id}/runs/{run_id}/replay", permission=Permission.MANAGE_AUTOMATIONS, status=201)
async def replay_run(call: Call, automation_id: int, run_id: int) -> RunShape:
    """Do a run once more, whole.

    A run of its own, for the same event, as the automation is now.
    """
    checks = checks_of(call)
    run = await call.execute(ReplayRun(automation_id, run_id), lambda made: run_shape(made, checks))
    return run_shape(run, checks)


@routes.get("/automations/{automation_id}/held", permission=Permission.MANAGE_AUTOMATIONS)
async def list_held(call: Call, automation_id: int, query: PageQuery) -> Page[HeldShape]:
    """List the contacts for whom an automation is held.

    It was set off too often in their threads, which looks like a loop, and does nothing more there.
    """
    await find(call, automation_id)
    cursor = read_cursor(query.cursor, str)
    after = cursor[0] if cursor else ""
    found = await call.read(
        lambda session: automation_reads.holds_of(session, call.workspace_id, automation_id, query.limit + 1, after)
    )
    return page_from(found, query.limit, held_shape, lambda one: write_cursor(one.hold.key))


@routes.post("/automations/{automation_id}/resume", permission=Permission.MANAGE_AUTOMATIONS, status=200)
async def resume_automation(call: Call, automation_id: int, body: Where | None = None) -> ResumedShape:
    """Let an automation go on where it is held.

    In one thread, or, without one, in all of them. What it was kept from doing meanwhile is not made up for.
    """
    thread_id = None if body is None or body.thread_id is None else id_in_field("thread", body.thread_id, "thread_id")
    return ResumedShape(await call.execute(ResumeAutomation(automation_id, thread_id), ResumedShape))


def checks_of(call: Call) -> RuleChecks:
    """What knows the plugins' actions."""
    return RuleChecks(call.state.registry, call.state.secrets, call.state.push.reachable)


def trials_of(call: Call) -> Trials:
    """What tries rules."""
    state = call.state
    return Trials(state.database, state.around, state.asked, state.clock, state.monotonic)


async def templates_of(call: Call) -> list[Any]:
    """The team's templates."""
    return list(await call.read(lambda session: automation_reads.team_templates(session, call.workspace_id)))


async def held_of(call: Call) -> dict[int, int]:
    """In how many threads automations are held, by their ids."""
    return dict(await call.read(lambda session: automation_reads.how_many_held(session, call.workspace_id)))


async def find(call: Call, automation_id: int) -> Automation:
    """One of the workspace's. Problem 404 for any other."""
    found = await call.read(lambda session: automation_reads.automation(session, call.workspace_id, automation_id))
    if found is None:
        raise problems.not_found("automation")
    return found


async def find_run(call: Call, automation_id: int, run_id: int) -> AutomationRun:
    """One of its runs. Problem 404 for any other."""
    await find(call, automation_id)
    found = await call.read(lambda session: automation_reads.run(session, call.workspace_id, run_id))
    if found is None or found.automation_id != automation_id:
        raise problems.not_found("run")
    return found


def _given(value: Any) -> Any:
    return None if value is UNSET else value
