"""A provider whose behaviour is the test's, and the sender worker in front of it."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from prometheus_client import CollectorRegistry

from gateway.domain.address import provider_address
from gateway.domain.model import Message, Work
from gateway.domain.sender import Capabilities
from gateway.host.media_links import MediaLinks
from gateway.sdk import (
    Channel,
    Outbound,
    PartResult,
    SendError,
    SendErrorKind,
    SenderView,
    SendResult,
)
from gateway.storage.blobs import FileBlobs
from gateway.workers.backoff import Backoff
from gateway.workers.delivery import Delivery
from gateway.workers.enclosures import Enclosures
from gateway.workers.handover import Handover
from gateway.workers.metrics import WorkMetrics
from gateway.workers.probes import Probes
from gateway.workers.recovery import Recovery
from gateway.workers.second_tries import SecondTries
from gateway.workers.sender import SenderWorker
from tests.host.parts import Host, running_host

Behaviour = Callable[[Outbound], Awaitable[SendResult]]


@dataclass(frozen=True, slots=True)
class NoSettings:
    """None."""


class Provider(Channel):
    """The far side of the wire: what it does with each message is the test's."""

    type: ClassVar[str] = "provider"
    label: ClassVar[str] = "Provider"
    Settings = NoSettings
    behaviour: ClassVar[Behaviour | None] = None
    got: ClassVar[list[Outbound]] = []

    def capabilities(self, sender: SenderView) -> Capabilities:
        return Capabilities(sms=True, mms=True)

    async def send(self, outbound: Outbound) -> SendResult:
        self.got.append(outbound)
        behaviour = type(self).behaviour
        return await behaviour(outbound) if behaviour else accept(outbound)


def accept(outbound: Outbound) -> SendResult:
    return SendResult(tuple(PartResult(i, f"{outbound.attempt}.{i}") for i in range(1, len(outbound.parts) + 1)))


@dataclass
class Stage:
    host: Host
    sender: SenderWorker
    recovery: Recovery
    provider: type[Provider]
    blobs: FileBlobs
    links: MediaLinks

    async def rounds(self, count: int = 50) -> None:
        """Claims and sends until nothing more is due."""
        for _ in range(count):
            begun = await self.sender.round(lambda: None)
            await self.sender.settled()
            if not begun:
                return

    async def say(self, body: str, to: str = "+14155550148", **more: Any) -> Message:
        return await self.host.core.send(body, to=provider_address(to), **more)

    async def message(self, message: Message) -> Message:
        return await self.host.core.message(message.id)

    async def work(self) -> list[Work]:
        """Sends that are not done."""
        return [one for one in await self.host.core.all(Work) if one.kind == "send"]

    def pass_time(self, seconds: float) -> None:
        """On both clocks; one that moves alone was set by somebody."""
        self.host.core.clock.forward(round(seconds * 1000))
        self.host.moment.now += seconds

    @property
    def bodies(self) -> list[str]:
        return [outbound.body for outbound in self.provider.got]


@asynccontextmanager
async def staged(url: str, folder: Path, *, attempts: int = 50, deadline_s: float = 20.0) -> AsyncIterator[Stage]:
    provider: type[Provider] = type("Provider", (Provider,), {"got": [], "behaviour": None})
    async with running_host(url, folder, provider) as host:
        metrics = WorkMetrics(CollectorRegistry())
        core = host.core
        blobs, links = FileBlobs(folder / "media", os.urandom), MediaLinks(b"key", "https://desk.example", core.clock)
        delivery = Delivery(
            core.writer.execute, core.database, host.channels,
            Handover(Enclosures(blobs, links), deadline_s), host.health, metrics, host.pace,
            backoff=Backoff(1.0, 300.0, attempts),
        )  # fmt: skip
        probes = Probes(core.database, host.channels, host.health)
        sender = SenderWorker(
            core.database, delivery, probes, host.views, lambda gateway: gateway.enabled and not gateway.paused,
            metrics, host.pace, "node/1",
        )  # fmt: skip
        recovery = Recovery(
            core.database, core.writer.execute, lambda: sender.under_way,
            SecondTries(core.directory.get, host.registry).recognised, metrics, host.pace,
            sends=Backoff(1.0, 300.0, attempts),
        )  # fmt: skip
        yield Stage(host, sender, recovery, provider, blobs, links)


def refuse(kind: SendErrorKind, **more: Any) -> Behaviour:
    async def behaviour(outbound: Outbound) -> SendResult:
        raise SendError(kind, "It said no.", provider_code="42", **more)

    return behaviour
