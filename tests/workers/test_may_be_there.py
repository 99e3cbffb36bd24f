"""A provider that knows attempts by name may have got one whose answer was lost: only there it is tried again, and when
that can't be, nobody is told that it failed, or that it was withdrawn.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from gateway.core.commands.messages import CancelMessage
from gateway.core.errors import Refused
from gateway.domain.model import Message
from gateway.domain.nature import Nature
from gateway.domain.policy import QuietHours
from gateway.domain.status import Status
from gateway.sdk import SendErrorKind
from tests.workers.lines import FIRST, SECOND, Lines
from tests.workers.stage import refuse, staged

ATTEMPTS = 3


@pytest.fixture
async def lines(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Lines]:
    """The first line loses its answers."""
    async with staged(sqlite_url, tmp_path, attempts=ATTEMPTS) as stage:
        stage.provider.idempotent = True
        lines = await Lines(stage).prepare()
        lines.does[FIRST] = refuse(SendErrorKind.UNCERTAIN)
        yield lines


async def say(lines: Lines) -> Message:
    """A message whose answer was lost once."""
    expires_at = lines.stage.host.core.clock.now + 3_600_000
    message = await lines.stage.say("Hello", nature=Nature.CAMPAIGN, expires_at=expires_at)
    await lines.stage.rounds()
    lines.does[FIRST] = refuse(SendErrorKind.UNAVAILABLE)
    assert (await lines.stage.message(message)).status is Status.QUEUED
    return message


async def give_up(lines: Lines, message: Message) -> None:
    for _ in range(ATTEMPTS):
        await lines.later(300)


async def expire(lines: Lines, message: Message) -> None:
    lines.stage.host.core.clock.forward(3_600_000)


async def opt_out(lines: Lines, message: Message) -> None:
    await lines.stage.host.core.receive("STOP", sender=message.their_address)


async def remove_sender(lines: Lines, message: Message) -> None:
    await lines.change(senders={message.sender_id or 0: {"removed_at": 1}})


async def remove_gateway(lines: Lines, message: Message) -> None:
    await lines.change(gateways={lines.id_of(FIRST): {"removed_at": 1}})


async def leave_gateway(lines: Lines, message: Message) -> None:
    await lines.change(senders={message.sender_id or 0: {"gateway_ids": (lines.id_of(SECOND),)}})


Change = Callable[[Lines, Message], Awaitable[None]]


@pytest.mark.parametrize(
    "change", [give_up, expire, opt_out, remove_sender, remove_gateway, leave_gateway], ids=lambda one: one.__name__
)
async def test_what_can_not_be_tried_there_any_more_is_uncertain(lines: Lines, change: Change) -> None:
    message = await say(lines)
    await change(lines, message)
    await lines.later(10)
    assert (await lines.stage.message(message)).status is Status.UNCERTAIN
    assert {name for name, _ in lines.went} == {FIRST}
    assert await lines.stage.work() == []


async def test_it_is_not_held_over_the_night(lines: Lines) -> None:
    """In the morning nobody would know any more that another gateway must not get it."""
    message = await say(lines)
    await lines.stage.host.core.policy(quiet_hours=QuietHours(1, 0, "UTC"))  # but for a minute after midnight
    await lines.later(10)
    assert (await lines.stage.message(message)).status is Status.UNCERTAIN


async def test_it_can_not_be_withdrawn(lines: Lines) -> None:
    message = await say(lines)
    core = lines.stage.host.core
    with pytest.raises(Refused) as refused:
        await core.writer.execute(CancelMessage(message.id), core.admin)
    assert refused.value.code == "already-sending"
