"""What every channel keeps to, on a mail server whose faults have dials."""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from gateway.sdk import Channel, Outbound, SendErrorKind, SenderView
from gateway.sdk.faults import Fault
from gateway.sdk.text import SenderKind
from gateway.testing.channel_contract import ChannelContract
from gateway.testing.contract import KINDS
from gateway.testing.mail_server import FakeMailServer
from gateway.testing.values import outbound
from gateway_email.channel import EmailChannel


@pytest.fixture(autouse=True)
def quiet_far_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """The far side is in this process, and writes all it hears to its own log."""
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)


class TestMailKeepsTheContract(ChannelContract):
    channel: ClassVar[type[Channel]] = EmailChannel
    sends: ClassVar[SenderView | None] = SenderView(1, SenderKind.EMAIL, "help@desk.example")
    # What a server refuses after the last dot it has not taken: SMTP leaves no doubt there.
    kinds: ClassVar[Mapping[Fault, SendErrorKind]] = {**KINDS, Fault.FAIL: SendErrorKind.DEFERRED}

    def far_side(self) -> FakeMailServer:
        return FakeMailServer(login=("desk", "an open sesame"))

    def settings(self, far: Any) -> Mapping[str, Any]:
        return {
            "address": "help@desk.example",
            "smtp_host": "127.0.0.1",
            "smtp_port": far.port,
            "smtp_security": "none",
            "smtp_username": "desk",
            "smtp_password": "an open sesame",
        }

    def message(self, body: str = "Hello") -> Outbound:
        return outbound(body, "maya@customer.example", from_=self.sends, channel="email")
