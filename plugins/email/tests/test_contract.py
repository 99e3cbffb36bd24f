"""What every channel keeps to, on a mail server whose faults have dials."""

import asyncio
import logging
import smtplib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, ClassVar

import pytest

from gateway.sdk import Channel, Outbound, SendErrorKind, SenderView
from gateway.sdk.faults import Fault
from gateway.sdk.text import SenderKind
from gateway.testing.channel_contract import ChannelContract
from gateway.testing.contract import KINDS, Tell
from gateway.testing.mail_server import FakeMailServer
from gateway.testing.values import outbound
from gateway_email.channel import EmailChannel
from tests.support.ports import find_free_port

from .test_bounces import report


@pytest.fixture(autouse=True)
def quiet_far_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """The far side is in this process, and writes all it hears to its own log."""
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)


class Neighbour(FakeMailServer):
    """A mail server that takes our mail, and hands us what it has for us, a few connections at a time."""

    def __init__(self) -> None:
        super().__init__(login=("desk", "an open sesame"))
        self.desk_port = find_free_port()
        self._clients = ThreadPoolExecutor(8)  # its own: those of the loop are the desk's

    async def close(self) -> None:
        await super().close()
        self._clients.shutdown(wait=False, cancel_futures=True)

    async def sees_the_door(self) -> None:
        """Until the desk listens."""
        async with asyncio.timeout(60):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.desk_port)
                except ConnectionError:
                    await asyncio.sleep(0.01)
                else:
                    writer.close()
                    return

    async def hand_over(self, sender: str, raw: bytes) -> bool:
        """Whether the desk took it."""

        def converse() -> int:
            with smtplib.SMTP("127.0.0.1", self.desk_port, timeout=60) as client:
                client.ehlo()
                client.mail(sender)
                client.rcpt("help@desk.example")
                return client.data(raw)[0]

        return await asyncio.get_running_loop().run_in_executor(self._clients, converse) == 250


class TestMailKeepsTheContract(ChannelContract):
    channel: ClassVar[type[Channel]] = EmailChannel
    sends: ClassVar[SenderView | None] = SenderView(1, SenderKind.EMAIL, "help@desk.example")
    # What a server refuses after the last dot it has not taken: SMTP leaves no doubt there.
    kinds: ClassVar[Mapping[Fault, SendErrorKind]] = {**KINDS, Fault.FAIL: SendErrorKind.DEFERRED}

    def far_side(self) -> Neighbour:
        return Neighbour()

    async def joined(self, far: Neighbour) -> None:
        await far.sees_the_door()

    async def deliver(self, far: Neighbour, body: str, sender: str, identity: str, tell: Tell) -> bool:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = sender, "help@desk.example", "Lamp"
        letter["Message-ID"] = f"<{identity}@customer.example>"
        letter.set_content(body)
        return await far.hand_over(sender, letter.as_bytes(policy=SMTP))

    async def report(self, far: Neighbour, message: Outbound, tell: Tell) -> bool:
        ours = far.heard[-1].message["Message-ID"].strip("<>")
        return await far.hand_over("", report(ours, "Action: delivered\r\nStatus: 2.0.0"))

    def settings(self, far: Any) -> Mapping[str, Any]:
        return {
            "address": "help@desk.example",
            "smtp_host": "127.0.0.1",
            "smtp_port": far.port,
            "smtp_security": "none",
            "smtp_username": "desk",
            "smtp_password": "an open sesame",
            "listen_port": far.desk_port,
        }

    def message(self, body: str = "Hello") -> Outbound:
        return outbound(body, "maya@customer.example", from_=self.sends, channel="email")
