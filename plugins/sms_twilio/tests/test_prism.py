"""What we ask is what Twilio's own description of its API allows: a server made from that description says so."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.sdk import Inquiry, MediaReference, Outbound, SendResult
from gateway.sdk.text import SenderKind
from gateway.testing import OUR_NUMBER, Stage, outbound, sender
from gateway_sms_twilio.api import TwilioApi
from gateway_sms_twilio.channel import TwilioChannel
from tests.support.ports import LOOPBACK, find_free_port
from tests.support.process import ServerProcess

from .twilio import ACCOUNT, MAYA, TOKEN

DESCRIPTION = Path(__file__).parent / "peers" / "twilio-messages-openapi.json"
PRISM = Path(__file__).parents[3] / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
LAMP = MediaReference("image/png", "https://desk.example/media/lamp.png")


@pytest.fixture(scope="module")
def prism() -> Iterator[str]:
    """A server that refuses what the description does not allow, with 422."""
    assert PRISM.is_file(), "run `npm ci`"
    port = find_free_port()
    command: list[str | Path] = ["node", PRISM, "mock", "-h", LOOPBACK, "-p", str(port), "--multiprocess", "false"]
    server = ServerProcess([*command, DESCRIPTION])
    try:
        server.wait_for_port(port, seconds=90)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        server.kill()


@pytest.fixture
async def described(prism: str, tmp_path: Path) -> AsyncIterator[Stage[TwilioChannel]]:
    account = {"account_sid": ACCOUNT, "auth_token": TOKEN}
    settings = {**account, "api_base": prism, "messaging_service_sid": "MG" + "c" * 32}
    async with Stage(TwilioChannel, settings, tmp_path, http_timeout_s=20) as stage:
        yield stage


@pytest.mark.parametrize(
    "message",
    [
        outbound("Tea & 🫖"),
        outbound("Look", channel="mms", media=(LAMP,)),
        outbound("Look", channel="mms", media=(LAMP, LAMP)),
        outbound("A long story", channel="mms"),
        outbound("Soon", expires_at=2_000_000_000_000),
        outbound("Hi", channel="whatsapp", from_=sender(OUR_NUMBER, SenderKind.WHATSAPP)),
        outbound(
            "", channel="whatsapp", metadata={"content_sid": "HX" + "d" * 32, "content_variables": '{"1": "two"}'}
        ),
    ],
    ids=["text", "picture", "pictures", "text as MMS", "expiring", "WhatsApp", "template"],
)
async def test_sends_are_as_described(described: Stage[TwilioChannel], message: Outbound) -> None:
    result = await described.send(message, deadline_s=20)
    assert isinstance(result, SendResult), result
    assert result.parts[0].provider_id == "SM" + "a" * 32


async def test_lists_are_as_described(described: Stage[TwilioChannel]) -> None:
    asked = Inquiry("msg_1", (), OUR_NUMBER, MAYA, body="Hello", since=0)
    await described.channel.ask(asked)
    found = await described.channel.ask(Inquiry("msg_1", ("SM" + "a" * 32,), OUR_NUMBER, MAYA))
    assert [receipt.attempt for receipt in found] == ["msg_1"]


async def test_looking_back_and_files_are_as_described(described: Stage[TwilioChannel]) -> None:
    described.start()
    await described.healthy()
    api = TwilioApi(described.channel.context.http, described.settings)
    [(url, kind)] = await api.media("MM" + "a" * 32)
    assert url.startswith(f"{described.settings.origin}/2010-04-01/Accounts/AC")
    assert kind == "image/jpeg"


async def test_the_description_refuses_what_is_wrong(prism: str, tmp_path: Path) -> None:
    wrong = {"account_sid": "AC1", "auth_token": TOKEN, "api_base": prism, "messaging_service_sid": "MG1"}
    async with Stage(TwilioChannel, wrong, tmp_path, http_timeout_s=20) as stage:
        assert not isinstance(await stage.send(outbound(), deadline_s=20), SendResult)
