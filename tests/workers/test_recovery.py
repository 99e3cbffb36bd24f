"""A worker that died with a send: what is tried again by itself, and what only a person may try again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.domain.model import Message, Part
from gateway.domain.status import Status
from gateway.sdk import SendErrorKind
from tests.workers.stage import Stage, refuse, staged

ATTEMPTS = 3


@pytest.fixture
async def knowing(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A provider that refuses a second send of the same attempt, so that trying again is safe."""
    async with staged(database_url, tmp_path, attempts=ATTEMPTS) as stage:
        stage.provider.idempotent = True
        yield stage


async def die_while_sending(stage: Stage) -> None:
    """Another worker begins the oldest send, and is never heard of again."""
    (work,) = await stage.host.core.claim("node/0")
    await stage.host.core.begin(work)
    stage.pass_time(61)


async def statuses(stage: Stage, message: Message) -> tuple[Status, list[Status]]:
    parts = [part.status for part in await stage.host.core.all(Part) if part.message_id == message.id]
    return (await stage.message(message)).status, parts


async def test_what_the_provider_recognises_is_sent_again_by_itself(knowing: Stage) -> None:
    message = await knowing.say("Hello")
    await die_while_sending(knowing)
    assert await knowing.recovery.sweep() == 1
    assert await statuses(knowing, message) == (Status.QUEUED, [Status.QUEUED])
    await knowing.rounds()
    assert knowing.bodies == [], "not at once: what killed a worker may do it again"
    knowing.pass_time(5)
    await knowing.rounds()
    assert await statuses(knowing, message) == (Status.SENT, [Status.SENT])
    assert await knowing.work() == []


async def test_every_try_has_the_same_name_where_the_provider_goes_by_it(knowing: Stage) -> None:
    await knowing.say("Hello")
    knowing.provider.behaviour = staticmethod(refuse(SendErrorKind.UNCERTAIN))
    await knowing.rounds()
    await die_while_sending_again(knowing)
    knowing.provider.behaviour = None
    await knowing.rounds()
    assert len(knowing.provider.got) == 2
    assert len({outbound.attempt for outbound in knowing.provider.got}) == 1


async def die_while_sending_again(stage: Stage) -> None:
    stage.pass_time(5)
    await die_while_sending(stage)
    await stage.recovery.sweep()
    stage.pass_time(10)


async def test_its_thread_waits_for_it(knowing: Stage) -> None:
    await knowing.say("first")
    await die_while_sending(knowing)
    await knowing.recovery.sweep()
    await knowing.say("second")
    await knowing.rounds()
    assert knowing.bodies == []
    knowing.pass_time(5)
    await knowing.rounds()
    assert knowing.bodies == ["first", "second"]


async def test_a_message_that_kills_every_worker_is_uncertain_in_the_end(knowing: Stage) -> None:
    message = await knowing.say("Hello")
    for _ in range(ATTEMPTS - 1):
        await die_while_sending_again(knowing)
        assert (await knowing.message(message)).status is Status.QUEUED
    await die_while_sending_again(knowing)
    assert await statuses(knowing, message) == (Status.UNCERTAIN, [Status.UNCERTAIN])
    assert await knowing.work() == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [(SendErrorKind.UNCERTAIN, Status.UNCERTAIN), (SendErrorKind.UNAVAILABLE, Status.FAILED)],
    ids=["never answered", "never reached"],
)
async def test_giving_up_says_failed_only_of_what_did_not_leave(
    knowing: Stage, kind: SendErrorKind, status: Status
) -> None:
    knowing.provider.behaviour = staticmethod(refuse(kind))
    message = await knowing.say("Hello")
    for _ in range(ATTEMPTS):
        await knowing.rounds()
        knowing.pass_time(600)
    assert (await knowing.message(message)).status is status
    assert len(knowing.bodies) == ATTEMPTS


async def test_a_gateway_that_was_removed_recognises_nothing(knowing: Stage) -> None:
    message = await knowing.say("Hello")
    (work,) = await knowing.host.core.claim("node/0")
    await knowing.host.core.begin(work)
    await knowing.host.configure(plugin="gone")
    knowing.pass_time(61)
    await knowing.recovery.sweep()
    assert (await knowing.message(message)).status is Status.UNCERTAIN
