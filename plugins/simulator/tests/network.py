"""A context for one simulator: its store in memory, a clock that moves when told to."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.sdk import GatewayContext, Inbound, Outbound, Receipt, SenderView, Unparsed
from gateway.sdk.context import HttpResponse
from gateway.sdk.text import SenderKind
from gateway_simulator.channel import SimulatorChannel
from gateway_simulator.settings import Settings


class MemoryStore:
    """Documents and journals of one gateway."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.journals: dict[str, list[Any]] = {}
        self.down = False

    async def get(self, key: str) -> Any:
        return self.documents.get(key)

    async def put(self, key: str, value: Any) -> None:
        self.documents[key] = value

    async def delete(self, key: str) -> None:
        self.documents.pop(key, None)

    async def append(self, journal: str, value: Any, *, keep: int = 10_000) -> int:
        if self.down:
            raise OSError("no database")
        self.journals.setdefault(journal, []).append(value)
        return len(self.journals[journal])

    async def read(self, journal: str, after: int = 0, limit: int = 100) -> Sequence[tuple[int, Any]]:
        values = self.journals.get(journal, [])
        return list(enumerate(values, 1))[after : after + limit]


class NoHttp:
    """Answers every request with a small picture."""

    status = 200

    async def request(self, method: str, url: str, **options: Any) -> HttpResponse:
        return HttpResponse(self.status, {"content-type": "image/png"}, b"\x89PNG")


@dataclass
class Network:
    """A simulator on its stage."""

    store: MemoryStore = field(default_factory=MemoryStore)
    http: NoHttp = field(default_factory=NoHttp)
    now: int = 1_790_000_000_000
    chances: list[float] = field(default_factory=list)
    health: list[tuple[str, str | None]] = field(default_factory=list)
    lines: list[tuple[str, str, Mapping[str, str] | None]] = field(default_factory=list)
    received: list[Inbound | Receipt | Unparsed] = field(default_factory=list)

    def channel(self, **settings: Any) -> SimulatorChannel:
        """The simulator as it is after a start; the store is the same each time."""
        context = GatewayContext(
            workspace_id=1,
            gateway_id=2,
            name="Simulator",
            clock=lambda: self.now,
            monotonic=lambda: self.now / 1000,
            random=lambda: self.chances.pop(0) if self.chances else 0.999,
            store=self.store,
            http=self.http,
            trace=lambda direction, summary, detail=None: self.lines.append((direction, summary, detail)),
            report_health=self._report,
        )
        return SimulatorChannel(context, Settings(**settings), sleep=self._sleep)

    async def sink(self, *items: Inbound | Receipt | Unparsed) -> None:
        self.received += items

    @property
    def states(self) -> list[str]:
        return [str(item.state) for item in self.received if isinstance(item, Receipt)]

    async def _report(self, state: str, reason: str | None) -> None:
        self.health.append((state, reason))

    async def _sleep(self, seconds: float) -> None:
        self.now += round(seconds * 1000)
        await asyncio.sleep(0)


def text(number: int, body: str = "Hello", parts: tuple[str, ...] | None = None) -> Outbound:
    """Message `number` to a phone."""
    return Outbound(
        message_id=number,
        attempt=f"msg_{number}-1",
        sender=SenderView(7, SenderKind.LONG_CODE, "+14155550100"),
        to="+14155550148",
        channel="sms",
        body=body,
        parts=parts or (body,),
        encoding=None,
        reference=number & 0xFF,
    )


async def run_until(network: Network, channel: SimulatorChannel, receipts: int) -> None:
    """Runs the channel until so many receipts have come."""
    running = asyncio.create_task(channel.run(network.sink))
    for _ in range(2000):
        if len(network.received) >= receipts:
            break
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(network.received) >= receipts, "the receipts never came"
