"""What came while nobody was there is found in Twilio's list, once, in order, with all its files."""

import asyncio

import pytest

from gateway.sdk import HealthState, Inbound
from gateway.sdk.faults import Dials, Fault, only
from gateway.testing import FrozenClock, Stage
from gateway_sms_twilio.channel import TwilioChannel

from .conftest import MakeStage
from .twilio import DESK, MAYA, FakeTwilio, signed_form

MINUTE_S = 60


class Pauses:
    """The channel's sleep: it lasts until the test says so, and the clock moves on with it."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock = clock
        self._begun: asyncio.Queue[float] = asyncio.Queue()
        self._over = asyncio.Semaphore(0)

    async def __call__(self, seconds: float) -> None:
        self._begun.put_nowait(seconds)
        await self._over.acquire()

    async def begun(self) -> float:
        """The next pause's length, as soon as the channel rests."""
        return await asyncio.wait_for(self._begun.get(), 60)

    def end(self, seconds: float) -> None:
        """The channel wakes after so long."""
        self._clock.advance(seconds)
        self._over.release()


@pytest.fixture
def pauses(clock: FrozenClock) -> Pauses:
    return Pauses(clock)


@pytest.fixture
def running(make_stage: MakeStage, pauses: Pauses) -> Stage[TwilioChannel]:
    return make_stage(sleep=pauses)


def bodies(stage: Stage[TwilioChannel]) -> list[str]:
    return [one.body for one in stage.inbounds]


async def test_what_was_missed_comes_in_order_and_nothing_of_ours(
    running: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock, pauses: Pauses
) -> None:
    twilio.receive("long ago")
    clock.advance(61 * MINUTE_S)
    for number in range(3):
        twilio.receive(f"missed {number}")
        twilio.add("SM", {"from": DESK, "to": MAYA, "body": "ours", "status": "sent", "direction": "outbound-api"})
        clock.advance(20 * MINUTE_S - 1)
    running.start()
    assert await pauses.begun() == 300
    assert bodies(running) == ["missed 0", "missed 1", "missed 2"]
    first = running.inbounds[0]
    assert (first.sender, first.recipient, first.provider_id) == (MAYA, DESK, twilio.messages[1]["sid"])
    assert first.at == clock.now() - (60 * MINUTE_S - 3) * 1000
    await running.healthy()


async def test_the_webhook_and_the_list_name_a_message_alike(
    running: Stage[TwilioChannel], twilio: FakeTwilio, pauses: Pauses
) -> None:
    form = twilio.receive("both ways", files=2)
    running.start()
    await pauses.begun()
    [listed] = running.inbounds
    [told] = running.channel.parse(signed_form("https://desk.example/c/gateway-token/inbound", form))
    assert isinstance(told, Inbound)
    assert (listed.provider_id, listed.media, listed.channel) == (told.provider_id, told.media, told.channel)


async def test_each_look_goes_on_where_the_last_one_ended(
    running: Stage[TwilioChannel], make_stage: MakeStage, twilio: FakeTwilio, clock: FrozenClock, pauses: Pauses
) -> None:
    twilio.receive("one")
    running.start()
    await pauses.begun()
    clock.advance(5 * MINUTE_S)
    twilio.receive("two")
    pauses.end(20 * MINUTE_S)
    await pauses.begun()
    assert bodies(running) == ["one", "two"]
    await running.stop()

    clock.advance(26 * 60 * MINUTE_S)
    twilio.receive("while we were down")
    clock.advance(60 * MINUTE_S)
    again = make_stage(sleep=pauses)
    again.start()
    await pauses.begun()
    assert bodies(again) == ["while we were down"]


async def test_a_long_outage_is_read_page_by_page(
    running: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock, pauses: Pauses
) -> None:
    for number in range(2_500):
        twilio.receive(f"{number}")
    running.start()
    await pauses.begun()
    assert bodies(running) == [f"{number}" for number in range(2_500)]
    asked = [heard for heard in twilio.heard if "DateSent>" in heard.query]
    assert any("Page" in heard.query for heard in asked)


async def test_nothing_is_passed_over_that_could_not_be_stored(
    running: Stage[TwilioChannel], twilio: FakeTwilio, pauses: Pauses
) -> None:
    twilio.receive("kept")
    running.refusals = 1
    running.start()
    assert await pauses.begun() == 2
    assert bodies(running) == []
    pauses.end(2)
    await pauses.begun()
    assert bodies(running) == ["kept"]


async def test_an_outage_is_told_and_caught_up_with(
    running: Stage[TwilioChannel], twilio: FakeTwilio, pauses: Pauses
) -> None:
    await twilio.turn(only(Fault.REFUSE))
    running.start()
    waits = [await pauses.begun()]
    for _ in range(9):
        pauses.end(1)
        waits.append(await pauses.begun())
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert [health.state for health in running.health][-1] is HealthState.DOWN
    await twilio.turn(Dials())
    twilio.receive("during the outage")
    pauses.end(1)
    assert await pauses.begun() == 300
    assert bodies(running) == ["during the outage"]
    assert [health.state for health in running.health][-1] is HealthState.OK


@pytest.mark.parametrize("fault", [Fault.FAIL, Fault.THROTTLE])
async def test_one_answer_that_failed_is_no_outage(
    running: Stage[TwilioChannel], twilio: FakeTwilio, pauses: Pauses, fault: Fault
) -> None:
    await twilio.turn(only(fault))
    running.start()
    assert await pauses.begun() == (3 if fault is Fault.THROTTLE else 2)
    assert list(running.health) == []
    await twilio.turn(Dials())
    pauses.end(3)
    await running.healthy()
    assert len(running.health) == 1


async def test_a_wrong_token_is_told(running: Stage[TwilioChannel], twilio: FakeTwilio, pauses: Pauses) -> None:
    twilio.tokens = []
    running.start()
    await pauses.begun()
    [health] = running.health
    assert (health.state, "auth token" in (health.reason or "")) == (HealthState.DOWN, True)


async def test_switched_off_it_asks_for_nothing(make_stage: MakeStage, twilio: FakeTwilio) -> None:
    stage = make_stage(backfill_minutes=0)
    twilio.receive("missed")
    stage.start()
    await stage.healthy()
    assert (len(twilio.heard), bodies(stage)) == (0, [])
