"""A Twilio, and a channel in front of it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.testing import FrozenClock, Stage
from gateway_sms_twilio.channel import TwilioChannel

from .twilio import ACCOUNT, TOKEN, FakeTwilio

MakeStage = Callable[..., Stage[TwilioChannel]]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def twilio(clock: FrozenClock) -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio(clock.now) as fake:
        yield fake


@pytest.fixture
async def make_stage(twilio: FakeTwilio, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[MakeStage]:
    """`make_stage(messaging_service_sid="MG1")` gives a channel that talks to that Twilio."""
    made: list[Stage[TwilioChannel]] = []

    def make(*, sleep: Any = None, **settings: Any) -> Stage[TwilioChannel]:
        given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "api_base": twilio.url, **settings}
        maker = None if sleep is None else lambda *its: TwilioChannel(*its, sleep=sleep)
        made.append(Stage(TwilioChannel, given, tmp_path, clock=clock, make=maker))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage[TwilioChannel]:
    return make_stage()
