"""A send whose answer was lost is looked up, and taken for another one by no means."""

import pytest

from gateway.sdk import Inquiry, Outbound, Receipt, SendError
from gateway.sdk.faults import Dials, Fault, only
from gateway.sdk.text import Status
from gateway.testing import FrozenClock, Stage, outbound
from gateway_sms_twilio.channel import TwilioChannel

from .twilio import DESK, MAYA, FakeTwilio


def inquiry(clock: FrozenClock, message: Outbound, *ids: str, took_ms: int = 20_000) -> Inquiry:
    """As the worker asks: it left between when it was made and when we gave up."""
    return Inquiry(
        message_id=message.attempt.partition("-")[0],
        provider_ids=ids,
        sender=message.sender.value,
        to=message.to,
        channel=message.channel,
        body=message.body,
        since=clock.now() - took_ms,
        until=clock.now(),
    )


async def lose_the_answer(stage: Stage[TwilioChannel], twilio: FakeTwilio, message: Outbound) -> None:
    await twilio.turn(only(Fault.RESET))
    await stage.send(message)
    await twilio.turn(Dials())


async def test_what_twilio_has_is_found(stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock) -> None:
    message = outbound("Is it lost?", MAYA)
    await lose_the_answer(stage, twilio, message)
    clock.advance(20)
    [made] = twilio.messages
    [receipt] = await stage.channel.ask(inquiry(clock, message))
    assert (receipt.provider_ids, receipt.state, receipt.attempt) == (
        (made["sid"],),
        Status.SENT,
        message.attempt.partition("-")[0],
    )
    made["status"], made["error_code"] = "undelivered", 30005
    [receipt] = await stage.channel.ask(inquiry(clock, message))
    assert (receipt.state, receipt.code) == (Status.UNDELIVERED, "30005")


@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.FAIL, Fault.THROTTLE])
async def test_what_never_got_there_is_not_found(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock, fault: Fault
) -> None:
    message = outbound("Is it lost?", MAYA)
    await twilio.turn(only(fault))
    await stage.send(message)
    await twilio.turn(Dials())
    assert await stage.channel.ask(inquiry(clock, message)) == []


@pytest.mark.parametrize(
    "other",
    [
        outbound("Is it lost?", "+14155550149"),
        outbound("Is it lost", MAYA),
        outbound("Is it lost?", MAYA, from_=None, channel="whatsapp"),
    ],
)
async def test_others_are_not_taken_for_it(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock, other: Outbound
) -> None:
    await lose_the_answer(stage, twilio, other)
    assert await stage.channel.ask(inquiry(clock, outbound("Is it lost?", MAYA))) == []


async def test_what_was_said_before_and_after_is_not_it(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock
) -> None:
    message = outbound("OK", MAYA)
    await stage.send(message)
    clock.advance(60)
    asked = inquiry(clock, message, took_ms=20_000)
    clock.advance(60)
    await stage.send(message)
    assert await stage.channel.ask(asked) == []


async def test_of_two_alike_nobody_says_which(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock
) -> None:
    message = outbound("OK", MAYA)
    await stage.send(message)
    await lose_the_answer(stage, twilio, message)
    receipts = await stage.channel.ask(inquiry(clock, message))
    assert [(receipt.attempt, receipt.state) for receipt in receipts] == [(None, Status.SENT)] * 2


async def test_an_id_is_asked_for_by_itself(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock
) -> None:
    message = outbound("OK", MAYA)
    await stage.send(message)
    [made] = twilio.messages
    made.update(status="delivered", price="-0.0079", price_unit="USD")
    receipts = await stage.channel.ask(inquiry(clock, message, made["sid"], made["sid"], "SM" + "f" * 32))
    raw = receipts[0].raw
    name = message.attempt.partition("-")[0]
    assert receipts == [
        Receipt((made["sid"],), Status.DELIVERED, name, raw=raw, cost_micros=7_900, currency="USD"),
    ]


async def test_a_trial_account_changes_the_text(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock
) -> None:
    said = "Sent from your Twilio trial account - OK"
    twilio.add("SM", {"from": DESK, "to": MAYA, "body": said, "status": "sent", "direction": "outbound-api"})
    assert len(await stage.channel.ask(inquiry(clock, outbound("OK", MAYA)))) == 1


async def test_nobody_answers(stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock) -> None:
    await twilio.turn(only(Fault.REFUSE))
    with pytest.raises(SendError):
        await stage.channel.ask(inquiry(clock, outbound("OK", MAYA)))
