"""A channel with its surroundings: a context, a sink that can fail, and the health it reports."""

import asyncio
import itertools
import json
import socket
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.sdk import (
    GatewayContext,
    Health,
    HealthState,
    Inbound,
    Outbound,
    Receipt,
    SenderView,
    SendResult,
    Unparsed,
)
from gateway.sdk.text import SenderKind, split
from gateway_sms_smpp.backoff import Backoff
from gateway_sms_smpp.channel import SmppChannel
from gateway_sms_smpp.settings import Settings

from .log import Log

NUMBER = "+15550100"
CONTACT = "+155501"

Item = Inbound | Receipt | Unparsed


class Unused:
    """Stands for what an SMPP channel has no use for; touching it fails."""


class Kept:
    """A gateway's store, which outlives its channels. `broken` is a database that is away."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.journals: dict[str, list[Any]] = {}
        self.writes: Log[str] = Log()
        self.broken = False

    async def get(self, key: str) -> Any:
        self._check()
        return self.documents.get(key)

    async def put(self, key: str, value: Any) -> None:
        self._check()
        self.documents[key] = json.loads(json.dumps(value))
        self.writes.add(key)

    async def delete(self, key: str) -> None:
        self._check()
        self.documents.pop(key, None)

    async def append(self, journal: str, value: Any, *, keep: int = 10_000) -> int:
        self._check()
        values = self.journals.setdefault(journal, [])
        values.append(json.loads(json.dumps(value)))
        self.writes.add(journal)
        return len(values)

    async def read(self, journal: str, after: int = 0, limit: int = 100) -> Sequence[tuple[int, Any]]:
        self._check()
        return [*enumerate(self.journals.get(journal, ()), 1)][after : after + limit]

    def _check(self) -> None:
        if self.broken:
            raise OSError("the database is away")


async def dial(host: str, port: int) -> socket.socket:
    """Straight there: who may be dialled is the host's business."""
    loop = asyncio.get_running_loop()
    (family, kind, protocol, _, where), *_ = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    try:
        await loop.sock_connect(made, where)
    except BaseException:
        made.close()
        raise
    return made


class Stage:
    """One running channel."""

    def __init__(self, settings: Settings, kept: Kept | None = None) -> None:
        self.kept = kept or Kept()
        self.items: Log[Item] = Log()
        self.health: Log[Health] = Log()
        self.trace: Log[str] = Log()
        self.refuse = 0
        unused: Any = Unused()
        self.channel = SmppChannel(
            GatewayContext(
                workspace_id=1,
                gateway_id=7,
                name="centre",
                clock=lambda: 1_795_000_000_000,
                monotonic=lambda: 0.0,
                random=lambda: 0.5,
                store=self.kept,
                http=unused,
                trace=self._trace,
                dial_line=dial,
                report_health=self._report,
            ),
            settings,
            backoff=lambda: Backoff(lambda: 0.5, first=0.01, most=0.05),
            completion=(0.01, 0.01, 0.01),
        )
        self._attempts = itertools.count(1)
        self._running: asyncio.Task[None] | None = None

    async def sink(self, *items: Item) -> None:
        """Stores, or refuses as often as `refuse` says."""
        await asyncio.sleep(0)
        if self.refuse:
            self.refuse -= 1
            raise RuntimeError("the database is locked")
        for item in items:
            self.items.add(item)

    def start(self) -> None:
        self._running = asyncio.create_task(self.channel.run(self.sink))

    async def bound(self) -> None:
        self.start()
        await self.is_healthy()

    async def is_healthy(self, count: int = 1) -> None:
        await self.health.wait(lambda health: health.state is HealthState.OK, count)

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def outbound(
        self,
        body: str,
        to: str,
        *,
        sender: SenderView | None = None,
        expires_at: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Outbound:
        cut = split(body)
        number = next(self._attempts)
        return Outbound(
            message_id=number,
            attempt=f"att_{number}",
            sender=sender or SenderView(1, SenderKind.LONG_CODE, NUMBER),
            to=to,
            channel="sms",
            body=body,
            parts=cut.parts,
            encoding=cut.encoding,
            reference=0x1234,
            expires_at=expires_at,
            metadata=metadata or {},
        )

    async def send(self, body: str, dial: str = "00") -> SendResult:
        """Send to the contact whose number ends in `dial`."""
        return await self.channel.send(self.outbound(body, CONTACT + dial))

    async def inbounds(self, count: int) -> list[Inbound]:
        return [item for item in await self.items.wait(_is_inbound, count) if isinstance(item, Inbound)]

    async def receipts(self, count: int) -> list[Receipt]:
        return [item for item in await self.items.wait(_is_receipt, count) if isinstance(item, Receipt)]

    def _trace(self, direction: str, summary: str, detail: Mapping[str, str] | None = None) -> None:
        self.trace.add(f"{direction} {summary} {dict(detail or {})}")

    async def _report(self, state: str, reason: str | None) -> None:
        self.health.add(Health(HealthState(state), reason))


def _is_inbound(item: Item) -> bool:
    return isinstance(item, Inbound)


def _is_receipt(item: Item) -> bool:
    return isinstance(item, Receipt)
