"""Every channel's contract, kept in a style that is nobody's default."""

from collections.abc import Mapping
from typing import Any, ClassVar

from gateway.sdk import Outbound, SendErrorKind
from gateway.sdk.faults import Fault
from gateway.testing import OUR_NUMBER, ChannelContract, FakeSmsc
from gateway.testing.contract import Tell
from gateway_sms_smpp.channel import SmppChannel


class TestAnotherStyle(ChannelContract):
    channel = SmppChannel
    loses_its_line = True
    on_a_line = True
    names_arrivals = False  # a deliver_sm has none
    kinds: ClassVar[Mapping[Fault, SendErrorKind]] = {
        Fault.THROTTLE: SendErrorKind.THROTTLED,
        Fault.FAIL: SendErrorKind.UNAVAILABLE,  # a status says that it was not accepted
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
        return {
            "host": "127.0.0.1",
            "port": far.port,
            "system_id": "desk",
            "password": "a-password",
            "account": "Carrier",
            "window": 3,
            "response_timeout": 1.0,
            "long_messages": "payload",
            "validity": "relative",
            "ton_npi": "long_code=0/1",
            "tlvs": "1400=1201159",
        }
