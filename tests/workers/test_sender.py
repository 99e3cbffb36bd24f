"""Sending: order in a thread, many threads at once, and what each kind of failure means."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.core.commands.messages import BeginSend
from gateway.domain.model import Part
from gateway.domain.status import Status
from gateway.sdk import (
    Outbound,
    PartResult,
    SendErrorKind,
    SendResult,
)
from tests.host.parts import until
from tests.workers.stage import Stage, accept, refuse, staged


async def test_a_message_leaves_once_and_is_sent(stage: Stage) -> None:
    message = await stage.say("Hello")
    await stage.rounds()
    assert stage.bodies == ["Hello"]
    assert (await stage.message(message)).status is Status.SENT
    assert await stage.work() == []


async def test_one_thread_keeps_its_order_and_never_has_two_under_way(stage: Stage) -> None:
    under_way = 0

    async def behaviour(outbound: Outbound) -> SendResult:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        await asyncio.sleep(0)
        under_way -= 1
        return accept(outbound)

    stage.provider.behaviour = staticmethod(behaviour)
    for number in range(8):
        await stage.say(str(number))
    await stage.rounds()
    assert stage.bodies == [str(number) for number in range(8)]


async def test_threads_do_not_wait_for_each_other(stage: Stage) -> None:
    together = asyncio.Barrier(5)

    async def behaviour(outbound: Outbound) -> SendResult:
        await together.wait()
        return accept(outbound)

    stage.provider.behaviour = staticmethod(behaviour)
    for number in range(5):
        await stage.say("Hello", to=f"+1415555014{number}")
    await stage.rounds()
    assert len(stage.bodies) == 5


@pytest.mark.parametrize(
    ("kind", "status", "waits"),
    [
        (SendErrorKind.UNAVAILABLE, Status.QUEUED, True),
        (SendErrorKind.THROTTLED, Status.QUEUED, True),
        (SendErrorKind.MISCONFIGURED, Status.QUEUED, True),
        (SendErrorKind.REJECTED, Status.FAILED, False),
        (SendErrorKind.OPTED_OUT, Status.FAILED, False),
        (SendErrorKind.UNCERTAIN, Status.UNCERTAIN, False),
    ],
)
async def test_what_a_failure_means(stage: Stage, kind: SendErrorKind, status: Status, waits: bool) -> None:
    stage.provider.behaviour = staticmethod(refuse(kind))
    message = await stage.say("Hello")
    await stage.rounds()
    assert (await stage.message(message)).status is status
    assert bool(await stage.work()) is waits
    assert stage.bodies == ["Hello"]


async def test_a_retry_keeps_the_order_of_its_thread(stage: Stage) -> None:
    stage.provider.behaviour = staticmethod(refuse(SendErrorKind.UNAVAILABLE))
    await stage.say("first")
    await stage.say("second")
    await stage.rounds()
    assert stage.bodies == ["first"]
    stage.provider.behaviour = None
    stage.host.core.clock.forward(5_000)
    await stage.rounds()
    assert stage.bodies == ["first", "first", "second"]


@pytest.mark.parametrize("fault", [RuntimeError("bug"), SystemExit(1), KeyboardInterrupt(), TimeoutError()], ids=repr)
async def test_whatever_a_channel_raises_is_uncertain_and_harms_nothing_else(
    stage: Stage, fault: BaseException
) -> None:
    async def behaviour(outbound: Outbound) -> SendResult:
        if outbound.body == "bad":
            raise fault
        return accept(outbound)

    stage.provider.behaviour = staticmethod(behaviour)
    bad = await stage.say("bad")
    good = await stage.say("good", to="+14155550149")
    await stage.rounds()
    assert (await stage.message(bad)).status is Status.UNCERTAIN
    assert (await stage.message(good)).status is Status.SENT


async def test_an_answer_that_is_none_is_uncertain(stage: Stage) -> None:
    async def behaviour(outbound: Outbound) -> Any:
        return "ok"

    stage.provider.behaviour = staticmethod(behaviour)
    message = await stage.say("Hello")
    await stage.rounds()
    assert (await stage.message(message)).status is Status.UNCERTAIN


async def test_a_provider_that_never_answers_is_left_at_the_deadline(sqlite_url: str, tmp_path: Path) -> None:
    async def behaviour(outbound: Outbound) -> SendResult:
        with suppress(asyncio.CancelledError):  # it doesn't care
            await asyncio.Event().wait()
        return accept(outbound)

    async with staged(sqlite_url, tmp_path, deadline_s=0.01) as stage:
        stage.provider.behaviour = staticmethod(behaviour)
        message = await stage.say("Hello")
        await stage.rounds()
        assert (await stage.message(message)).status is Status.UNCERTAIN


async def test_unavailable_is_given_up_in_the_end(sqlite_url: str, tmp_path: Path) -> None:
    async with staged(sqlite_url, tmp_path, attempts=4) as stage:
        stage.provider.behaviour = staticmethod(refuse(SendErrorKind.UNAVAILABLE))
        message = await stage.say("Hello")
        for _ in range(10):
            stage.host.core.clock.forward(600_000)
            stage.host.moment.now += 600
            await stage.rounds()
        failed = await stage.message(message)
        assert failed.status is Status.FAILED
        assert failed.error_retryable
        assert len(stage.bodies) == 4


async def test_throttling_uses_no_attempt_and_waits_as_asked(stage: Stage) -> None:
    stage.provider.behaviour = staticmethod(refuse(SendErrorKind.THROTTLED, retry_after=7.0))
    await stage.say("Hello")
    await stage.rounds()
    (work,) = await stage.work()
    assert work.attempts == 0
    assert work.due_at == stage.host.core.clock() + 7_000
    stage.host.core.clock.forward(8_000)
    await stage.rounds()
    assert stage.bodies == ["Hello"], "the gateway rests"
    stage.host.moment.now += 8
    stage.provider.behaviour = None
    await stage.rounds()
    assert stage.bodies == ["Hello", "Hello"]


async def test_an_outage_rests_the_gateway_and_says_so(stage: Stage) -> None:
    stage.provider.behaviour = staticmethod(refuse(SendErrorKind.UNAVAILABLE))
    for number in range(3):
        await stage.say("Hello", to=f"+1415555014{number}")
    await stage.rounds()
    await stage.say("later", to="+14155550147")
    await stage.rounds()
    assert "later" not in stage.bodies
    from gateway.domain.settings import GatewayHealth

    (health,) = await stage.host.core.all(GatewayHealth)
    assert (health.state, health.reason) == ("down", "It said no.")
    stage.provider.behaviour = None
    stage.host.moment.now += 100
    stage.host.core.clock.forward(100_000)
    await stage.rounds()
    assert stage.bodies.count("later") == 1
    (health,) = await stage.host.core.all(GatewayHealth)
    assert health.state == "ok"


async def test_a_paused_gateway_sends_nothing(stage: Stage) -> None:
    await stage.say("Hello")
    await stage.host.configure(paused=True)
    await stage.rounds()
    assert stage.bodies == []
    await stage.host.configure(paused=False)
    await stage.rounds()
    assert stage.bodies == ["Hello"]


async def test_a_rate_is_kept(stage: Stage) -> None:
    await stage.host.configure(rate=2.0)
    started = stage.host.moment.now
    for number in range(10):
        await stage.say("Hello", to=f"+1415555014{number}")
    for _ in range(100):
        await stage.rounds()
        if len(stage.bodies) == 10:
            break
        stage.host.moment.now += 0.1
    assert len(stage.bodies) == 10
    assert stage.host.moment.now - started >= 10 / 2.0 - 1.0  # a second's worth may go at once


async def test_a_worker_that_died_before_it_began_leaves_the_message_queued(stage: Stage) -> None:
    message = await stage.say("Hello")
    await stage.host.core.claim("node/0")
    assert await stage.recovery.take_up("node", "node/1") == 1
    assert (await stage.message(message)).status is Status.QUEUED
    await stage.rounds()
    assert stage.bodies == ["Hello"]


async def test_a_worker_that_died_after_it_began_leaves_it_uncertain(stage: Stage) -> None:
    message = await stage.say("Hello")
    (work,) = await stage.host.core.claim("node/0")
    await stage.host.core.begin(work)
    assert await stage.recovery.sweep() == 0, "its lease still runs"
    stage.pass_time(61)
    assert await stage.recovery.sweep() == 1
    assert (await stage.message(message)).status is Status.UNCERTAIN
    await stage.rounds()
    assert stage.bodies == []


async def test_a_clock_that_jumps_takes_nothing_from_a_busy_worker(stage: Stage) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def behaviour(outbound: Outbound) -> SendResult:
        asked.set()
        await answer.wait()
        return accept(outbound)

    stage.provider.behaviour = staticmethod(behaviour)
    message = await stage.say("Hello")
    await stage.sender.round(lambda: None)
    await asked.wait()
    stage.host.core.clock.forward(3_600_000)
    assert await stage.recovery.sweep() == 0
    answer.set()
    await stage.sender.settled()
    assert (await stage.message(message)).status is Status.SENT


async def test_draining_waits_for_what_is_under_way(stage: Stage) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def behaviour(outbound: Outbound) -> SendResult:
        asked.set()
        await answer.wait()
        return accept(outbound)

    stage.provider.behaviour = staticmethod(behaviour)
    message = await stage.say("Hello")
    await stage.say("another", to="+14155550149")
    running = asyncio.create_task(stage.sender.run(lambda seconds: asyncio.sleep(0), lambda: None))
    await asked.wait()
    draining = asyncio.create_task(stage.sender.drain(5.0))
    answer.set()
    await draining
    await running
    assert (await stage.message(message)).status is Status.SENT
    assert stage.sender.under_way == frozenset()


async def test_what_the_provider_said_is_recorded_once_the_database_is_back(stage: Stage) -> None:
    from gateway.storage.database import StorageUnavailable

    writer, refusals = stage.host.core.writer, 3
    execute = writer.execute

    async def sometimes(command: Any, caller: Any, **more: Any) -> Any:
        nonlocal refusals
        if not isinstance(command, BeginSend) and refusals:
            refusals -= 1
            raise StorageUnavailable("locked")
        return await execute(command, caller, **more)

    stage.sender._delivery._execute = sometimes
    message = await stage.say("Hello")
    await stage.rounds()
    await until(lambda: refusals == 0)
    assert (await stage.message(message)).status is Status.SENT
    assert stage.bodies == ["Hello"]


async def test_what_a_provider_says_is_stored_whatever_it_says(stage: Stage) -> None:
    """On every database: an answer that could not be stored would make an accepted message uncertain."""

    async def rubbish(outbound: Outbound) -> SendResult:
        part = PartResult(1, "id\0\ud800", code="0\0", reason="\udfff")
        return SendResult((part,), subject="\0", metadata={"\0": "\ud800"})

    stage.provider.behaviour = staticmethod(rubbish)
    message = await stage.say("Hello")
    await stage.rounds()
    assert (await stage.message(message)).status is Status.SENT
    (part,) = await stage.host.core.all(Part)
    assert part.provider_id == "id\ufffd\ufffd"


@pytest.mark.parametrize("wish", [float("inf"), float("nan"), -1.0, 1e30])
async def test_a_provider_may_ask_for_a_day_and_no_longer(stage: Stage, wish: float) -> None:
    stage.provider.behaviour = staticmethod(refuse(SendErrorKind.THROTTLED, retry_after=wish))
    message = await stage.say("Hello")
    await stage.rounds()
    assert (await stage.message(message)).status is Status.QUEUED
    (work,) = await stage.work()
    assert work.due_at <= stage.host.core.clock.now + 86_400_000
