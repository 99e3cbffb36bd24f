"""SMPP keeps the contract, against the kit's own message centre."""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from gateway.sdk import Inbound, Outbound, SendErrorKind, SendResult
from gateway.sdk.faults import Dials, Fault
from gateway.sdk.text import Status
from gateway.testing import CONTACT, OUR_NUMBER, ChannelContract, FakeSmsc, Stage, outbound
from gateway.testing.contract import Tell
from gateway_sms_smpp.channel import SmppChannel

OURS, THEIRS = OUR_NUMBER.removeprefix("+"), CONTACT.removeprefix("+")


def bind_to(far: FakeSmsc) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": far.port,
        "system_id": "desk",
        "password": "a-password",
        "response_timeout": 1.0,
    }


class TestSmpp(ChannelContract):
    channel = SmppChannel
    loses_its_line = True
    on_a_line = True
    names_arrivals = False  # a deliver_sm has none
    kinds: ClassVar[Mapping[Fault, SendErrorKind]] = {
        Fault.THROTTLE: SendErrorKind.THROTTLED,
        Fault.FAIL: SendErrorKind.UNAVAILABLE,  # a submit_sm_resp with a status was not accepted, and says so
        Fault.HANG: SendErrorKind.UNCERTAIN,
        Fault.RESET: SendErrorKind.UNCERTAIN,
        Fault.REFUSE: SendErrorKind.UNAVAILABLE,
    }

    async def joined(self, far: FakeSmsc) -> None:
        await far.bound.wait()

    async def deliver(self, far: FakeSmsc, body: str, sender: str, identity: str, tell: Tell) -> bool:
        return await far.deliver(far.text(sender.removeprefix("+"), OUR_NUMBER.removeprefix("+"), body)) == [0]

    async def report(self, far: FakeSmsc, message: Outbound, tell: Tell) -> bool:
        return await far.deliver(far.receipt(far.ids[-1])) == [0]

    def far_side(self) -> FakeSmsc:
        return FakeSmsc()

    def settings(self, far: FakeSmsc) -> Mapping[str, Any]:
        return bind_to(far)


async def test_messages_and_receipts_over_a_bind(tmp_path: Any) -> None:
    async with FakeSmsc() as far, Stage(SmppChannel, bind_to(far), tmp_path) as stage:
        stage.start()
        await stage.healthy()
        assert await far.deliver(far.text(THEIRS, OURS, "Hello"), far.text(THEIRS, OURS, "Grüße 👋")) == [0, 0]
        assert [item.body for item in stage.inbounds] == ["Hello", "Grüße 👋"]
        result = await stage.send(outbound("Good morning"))
        assert isinstance(result, SendResult)
        assert [part.provider_id for part in result.parts] == [far.ids[0]]
        await far.turn(Dials(double=1, split=1))
        assert await far.deliver(far.receipt(far.ids[0])) == [0, 0]
        assert [(far.ids[0] in one.provider_ids, one.state) for one in stage.receipts] == [
            (True, Status.DELIVERED),
            (True, Status.DELIVERED),
        ]


async def test_a_receipt_may_overtake_the_answer(tmp_path: Any) -> None:
    async with FakeSmsc() as far, Stage(SmppChannel, bind_to(far), tmp_path) as stage:
        stage.start()
        await stage.healthy()
        far.hold()
        sending = asyncio.create_task(stage.send(outbound()))
        await far.heard.wait()
        assert await far.deliver(far.receipt(far.ids[0])) == [0]
        far.release()
        result = await sending
        assert isinstance(result, SendResult)
        assert result.parts[0].provider_id in stage.receipts[0].provider_ids


@pytest.mark.parametrize(("dials", "order"), [(Dials(), "ab"), (Dials(reorder=0.5), "ba"), (Dials(lose=1), "")])
async def test_the_centre_can_be_unreliable(tmp_path: Any, dials: Dials, order: str) -> None:
    chances = iter([0.1, 0.9, 0.9, 0.9])
    async with FakeSmsc(chance=lambda: next(chances, 0.9)) as far, Stage(SmppChannel, bind_to(far), tmp_path) as stage:
        stage.start()
        await stage.healthy()
        await far.turn(dials)
        await far.deliver(far.text(THEIRS, OURS, "a"), far.text(THEIRS, OURS, "b"))
        assert "".join(item.body for item in stage.received if isinstance(item, Inbound)) == order
