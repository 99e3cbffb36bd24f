"""CASES 28: somebody sets the wall clock; pauses and leases don't notice, what a person timed keeps its time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.domain.model import Work
from gateway.domain.status import Status
from gateway.sdk import SendErrorKind
from tests.workers.stage import Stage, refuse, staged

HOUR = 3600


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(database_url, tmp_path) as stage:
        yield stage


def set_clock(stage: Stage, seconds: int) -> None:
    stage.host.core.clock.forward(seconds * 1000)


async def test_what_waits_does_not_wait_an_hour_longer(stage: Stage) -> None:
    waiting = await stage.say("waiting")
    set_clock(stage, -HOUR)
    await stage.rounds()
    assert stage.bodies == [], "its time is an hour away"
    await stage.recovery.sweep()
    await stage.rounds()
    assert stage.bodies == ["waiting"]
    assert (await stage.message(waiting)).status is Status.SENT


async def test_a_pause_between_tries_stays_as_long(stage: Stage) -> None:
    stage.provider.behaviour = staticmethod(refuse(SendErrorKind.DEFERRED, retry_after=100.0))
    await stage.say("Hello")
    await stage.rounds()
    stage.provider.behaviour = None
    stage.pass_time(40)
    set_clock(stage, -HOUR)
    await stage.recovery.sweep()
    stage.pass_time(55)
    await stage.rounds()
    assert len(stage.bodies) == 1, "not sooner"
    stage.pass_time(6)
    await stage.rounds()
    assert len(stage.bodies) == 2, "and not later"


async def test_a_time_that_a_person_chose_is_kept(stage: Stage) -> None:
    at = stage.host.core.clock.now + 2 * HOUR * 1000
    await stage.say("at eight", send_at=at)
    set_clock(stage, -HOUR)
    await stage.recovery.sweep()
    (work,) = await stage.host.core.all(Work)
    assert (work.kind, work.due_at) == ("release", at)


async def test_a_dead_worker_is_noticed_as_soon_as_ever(stage: Stage) -> None:
    message = await stage.say("Hello")
    (work,) = await stage.host.core.claim("node/0")
    await stage.host.core.begin(work)
    set_clock(stage, -HOUR)
    await stage.recovery.sweep()
    stage.pass_time(61)
    assert await stage.recovery.sweep() == 1
    assert (await stage.message(message)).status is Status.UNCERTAIN


async def test_a_living_worker_of_another_node_keeps_its_send(stage: Stage) -> None:
    """Seen from here its lease has ended an hour ago."""
    message = await stage.say("Hello")
    (work,) = await stage.host.core.claim("another/0")
    start = await stage.host.core.begin(work)
    set_clock(stage, HOUR)
    for _ in range(5):
        assert await stage.recovery.sweep() == 0
        stage.pass_time(5)
    await stage.host.core.accepted(work, start)
    stage.pass_time(61)
    assert await stage.recovery.sweep() == 0
    assert (await stage.message(message)).status is Status.SENT


async def test_after_a_jump_forward_a_dead_worker_is_noticed_a_lease_later(stage: Stage) -> None:
    message = await stage.say("Hello")
    (work,) = await stage.host.core.claim("another/0")
    await stage.host.core.begin(work)
    set_clock(stage, HOUR)
    assert await stage.recovery.sweep() == 0
    stage.pass_time(61)
    assert await stage.recovery.sweep() == 1
    assert (await stage.message(message)).status is Status.UNCERTAIN


async def test_a_gentle_correction_moves_nothing(stage: Stage) -> None:
    await stage.say("Hello")
    (before,) = await stage.work()
    stage.host.core.clock.forward(-1_500)
    await stage.recovery.sweep()
    assert await stage.work() == [before]


async def test_a_clock_that_was_set_back_while_nobody_looked(stage: Stage) -> None:
    await stage.say("waiting")
    set_clock(stage, -HOUR)
    await stage.recovery.take_up("node", "node/2")
    await stage.rounds()
    assert stage.bodies == ["waiting"]
