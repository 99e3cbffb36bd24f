"""Automations in the core, on both databases: rules in order, one run for an event, steps once, turns taken."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from gateway.core.caller import Caller, system
from gateway.core.causes import cause_of_run, chain_behind
from gateway.core.commands.automations import (
    AssignInTurn,
    CreateAutomation,
    HoldAutomation,
    OrderAutomations,
    Outcome,
    RecordStep,
    RemoveAutomation,
    ReplayRun,
    ResumeAutomation,
    RetryRun,
    StartRun,
    UpdateAutomation,
)
from gateway.core.commands.contacts import EraseContact
from gateway.core.commands.conversations import ChangeTags
from gateway.core.commands.notices import SaveNotices
from gateway.core.errors import Refused
from gateway.core.idempotency import Idempotency, Replayed
from gateway.domain.address import typed_address
from gateway.domain.automation import (
    MOST_LOOKED_AT,
    Automation,
    AutomationHold,
    AutomationRun,
    RunState,
    why_held,
    why_stopped,
)
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.model import Event, Message, Work
from gateway.domain.visibility import Role
from gateway.feed.automations import Automations
from gateway.storage import automation_reads, event_log
from gateway.workers.automation_notices import AutomationNotices
from tests.core.running import Core, running_core, together

TAG = {"type": "add_tag", "settings": {"tag": "Told"}, "delay": 0}
LATER = {**TAG, "delay": 60}


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def keep(core: Core, name: str = "Rule", *actions: Any, **more: Any) -> Automation:
    command = CreateAutomation(name, "message_received", actions=actions or (TAG,), enabled=True, **more)
    return await core.writer.execute(command, core.admin)


async def start(core: Core, rule: Automation, position: int = 5, **more: Any) -> AutomationRun | None:
    return await core.writer.execute(StartRun(rule.id, position, rule.when, **more), system(core.workspace_id))


async def record(core: Core, run: AutomationRun, step: int, outcome: Outcome, **more: Any) -> AutomationRun:
    return await core.writer.execute(RecordStep(run.id, step, outcome, **more), system(core.workspace_id))


async def waiting(core: Core) -> list[Work]:
    return [one for one in await core.all(Work) if one.kind == "automation_step"]


async def test_rules_stand_in_order_and_are_the_administrators(core: Core) -> None:
    rules = [await keep(core, name) for name in ("First", "Second", "Third")]
    await core.writer.execute(OrderAutomations((rules[2].id, rules[0].id)), core.admin)
    await core.writer.execute(RemoveAutomation(rules[1].id), core.admin)
    live = await core.database.read(lambda session: automation_reads.live_automations(session, core.workspace_id))
    assert [one.name for one in live] == ["Third", "First"]
    for caller in (core.agent, core.caller(Role.SUPERVISOR)):
        for command in (CreateAutomation("X", "tag_added"), RemoveAutomation(rules[0].id), RetryRun(rules[0].id, 1)):
            with pytest.raises(Refused, match="role"):
                await core.writer.execute(command, caller)


async def test_an_event_begins_one_run_however_often_it_is_dealt_with(core: Core) -> None:
    rule = await keep(core, "Rule", TAG, LATER)
    begun = await together(*(start(core, rule) for _ in range(5)))
    runs = [one for one in begun if one is not None]
    assert len(runs) == len(await core.all(AutomationRun)) == 1
    assert runs[0].state is RunState.RUNNING
    assert await start(core, rule, 6) is not None
    await core.writer.execute(UpdateAutomation(rule.id, enabled=False), core.admin)
    assert await start(core, rule, 7) is None


async def test_once_is_enough_for_whatever_it_is_for(core: Core) -> None:
    rule = await keep(core)
    assert await start(core, rule, 1, once="contact|a") is not None
    assert await start(core, rule, 2, once="contact|a") is None
    assert await start(core, rule, 3, once="contact|b") is not None
    stopped = await start(core, rule, 4, once="contact|c", stopped="A loop.")
    assert stopped is not None
    assert (stopped.state, stopped.reason) == (RunState.STOPPED, "A loop.")
    assert await start(core, rule, 5, once="contact|c") is not None, "what was stopped was not the one time"


async def test_each_step_is_recorded_once_and_waits_for_its_time(core: Core) -> None:
    rule = await keep(core, "Rule", TAG, LATER)
    run = await start(core, rule)
    assert run is not None
    after = await record(core, run, 0, Outcome.DONE)
    assert (after.step, after.state) == (1, RunState.WAITING)
    assert await record(core, run, 0, Outcome.DONE) == after, "whoever comes second changes nothing"
    [work] = await waiting(core)
    assert (work.due_at, work.subject_id, work.data["step"]) == (core.clock.now + 60_000, run.id, 1)
    again = await record(core, run, 1, Outcome.AGAIN, result={"error": "Not now."}, again_at=9, attempts=1)
    assert (again.state, again.results[1]["error"]) == (RunState.WAITING, "Not now.")
    failed = await record(core, run, 1, Outcome.FAILED, result={"error": "Never."})
    assert (failed.state, failed.reason) == (RunState.FAILED, "Never.")
    assert await record(core, run, 1, Outcome.DONE) == failed
    retried = await core.writer.execute(RetryRun(rule.id, run.id), core.admin)
    assert (retried.state, retried.step) == (RunState.WAITING, 1)
    done = await record(core, run, 1, Outcome.DONE)
    assert (done.state, len(done.results)) == (RunState.DONE, 2)
    with pytest.raises(Refused, match="failed"):
        await core.writer.execute(RetryRun(rule.id, run.id), core.admin)
    replayed = await core.writer.execute(ReplayRun(rule.id, run.id), core.admin)
    assert (replayed.replay_of, replayed.step, replayed.results) == (run.id, 0, ())


async def test_the_chain_behind_an_event_is_found_and_ends(core: Core) -> None:
    rules = [await keep(core, f"Rule {number}") for number in range(6)]
    chain: tuple[int, ...] = ()
    for number, rule in enumerate(rules):
        run = await start(core, rule, number + 1, chain=chain)
        assert run is not None
        event = Event(core.workspace_id, 99, "tag_added", 0, "system", cause=cause_of_run(run.id))
        chain = await core.database.read(lambda session, event=event: chain_behind(session, event))  # type: ignore[misc]
        assert chain == tuple(one.id for one in rules[: number + 1])
    assert why_stopped(rules[0].id, chain) == "It would have answered what it did itself."
    assert "in a row" in (why_stopped(1, chain) or "")
    assert why_stopped(1, chain[:4]) is None


async def test_what_a_plugin_answers_and_what_becomes_of_a_message_keep_their_cause(core: Core) -> None:
    rule = await keep(core)
    run = await start(core, rule)
    assert run is not None
    caller = Caller(core.workspace_id, f"automation:{rule.id}", name=rule.name, cause=cause_of_run(run.id))
    await core.receive()
    message = await core.send("Thanks", caller=caller, nature="auto")
    [work] = await core.claim()
    await core.accepted(work, await core.begin(work))
    events = [one for one in await core.events() if one.message_id == message.id]
    assert {one.type for one in events} >= {"message_queued", "message_sent"}
    assert {one.cause for one in events} == {cause_of_run(run.id)}
    hook = Event(core.workspace_id, 99, "shop_told", 0, "automation", cause=str(events[-1].position))
    assert await core.database.read(lambda session: chain_behind(session, hook)) == (rule.id,)


async def test_a_command_of_an_automation_is_carried_out_once(core: Core) -> None:
    received = await core.receive()
    assert received.message is not None
    command = ChangeTags(received.message.conversation_id or 0, add=("Once",))
    once = Idempotency("run_1-1-1", "add_tag", 200, lambda made: b"")
    caller = Caller(core.workspace_id, "automation:1", name="Rule")
    await core.writer.execute(command, caller, idempotency=once)
    with pytest.raises(Replayed):
        await core.writer.execute(command, caller, idempotency=once)
    assert [one.type for one in await core.events()].count("tag_added") == 1


async def test_turns_go_round_among_those_who_are_available(core: Core) -> None:
    received = await core.receive()
    assert received.message is not None
    command = AssignInTurn(received.message.conversation_id or 0)
    caller = Caller(core.workspace_id, "automation:1")
    people = sorted(one.id for one in core.users.values())
    owners = [(await core.writer.execute(command, caller)).user_id for _ in range(4)]
    assert owners == [*people, people[0]]
    with pytest.raises(Refused, match="group"):
        await core.writer.execute(replace(command, group_id=7), caller)


async def test_erasing_a_contact_empties_what_runs_found(core: Core) -> None:
    received = await core.receive("My secret lamp")
    assert received.message is not None
    rule = await keep(core, "Rule", LATER)
    verdict = ({"field": "message.body", "op": "exists", "value": None, "found": "My secret lamp"},)
    await start(core, rule, contact_id=received.message.contact_id, verdict=verdict)
    await core.writer.execute(EraseContact(received.message.contact_id), core.admin)
    [run] = await core.all(AutomationRun)
    assert (run.verdict, run.state, run.reason) == ((), RunState.STOPPED, "The contact was erased.")


HOUR, DAY = 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("every", "writes", "runs"),
    [
        (1_000, True, 10),  # a machine that answers at once
        (HOUR // 8, True, 30),  # one that takes its time, or a rule with a delay
        (HOUR, True, 100),
        (DAY, True, None),  # somebody who writes each day
        (1_000, False, 100),
        (HOUR // 50, False, None),
    ],
)
def test_a_loop_is_seen_however_slow_it_is(every: int, writes: bool, runs: int | None) -> None:
    ran: list[int] = []
    for count in range(200):
        now = DAY + count * every
        if why_held(ran, now, writes=writes) is not None:
            break
        ran = [now, *ran][:MOST_LOOKED_AT]
    assert (count if count < 199 else None) == runs


async def test_a_rule_is_held_in_a_thread_until_a_person_lets_it_go_on(core: Core) -> None:
    received = await core.receive()
    assert received.message is not None
    thread = received.message.thread_id
    rule, other = await keep(core), await keep(core, "Other")

    async def ran() -> tuple[bool, int]:
        read = automation_reads.ran_in_thread
        held, times = await core.database.read(lambda s: read(s, core.workspace_id, rule.id, thread, core.clock.now))
        return held is not None, len(times)

    for position in range(5):
        await start(core, rule, position, thread_id=thread)
    await start(core, rule, 6, thread_id=thread, stopped="Why.")
    await start(core, rule, 7, thread_id=thread + 1)
    await start(core, other, 7, thread_id=thread)
    assert await ran() == (False, 5)
    hold = HoldAutomation(rule.id, thread, "A loop.")
    await together(*(core.writer.execute(hold, system(core.workspace_id)) for _ in range(3)))
    assert await ran() == (True, 0)
    core.clock.forward(400 * DAY)
    assert await ran() == (True, 0), "time alone ends nothing"
    for caller in (core.agent, core.caller(Role.SUPERVISOR)):
        with pytest.raises(Refused, match="role"):
            await core.writer.execute(ResumeAutomation(rule.id, thread), caller)
    run = (await core.all(AutomationRun))[0]
    with pytest.raises(Refused, match="held"):
        await core.writer.execute(ReplayRun(rule.id, run.id), core.admin)
    assert await core.writer.execute(ResumeAutomation(rule.id, thread), core.admin) == 1
    assert await ran() == (False, 0)
    await core.writer.execute(hold, system(core.workspace_id))
    await core.writer.execute(replace(hold, thread_id=thread + 1), system(core.workspace_id))
    assert await core.writer.execute(ResumeAutomation(rule.id), core.admin) == 2
    await core.writer.execute(hold, system(core.workspace_id))
    await core.writer.execute(replace(hold, automation_id=other.id), system(core.workspace_id))
    await core.writer.execute(RemoveAutomation(rule.id), core.admin)
    [left] = await core.all(AutomationHold)
    assert left.automation_id == other.id
    await core.writer.execute(EraseContact(received.message.contact_id), core.admin)
    assert await core.all(AutomationHold) == []


async def test_administrators_are_told_of_it_once_a_day(core: Core) -> None:
    """Where they want notices, however many contacts it is; nobody is named."""
    number = "+14155550199"
    await core.writer.execute(SaveNotices(typed_address(number, None), 2), core.admin)
    rule = await keep(core, "Echo")
    for thread in (1, 2, 3):
        await core.writer.execute(HoldAutomation(rule.id, thread, "A loop."), system(core.workspace_id))
    told = AutomationNotices(core.database, core.writer, core.directory.get, "https://desk.example", core.clock)
    work = [one for one in await core.all(Work) if one.kind == "automation_held"]
    assert [one.subject_id for one in work] == [core.admin.user_id]
    for _ in range(2):
        await told.tell(work[0])
    [text] = [one.body for one in await core.all(Message) if one.their_address == number]
    assert "“Echo” is held for 3 contacts" in text
    assert text.endswith(f"https://desk.example/settings/automations/{format_id(PREFIXES['automation'], rule.id)}/runs")
    core.clock.forward(2 * DAY)
    await core.writer.execute(HoldAutomation(rule.id, 4, "A loop."), system(core.workspace_id))
    assert len([one for one in await core.all(Work) if one.kind == "automation_held"]) == 2
    await core.writer.execute(ResumeAutomation(rule.id), core.admin)
    await told.tell(replace(work[0], id=7))
    assert len([one for one in await core.all(Message) if one.their_address == number]) == 1, "it is over"


async def test_nothing_is_made_of_events_that_no_rule_waits_for(core: Core) -> None:
    """And no query either: which types are waited for is in memory, until the log says that a rule changed."""
    follower = Automations(core.around.ids, core.clock)

    async def follow() -> list[Work]:
        seen = follower._known.get(core.workspace_id)

        def deal(session: Any) -> list[Work]:
            events = event_log.after(session, core.workspace_id, seen.position if seen else 0, 500)
            given: Any = session if asks else None
            return follower.work(given, core.workspace_id, events) if events else []

        return await core.database.read(deal)

    asks = True
    await core.receive("Before")
    assert await follow() == []
    asks = False
    await core.receive("Without a rule")
    assert await follow() == []
    core.clock.forward(1000)
    rule, asks = await keep(core), True
    await follow()
    asks = False
    await core.receive("With one")
    [work] = await follow()
    assert (work.kind, work.lane) == ("automation", -(await core.conversations())[0].thread_id)
    await core.writer.execute(UpdateAutomation(rule.id, enabled=False), core.admin)
    asks = True
    await follow()
    asks = False
    await core.receive("Without it again")
    assert await follow() == []
