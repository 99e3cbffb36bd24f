"""The stage is the host's own context: guarded, redacted, with a store that lasts."""

from pathlib import Path

import pytest

from gateway.sdk import SendError, SendResult, Unparsed
from gateway.sdk.context import Unavailable
from gateway.sdk.faults import Fault, only
from gateway.testing import CONTACT, NOON, FakeProvider, Stage, outbound, post_json
from gateway.workers.attempt import Failure
from tests.testing.sample import SampleChannel, sign

KEY = "a-key-nobody-knows"


async def test_a_send_is_traced_without_secret_number_or_text(tmp_path: Path) -> None:
    async with FakeProvider() as far, Stage(SampleChannel, {"url": far.url, "key": KEY}, tmp_path) as stage:
        assert isinstance(await stage.send(outbound("Hello there")), SendResult)
        stage.channel.context.trace("out", f"to {CONTACT} with {KEY}", {"body": "Hello there"})
        shown = repr(stage.trace)
        assert "POST http://127.0.0.1" in shown
        assert not [word for word in (KEY, CONTACT, "Hello") if word in shown]


async def test_what_the_store_holds_outlives_the_channel(tmp_path: Path) -> None:
    settings = {"url": "https://api.example", "key": KEY}
    async with Stage(SampleChannel, settings, tmp_path) as stage:
        await stage.channel.context.store.put("cursor", {"uid": 7})
        assert await stage.channel.context.store.append("seen", "a") == 1
    async with Stage(SampleChannel, settings, tmp_path) as stage:
        assert await stage.channel.context.store.get("cursor") == {"uid": 7}
        assert list(await stage.channel.context.store.read("seen")) == [(1, "a")]


async def test_only_loopback_is_let_through(tmp_path: Path) -> None:
    async with Stage(SampleChannel, {"url": "http://10.0.0.1", "key": KEY}, tmp_path) as stage:
        with pytest.raises(SendError, match="not a public address"):
            await stage.channel.send(outbound())


async def test_time_stands_still_until_it_is_moved(tmp_path: Path) -> None:
    async with Stage(SampleChannel, {"url": "https://api.example", "key": KEY}, tmp_path) as stage:
        context = stage.channel.context
        assert (context.clock(), context.monotonic()) == (NOON, 0.0)
        stage.clock.advance(1.5)
        await stage.clock.sleep(1)
        assert (context.clock(), context.monotonic()) == (NOON + 2500, 2.5)
        assert context.callback_url("status") == "https://desk.example/c/gateway-token/status"


async def test_a_webhook_goes_the_products_way(tmp_path: Path) -> None:
    async with Stage(SampleChannel, {"url": "https://api.example", "key": KEY}, tmp_path) as stage:
        request = post_json({"nothing": "we know"})
        signed = post_json({"nothing": "we know"}, headers={"X-Signature": sign(request.body, KEY)})
        assert (await stage.receive(request)).status == 403
        assert (await stage.receive(signed)).status == 200
        assert [type(item) for item in stage.received] == [Unparsed]
        stage.refusals = 1
        assert (await stage.receive(signed)).status == 503
        stage.refusals = 1
        with pytest.raises(Unavailable):
            await stage.sink(Unparsed("x", b""))


async def test_a_failed_send_is_data(tmp_path: Path) -> None:
    async with FakeProvider() as far, Stage(SampleChannel, {"url": far.url, "key": KEY}, tmp_path) as stage:
        await far.turn(only(Fault.THROTTLE))
        outcome = await stage.send(outbound())
        assert isinstance(outcome, Failure)
        assert (outcome.kind, outcome.retry_after) == ("throttled", 1.0)
