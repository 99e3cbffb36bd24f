"""Outages: what was not accepted goes another way, what may be there stays, and a campaign holds up no reply."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.core.explanation import explain
from gateway.domain.model import Message, Work
from gateway.domain.nature import Nature
from gateway.domain.settings import GatewayHealth, Sender
from gateway.domain.status import Status
from gateway.sdk import Health, HealthState, Outbound, SendError, SendErrorKind, SendResult
from tests.workers.lines import FIRST, SECOND, Lines
from tests.workers.stage import refuse, staged


@pytest.fixture
async def lines(database_url: str, tmp_path: Path) -> AsyncIterator[Lines]:
    async with staged(database_url, tmp_path) as stage:
        yield await Lines(stage).prepare()


async def say(lines: Lines, body: str, number: int = 0, **more: Any) -> Message:
    return await lines.stage.say(body, to=f"+1415555{4000 + number}", **more)


@pytest.mark.parametrize("kind", [SendErrorKind.UNAVAILABLE, SendErrorKind.MISCONFIGURED])
async def test_what_was_not_accepted_goes_another_way_at_once(lines: Lines, kind: SendErrorKind) -> None:
    lines.does[FIRST] = refuse(kind)
    message = await say(lines, "Hello")
    await lines.stage.rounds()
    assert lines.went == [(FIRST, "Hello"), (SECOND, "Hello")]
    sent = await lines.stage.message(message)
    assert (sent.status, sent.gateway_id) == (Status.SENT, lines.id_of(SECOND))
    (moved,) = explain(sent).failovers
    assert (moved.gateway, moved.reason) == (SECOND, "It said no.")
    told = [one for one in await lines.stage.host.core.events() if one.data.get("action") == "failover"]
    assert [one.message_id for one in told] == [message.id]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (SendErrorKind.REJECTED, Status.FAILED),
        (SendErrorKind.OPTED_OUT, Status.FAILED),
        (SendErrorKind.UNCERTAIN, Status.UNCERTAIN),
        (SendErrorKind.THROTTLED, Status.QUEUED),
    ],
)
async def test_nothing_else_goes_another_way(lines: Lines, kind: SendErrorKind, status: Status) -> None:
    lines.does[FIRST] = refuse(kind)
    message = await say(lines, "Hello")
    await lines.stage.rounds()
    assert lines.went == [(FIRST, "Hello")]
    assert (await lines.stage.message(message)).status is status


async def test_what_a_provider_may_have_after_all_is_tried_there_alone(lines: Lines) -> None:
    lines.stage.provider.idempotent = True

    async def hang_up(outbound: Outbound) -> SendResult:
        raise SendError(SendErrorKind.UNCERTAIN, "The line broke.")

    lines.does[FIRST] = hang_up
    await say(lines, "Hello")
    await lines.stage.rounds()
    lines.does[FIRST] = refuse(SendErrorKind.UNAVAILABLE)
    await lines.later(5)
    await lines.later(30)
    assert {name for name, _ in lines.went} == {FIRST}
    lines.does.clear()
    await lines.later(100)
    assert lines.went[-1] == (FIRST, "Hello")
    assert (await lines.stage.work()) == []


async def test_consent_is_asked_again_on_the_other_way(lines: Lines) -> None:
    core = lines.stage.host.core

    async def opt_out_then_fail(outbound: Outbound) -> SendResult:
        await core.receive("STOP", sender=(await core.message(outbound.message_id)).their_address)
        raise SendError(SendErrorKind.UNAVAILABLE, "Nobody there.")

    lines.does[FIRST] = opt_out_then_fail
    message = await say(lines, "Hello")
    await lines.stage.rounds()
    assert lines.went == [(FIRST, "Hello")]
    failed = await lines.stage.message(message)
    assert (failed.status, failed.error_code) == (Status.FAILED, "recipient-opted-out")


async def test_a_sender_that_is_gone_sends_nothing_more(lines: Lines) -> None:
    message = await say(lines, "Hello")
    await lines.change(senders={message.sender_id or 0: {"removed_at": 1}})
    await lines.stage.rounds()
    failed = await lines.stage.message(message)
    assert (lines.went, failed.status, failed.error_code) == ([], Status.FAILED, "sender-removed")


async def test_what_waits_at_an_outage_leaves_by_the_other_line(lines: Lines) -> None:
    """The breaker opens; what was never tried there does not wait for it."""
    lines.does[FIRST] = refuse(SendErrorKind.UNAVAILABLE)
    said = [await say(lines, f"text {number}", number) for number in range(10)]
    await lines.stage.rounds()
    lines.does[SECOND] = None
    for _ in range(4):
        await lines.later(2)
    for one in said:
        sent = await lines.stage.message(one)
        assert (sent.gateway_id, sent.status) == (lines.id_of(SECOND), Status.SENT)
    (down,) = [one for one in await lines.stage.host.core.all(GatewayHealth) if one.state == "down"]
    assert down.gateway_id == lines.id_of(FIRST)
    later = await say(lines, "afterwards", 50)
    assert later.gateway_id == lines.id_of(SECOND), "nobody is sent there while it is down"


async def test_a_gateway_that_nothing_is_sent_to_any_more_is_asked_whether_it_is_back(lines: Lines) -> None:
    core = lines.stage.host.core
    lines.does[FIRST] = refuse(SendErrorKind.UNAVAILABLE)
    for number in range(3):
        await say(lines, "Hello", number)
    await lines.stage.rounds()
    answers = [Health(HealthState.DOWN, "Not yet."), Health(HealthState.OK)]

    async def check(channel: Any) -> Health:
        return answers.pop(0)

    lines.stage.provider.check = check  # type: ignore[method-assign, assignment]
    lines.does.clear()
    await lines.later(20)
    assert (await say(lines, "still", 10)).gateway_id == lines.id_of(SECOND)
    await lines.later(20)
    assert [one.state for one in await core.all(GatewayHealth)] == ["ok"]
    assert (await say(lines, "again", 11)).gateway_id == lines.id_of(FIRST)
    await lines.later(20)
    assert answers == []


async def test_a_gateway_that_cannot_be_asked_is_well_once_a_message_gets_through(lines: Lines) -> None:
    core = lines.stage.host.core
    lines.does[FIRST] = refuse(SendErrorKind.UNAVAILABLE)
    for number in range(3):
        await say(lines, "Hello", number)
    await lines.stage.rounds()
    lines.does.clear()
    await lines.later(20)
    await lines.later(20)
    assert [one.state for one in await core.all(GatewayHealth)] == ["degraded"]
    await lines.change(gateways={lines.id_of(SECOND): {"enabled": False}})
    assert (await say(lines, "again", 11)).gateway_id == lines.id_of(FIRST)
    await lines.later(20)
    assert [one.state for one in await core.all(GatewayHealth)] == ["ok"]


@pytest.mark.parametrize(
    ("change", "status", "went"),
    [
        ({"removed_at": 1}, Status.SENT, [(SECOND, "Hello")]),
        ({"enabled": False}, Status.SENT, [(SECOND, "Hello")]),
        ({"paused": True}, Status.QUEUED, []),
    ],
)
async def test_a_gateway_that_is_switched_off_keeps_nothing(
    lines: Lines, change: dict[str, Any], status: Status, went: list[tuple[str, str]]
) -> None:
    message = await say(lines, "Hello")
    await lines.change(gateways={lines.id_of(FIRST): change})
    await lines.later(0)
    await lines.later(6)
    assert (lines.went, (await lines.stage.message(message)).status) == (went, status)


async def test_what_has_no_way_left_has_failed_and_may_be_sent_again(lines: Lines) -> None:
    message = await say(lines, "Hello")
    numbers = {message.sender_id or 0: {"gateway_ids": (lines.id_of(FIRST),)}}
    await lines.change(senders=numbers, gateways={lines.id_of(FIRST): {"removed_at": 1}})
    await lines.later(0)
    failed = await lines.stage.message(message)
    assert (failed.status, failed.error_code, failed.error_retryable) == (Status.FAILED, "gateway-removed", True)


async def test_an_outage_slows_nothing_else(lines: Lines) -> None:
    """CASES 19: the queue of the one waits, the other goes on, and recovery ramps up."""
    numbers = sorted(one.id for one in await lines.stage.host.core.all(Sender))
    only = {number: {"gateway_ids": (gateway,)} for number, gateway in zip(numbers, lines.names, strict=True)}
    await lines.change(senders=only)
    senders = {one.id: one.value for one in await lines.stage.host.core.all(Sender)}
    broken, well = (senders[number] for number in numbers)
    lines.does[FIRST] = refuse(SendErrorKind.UNAVAILABLE)
    for number in range(20):
        await say(lines, "broken", number, from_=broken)
        await say(lines, "well", 100 + number, from_=well)
    await lines.stage.rounds()
    assert lines.went.count((SECOND, "well")) == 20
    tried = lines.went.count((FIRST, "broken"))
    await lines.later(0.5)
    assert lines.went.count((FIRST, "broken")) == tried, "it rests"
    lines.does.clear()
    lines.went.clear()
    lines.stage.host.moment.now += 61
    lines.stage.host.core.clock.forward(600_000)
    begun = [await lines.stage.sender.round(lambda: None)]
    await lines.stage.sender.settled()
    while begun[-1]:
        begun.append(await lines.stage.sender.round(lambda: None))
        await lines.stage.sender.settled()
    assert begun[:4] == [1, 2, 4, 8], "one, and then more with each answer"
    assert sum(begun) == 20


async def test_a_reply_does_not_wait_for_a_campaign(lines: Lines) -> None:
    await lines.change(gateways={lines.id_of(FIRST): {"rate": 2.0}})
    for number in range(40):
        await say(lines, "campaign", number, nature=Nature.CAMPAIGN)
    await lines.stage.sender.round(lambda: None)
    await lines.stage.sender.settled()
    began = lines.stage.host.moment.now
    await say(lines, "reply", 500)
    await say(lines, "answer", 39)  # in a thread whose campaign message is the last of all
    while ("answer" not in [body for _, body in lines.went]) and lines.stage.host.moment.now < began + 30:
        await lines.stage.sender.round(lambda: None)
        await lines.stage.sender.settled()
        lines.stage.host.moment.now += 0.1
        lines.stage.host.core.clock.forward(100)
    bodies = [body for _, body in lines.went]
    assert bodies.index("reply") < 6
    assert bodies.index("answer") < 10
    (first,) = [index for index, (_, body) in enumerate(lines.went) if body == "answer"]
    assert lines.stage.host.moment.now - began < 5, first


async def test_a_slow_sender_holds_up_no_other(lines: Lines) -> None:
    slow, quick = sorted(await lines.stage.host.core.all(Sender), key=lambda one: one.id)
    await lines.change(senders={slow.id: {"rate": 1.0}})
    for number in range(80):
        await say(lines, "slow", number, from_=slow.value)
    await say(lines, "quick", 200, from_=quick.value)
    await lines.stage.sender.round(lambda: None)
    await lines.stage.sender.settled()
    assert "quick" in [body for _, body in lines.went]
    assert [body for _, body in lines.went].count("slow") <= 2
    waiting: list[Work] = await lines.stage.work()
    assert all(one.last_error is None and one.lease_epoch == 0 for one in waiting), "they were not even touched"


async def test_when_every_way_was_tried_the_first_may_be_tried_again(lines: Lines) -> None:
    lines.does = {FIRST: refuse(SendErrorKind.UNAVAILABLE), SECOND: refuse(SendErrorKind.UNAVAILABLE)}
    message = await say(lines, "Hello")
    await lines.stage.rounds()
    assert lines.went == [(FIRST, "Hello"), (SECOND, "Hello")]
    del lines.does[FIRST]
    await lines.later(5)
    assert lines.went[2:] == [(SECOND, "Hello"), (FIRST, "Hello")]
    assert (await lines.stage.message(message)).status is Status.SENT
