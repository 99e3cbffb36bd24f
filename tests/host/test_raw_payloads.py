"""Payloads without ids, read again: each is stored once, however often, and however like another one."""

import os
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from gateway.domain.model import Message
from gateway.host.arrivals import Arrivals
from gateway.host.inbound import Intake
from gateway.host.raw_payloads import RawPayloads
from gateway.sdk import Channel, Outbound, SenderView, SendResult
from gateway.sdk.text import Capabilities
from gateway.sdk.values import Inbound
from gateway.sdk.webhook import WebhookRequest
from gateway.storage.blobs import FileBlobs
from gateway.storage.facts import RawPayload
from tests.core.running import DESK, MAYA
from tests.host.parts import Host, running_host

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Nothing:
    """No settings."""


class Plain(Channel):
    type = "plain"
    label = "Plain"
    Settings = Nothing

    def capabilities(self, sender: SenderView) -> Capabilities:
        return Capabilities(sms=True)

    async def send(self, outbound: Outbound) -> SendResult:
        raise AssertionError("nothing is sent here")

    def parse(self, request: WebhookRequest) -> Sequence[Inbound]:
        return [Inbound(MAYA, DESK, request.body.decode())]


@pytest.fixture
async def host(database_url: str, tmp_path: Path) -> AsyncIterator[Host]:
    async with running_host(database_url, tmp_path, Plain) as running:
        yield running


async def test_two_that_say_the_same_are_two_and_one_read_twice_is_one(host: Host, tmp_path: Path) -> None:
    arrivals = Arrivals(FileBlobs(tmp_path / "files", os.urandom))
    intake = Intake(host.core.writer.execute, host.spool, arrivals, host.metrics, host.pace)
    gateway, payloads = await host.gateway(), RawPayloads(host.channels, intake)
    request = WebhookRequest("POST", "https://desk.example/c/x/inbound", "inbound", {}, {}, b"Yes")
    content = b64encode(msgspec.json.encode(request)).decode()
    came = host.core.clock()
    kept = [
        RawPayload(gateway.workspace_id, number, gateway.id, came + number * MINUTE, "A bug.", content)
        for number in (1, 2)
    ]
    host.core.clock.forward(60 * MINUTE)
    for payload in kept:
        assert await payloads.replay(gateway, payload) == 1
    assert [one.body for one in await host.core.all(Message)] == ["Yes", "Yes"]
    host.core.clock.forward(60 * MINUTE)
    assert await payloads.replay(gateway, kept[0]) == 1
    assert [one.body for one in await host.core.all(Message)] == ["Yes", "Yes"]
