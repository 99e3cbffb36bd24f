"""A fault of ours before a send begins: tried again for some minutes, then said to have failed; no other waits."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.core.commands.messages import BeginSend, RecordSendFailure
from gateway.core.decisions.table import DECISIONS, Decision
from gateway.domain.status import Status
from gateway.workers.backoff import PREPARING
from tests.workers.stage import Stage, staged


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(database_url, tmp_path) as stage:
        yield stage


def breaks(monkeypatch: pytest.MonkeyPatch, *commands: type[Any]) -> None:
    """These commands can't be decided."""

    def decide(*_: Any) -> Any:
        raise ZeroDivisionError("a fault of ours")

    for command in commands:
        monkeypatch.setitem(DECISIONS, command, Decision(DECISIONS[command].needs, decide))


async def pass_all_tries(stage: Stage) -> None:
    for _ in range(PREPARING.attempts):
        await stage.rounds()
        stage.pass_time(2 * PREPARING.longest_s)


async def test_it_has_failed_in_the_end_and_its_thread_goes_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    message = await stage.say("Hello")
    with monkeypatch.context() as faulty:
        breaks(faulty, BeginSend)
        await stage.rounds()
        (work,) = await stage.work()
        assert (work.attempts, work.last_error, work.state) == (1, "ZeroDivisionError", "queued")
        await pass_all_tries(stage)
    failed = await stage.message(message)
    assert (failed.status, failed.error_retryable) == (Status.FAILED, True)
    assert "could not be prepared" in (failed.error_message or "")
    assert stage.bodies == []
    assert await stage.work() == []
    await stage.say("the next")
    await stage.rounds()
    assert stage.bodies == ["the next"]


async def test_a_fault_that_is_mended_in_time_costs_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.say("Hello")
    with monkeypatch.context() as faulty:
        breaks(faulty, BeginSend)
        await stage.rounds()
    stage.pass_time(5)
    await stage.rounds()
    assert stage.bodies == ["Hello"]


async def test_what_can_not_even_be_said_to_have_failed_is_put_aside(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.say("Hello")
    breaks(monkeypatch, BeginSend, RecordSendFailure)
    await pass_all_tries(stage)
    (work,) = await stage.work()
    assert work.state == "parked"
