"""Twilio's own SDK takes our fake for Twilio, and what the fake signs for Twilio's."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from twilio.rest.api.v2010.account.message import MessageInstance  # type: ignore[import-untyped]

from gateway.sdk.text import Status
from gateway.testing import FrozenClock, Stage, outbound
from gateway_sms_twilio.channel import TwilioChannel
from gateway_sms_twilio.forms import form_of
from gateway_sms_twilio.statuses import STATUSES

from .twilio import ACCOUNT, DESK, MAYA, PICTURE, TOKEN, FakeTwilio


class Detour(HTTPAdapter):
    """Takes what the SDK sends to Twilio to the fake instead."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: PreparedRequest, **more: Any) -> Response:  # type: ignore[override]
        assert request.url is not None
        request.url = request.url.replace("https://api.twilio.com", self._url)
        return super().send(request, **more)


@pytest.fixture
def client(twilio: FakeTwilio) -> Client:
    http = TwilioHttpClient()
    http.session.mount("https://api.twilio.com", Detour(twilio.url))
    return Client(ACCOUNT, TOKEN, http_client=http)


async def by_sdk(ask: Callable[[], Any]) -> Any:
    """The SDK waits in a thread, while the fake answers here."""
    return await asyncio.to_thread(ask)


async def test_it_sends_and_reads_back(client: Client, twilio: FakeTwilio, clock: FrozenClock) -> None:
    made = await by_sdk(
        lambda: client.messages.create(to=MAYA, from_=DESK, body="Tea & 🫖", status_callback="https://x.example/s")
    )
    assert (made.sid, made.status, made.direction, made.body) == (
        twilio.messages[0]["sid"],
        "queued",
        "outbound-api",
        "Tea & 🫖",
    )
    assert round(made.date_created.timestamp() * 1000) == clock.now() // 1000 * 1000
    read = await by_sdk(lambda: client.messages(made.sid).fetch())
    assert (read.to, read.from_, read.num_media) == (MAYA, DESK, "0")


async def test_it_lists_pages_and_files(client: Client, twilio: FakeTwilio, clock: FrozenClock) -> None:
    for number in range(120):
        twilio.receive(f"{number}")
        clock.advance(1)
    listed = await by_sdk(lambda: client.messages.list(to=DESK, page_size=50))
    assert [one.body for one in listed] == [f"{number}" for number in reversed(range(120))]
    since = listed[10].date_sent
    later = await by_sdk(lambda: client.messages.list(date_sent_after=since))
    assert len(later) == 11
    twilio.receive("", files=3)
    sid = twilio.messages[-1]["sid"]
    files = await by_sdk(client.messages(sid).media.list)
    assert [one.content_type for one in files] == ["image/png"] * 3
    assert PICTURE.startswith(b"\x89PNG")


async def test_it_reads_its_errors(client: Client, twilio: FakeTwilio) -> None:
    twilio.refusals[MAYA] = (400, 21610, "Attempt to send to unsubscribed recipient")
    with pytest.raises(TwilioRestException) as refused:
        await by_sdk(lambda: client.messages.create(to=MAYA, from_=DESK, body="Hello"))
    assert (refused.value.code, refused.value.status) == (21610, 400)
    twilio.tokens = []
    with pytest.raises(TwilioRestException) as refused:
        await by_sdk(client.messages("SM1").fetch)
    assert refused.value.code == 20003


async def test_its_validator_takes_the_fakes_callbacks(stage: Stage[TwilioChannel], twilio: FakeTwilio) -> None:
    await stage.send(outbound("Hello", MAYA))
    told = twilio.callback(twilio.messages[0]["sid"], "delivered")
    valid = RequestValidator(TOKEN).validate(told.url, form_of(told.body), told.headers["x-twilio-signature"])
    assert valid is True
    await stage.receive(told)
    [receipt] = stage.receipts
    assert (receipt.state, receipt.attempt) == (Status.DELIVERED, outbound().attempt)


def test_every_status_the_sdk_names_is_on_our_lattice() -> None:
    theirs = {word for name, word in vars(MessageInstance.Status).items() if name.isupper()}
    assert theirs - set(STATUSES) == {"receiving", "received"}
