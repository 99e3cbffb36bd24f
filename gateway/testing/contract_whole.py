"""The channel in the product: from a person's reply to the far side, and from the far side into a thread."""

from pathlib import Path
from typing import Any

from gateway.app.core import wall_clock
from gateway.host.settings import parse_settings
from gateway.sdk import Inbound, WebhookRequest
from gateway.testing.contract import ContractBase, Tell, needs
from gateway.testing.whole import WholeGateway, whole_gateway


class WholeWayChecks(ContractBase):
    """Made where the channel's distribution is installed, so that the gateway finds it by its entry point."""

    @needs("installed")
    async def test_a_reply_goes_the_whole_way(self, far: Any, tmp_path: Path) -> None:
        async with whole_gateway(tmp_path) as whole:
            gateway = await self._added(whole, far)
            sent = await whole.made("/messages", self._asked(self.message().to, "Hello from the desk"))
            await whole.message(sent["id"], "sent", "delivered")
            assert any("Hello from the desk" in text for text in await self.told(far, whole, gateway))

    @needs("installed receipts")
    async def test_a_receipt_before_the_answer_settles_it(self, far: Any, tmp_path: Path) -> None:
        async with whole_gateway(tmp_path) as whole:
            gateway = await self._added(whole, far)
            far.hold()
            message = self.message()
            sent = await whole.made("/messages", self._asked(message.to, "Hello"))
            await far.heard.wait()
            assert await self.report(far, message, self._calls(whole, gateway, far))
            far.release()
            await whole.message(sent["id"], "delivered")

    @needs("installed webhooks")
    async def test_a_message_delivered_twice_is_one(self, far: Any, tmp_path: Path) -> None:
        request, said = next(
            (case.request, case.expected[0]) for case in self.inbound if isinstance(case.expected[0], Inbound)
        )
        async with whole_gateway(tmp_path) as whole:
            gateway = await self._added(whole, far)
            for _ in range(3):
                assert await self._call(whole, gateway, far, request) < 300
            assert [message["body"] for message in await whole.received()] == [said.body]

    async def told(self, far: Any, whole: WholeGateway, gateway: Any) -> list[str]:
        """The texts the far side got; override where it is asked another way in the whole gateway."""
        texts: list[str] = far.texts()
        return texts

    async def _added(self, whole: WholeGateway, far: Any) -> Any:
        sender = self.message().sender
        gateway = await whole.add_gateway(
            self.channel.type, self.settings(far), {"kind": sender.kind.value, "value": sender.value}
        )
        await self.joined(far)
        return gateway

    def _asked(self, to: str, body: str) -> dict[str, str]:
        message = self.message()
        subject = {} if message.subject is None else {"subject": message.subject}
        return {"to": to, "body": body, "from": message.sender.value, "channel": message.channel, **subject}

    def _calls(self, whole: WholeGateway, gateway: Any, far: Any) -> Tell:
        async def tell(request: WebhookRequest) -> int:
            return await self._call(whole, gateway, far, request)

        return tell

    async def _call(self, whole: WholeGateway, gateway: Any, far: Any, request: Any) -> int:
        self.now = wall_clock()
        settings = parse_settings(self.channel.Settings, self.settings(far))
        return await whole.call(gateway, self.sign(whole.addressed(gateway, request), settings))
