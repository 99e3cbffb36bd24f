"""What can only be seen over time: expiry, tokens that change, a service, and a send whose answer was lost."""

from decimal import Decimal
from typing import Any

import pytest

from gateway.sdk import Balance, HealthState, SendErrorKind, SendResult
from gateway.sdk.faults import Fault, only
from gateway.testing import Failure, FrozenClock, Stage, outbound
from gateway_sms_twilio.channel import TwilioChannel
from gateway_sms_twilio.settings import Settings

from .conftest import MakeStage
from .twilio import ACCOUNT, NEXT_TOKEN, TOKEN, FakeTwilio

HOUR = 3_600_000
GOOD: dict[str, Any] = {"account_sid": ACCOUNT, "auth_token": TOKEN}


def form_of(twilio: FakeTwilio) -> dict[str, str]:
    return {name: values[0] for name, values in twilio.heard[-1].form().items()}


@pytest.mark.parametrize(
    ("expires_in_ms", "period"),
    [(90_500, "90"), (10, "1"), (-5_000, "1"), (9 * HOUR, "32400"), (11 * HOUR, None)],
)
async def test_twilio_gives_up_when_the_message_expires(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, clock: FrozenClock, expires_in_ms: int, period: str | None
) -> None:
    await stage.send(outbound(expires_at=clock.now() + expires_in_ms))
    assert form_of(twilio).get("ValidityPeriod") == period


async def test_a_messaging_service_sends_from_the_chosen_sender(make_stage: MakeStage, twilio: FakeTwilio) -> None:
    stage = make_stage(messaging_service_sid="MG" + "c" * 32)
    assert isinstance(await stage.send(outbound()), SendResult)
    form = form_of(twilio)
    assert (form["MessagingServiceSid"], form["From"]) == ("MG" + "c" * 32, "+14155550100")


async def test_the_next_token_takes_over_when_the_old_one_ends(make_stage: MakeStage, twilio: FakeTwilio) -> None:
    stage = make_stage(next_auth_token=NEXT_TOKEN)
    twilio.tokens = [NEXT_TOKEN]
    assert isinstance(await stage.send(outbound()), SendResult)
    assert isinstance(await stage.send(outbound()), SendResult)
    assert (len(twilio.heard), len(twilio.messages)) == (3, 2)
    twilio.tokens = []
    failure = await stage.send(outbound())
    assert isinstance(failure, Failure)
    assert failure.kind is SendErrorKind.MISCONFIGURED


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.RESET, Fault.FAIL, Fault.RUBBISH])
async def test_a_send_is_made_once_whatever_becomes_of_the_answer(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, fault: Fault
) -> None:
    await twilio.turn(only(fault))
    failure = await stage.send(outbound(), deadline_s=3.0)
    assert isinstance(failure, Failure)
    assert failure.kind is SendErrorKind.UNCERTAIN
    assert len(twilio.heard) == 1


async def test_who_asks_too_often_is_told_for_how_long(stage: Stage[TwilioChannel], twilio: FakeTwilio) -> None:
    await twilio.turn(only(Fault.THROTTLE))
    failure = await stage.send(outbound())
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.retry_after) == (SendErrorKind.THROTTLED, 3.0)


@pytest.mark.parametrize(
    ("standing", "tokens", "reason"),
    [("suspended", [TOKEN], "suspended"), ("active", [], "auth token"), ("active", [TOKEN], None)],
)
async def test_the_test_button(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, standing: str, tokens: list[str], reason: str | None
) -> None:
    twilio.standing, twilio.tokens = standing, tokens
    health = await stage.channel.check()
    assert health.state is (HealthState.OK if reason is None else HealthState.DOWN)
    assert reason is None or reason in (health.reason or "")


@pytest.mark.parametrize(
    ("told", "expected"),
    [("-12.3", Balance(Decimal("-12.3"), "USD")), ("NaN", None), ("much", None), (None, None)],
)
async def test_what_is_left_of_the_account(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, told: str | None, expected: Balance | None
) -> None:
    twilio.balance = told
    assert await stage.channel.balance() == expected


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"account_sid": "SK123"}, "begins with AC"),
        ({"account_sid": "AC/../x"}, "letters and digits"),
        ({"auth_token": ""}, "both needed"),
        ({"messaging_service_sid": "PN123"}, "begins with MG"),
        ({"api_base": "ftp://api.twilio.com"}, "address such as"),
        ({"api_base": "https://user:word@api.twilio.com"}, "address such as"),
        ({"api_base": "https://api.twilio.com/2010-04-01"}, "address such as"),
    ],
)
def test_settings_that_can_be_none_are_refused(changes: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Settings(**{**GOOD, **changes})
