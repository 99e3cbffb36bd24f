"""The one way in: what any channel received becomes durable here, in the database or else on disk, or is refused."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import cache, partial
from typing import Any

import structlog

from gateway.core.caller import Caller, system
from gateway.core.commands.base import Command
from gateway.core.commands.messages import KeepRaw, Received
from gateway.core.errors import Refused
from gateway.domain.settings import Gateway
from gateway.host.arrivals import Arrivals, Arrived, brings_files
from gateway.host.incoming import command_for, keep_raw, provider_key
from gateway.host.metrics import HostMetrics
from gateway.host.pace import Pace
from gateway.host.spool import Spool, SpoolFull, SpoolRecord
from gateway.sdk.channel import Channel
from gateway.sdk.context import Sink, Unavailable
from gateway.sdk.values import Inbound, Receipt, Unparsed
from gateway.storage.database import StorageUnavailable

REPLAY_LOOK_S = 1.0
WAITING = 10_000
"""How many refused items' files are remembered, so that another try does not write them again."""

_log = structlog.get_logger(__name__)

Item = Inbound | Receipt | Unparsed
Execute = Callable[[Command[Any], Caller], Awaitable[Any]]
"""`Writer.execute`."""


class Intake:
    """Stores what channels hand over and returns once it is durable.

    While older items wait in the spool new ones queue up behind them, so that a contact's messages stay in order.
    """

    def __init__(self, execute: Execute, spool: Spool, arrivals: Arrivals, metrics: HostMetrics, pace: Pace) -> None:
        self._execute = execute
        self._arrivals = arrivals
        self._spool = spool
        self._metrics = metrics
        self._count = cache(metrics.inbound.labels)  # by kind and outcome: a handful
        self._pace = pace
        self._one_by_one = asyncio.Lock()
        # Files of what the database did not take: those of the next try, which may come a thousand times.
        self._waiting: dict[tuple[int, str], Arrived] = {}

    def sink_for(self, gateway: Gateway, channel: Channel) -> Sink:
        """The sink of a long-lived channel."""
        return partial(self._sink, gateway, channel.account())

    async def take(self, gateway: Gateway, account: str, items: Sequence[Item], at: int | None = None) -> None:
        """Returns after the commit, or after the spool's fsync. Raises Unavailable when neither was possible.

        `at` (ms) is when they came, where that isn't now: repeats of what has no id are known by their minute.
        """
        came = self._pace.clock() if at is None else at
        records = [_record(gateway, account, came, item) for item in items]
        if self._spool.size == 0:
            # Most webhooks hold one message, which needs no task of its own.
            outcomes = [await self._store(records[0])] if len(records) == 1 else await self._store_all(records)
            records = [record for record, stored in zip(records, outcomes, strict=True) if not stored]
        if records:
            await self._keep(records)

    async def replay(self) -> int:
        """Stores what waits in the spool, oldest first, as far as the database takes it. Answers how many."""
        stored = 0
        while self._spool.size and (records := await self._spool.next()):
            outcomes = await self._store_all(records)
            if not all(outcomes):
                await self._spool.rewind()
                return stored
            stored += len(records)
            self._count("all", "replayed").inc(len(records))
        self._measure()
        return stored

    async def run(self) -> None:
        """Replays as soon as the database is back, until cancelled."""
        while True:
            try:
                await self.replay()
            except Exception:  # noqa: BLE001  what is on disk stays there for the next round
                _log.exception("spool not replayed")
            await self._pace.sleep(REPLAY_LOOK_S)

    async def _sink(self, gateway: Gateway, account: str, *items: Item) -> None:
        await self.take(gateway, account, items)

    async def _keep(self, records: list[SpoolRecord]) -> None:
        try:
            await self._spool.add(records)
        except SpoolFull as error:
            self._count("all", "refused").inc(len(records))
            raise Unavailable("Neither the database nor the spool can take messages now.") from error
        self._count("all", "spooled").inc(len(records))
        self._measure()

    async def _store_all(self, records: Sequence[SpoolRecord]) -> Sequence[bool]:
        return await asyncio.gather(*map(self._store, records))

    async def _store(self, record: SpoolRecord) -> bool:
        """True once the record is in the database, as what it is or raw; False when the database can't take it."""
        kind = type(record.item).__name__.lower()
        try:
            command = await self._issue(record)
        except StorageUnavailable:
            return False
        except Refused as error:
            return await self._store_raw(record, kind, error.detail)
        except Exception:  # noqa: BLE001  a fault of ours: the payload is kept, and can be replayed after a fix
            _log.exception("inbound item not understood", gateway=record.gateway_id, kind=kind)
            return await self._try_alone(record, kind)
        self._count(kind, "raw" if isinstance(command, KeepRaw) else "stored").inc()
        return True

    async def _try_alone(self, record: SpoolRecord, kind: str) -> bool:
        """A fault may be a neighbour's in the same batch: once more, by itself, before it is kept raw."""
        async with self._one_by_one:
            try:
                await self._issue(record)
            except StorageUnavailable:
                return False
            except Exception as error:  # noqa: BLE001
                return await self._store_raw(record, kind, f"It could not be stored: {type(error).__name__}.")
        self._count(kind, "stored").inc()
        return True

    async def _issue(self, record: SpoolRecord) -> Command[Any]:
        """Issues the command for an item, once the files that came along are stored. Answers the command."""
        caller = system(record.workspace_id)
        inbound = record.inbound
        if inbound is None or not brings_files(inbound):
            command = command_for(record)
            await self._execute(command, caller)
            return command
        key = (record.gateway_id, provider_key(record.account, inbound, record.at))
        earlier = self._waiting.pop(key, None)
        arrived = await self._arrivals.keep(inbound) if earlier is None else earlier
        command = command_for(record, arrived)
        try:
            result = await self._execute(command, caller)
        except StorageUnavailable:
            self._waiting[key] = arrived
            if len(self._waiting) > WAITING:  # the oldest is kept anew when its turn comes
                del self._waiting[next(iter(self._waiting))]
            raise
        except Exception:
            if earlier is None:
                await self._arrivals.discard(arrived)
            raise
        # A repeat of what was tried before is most likely that very try, committed all the same: its files are in use.
        if earlier is None and (not isinstance(result, Received) or result.duplicate):
            await self._arrivals.discard(arrived)
        return command

    async def _store_raw(self, record: SpoolRecord, kind: str, reason: str) -> bool:
        try:
            await self._execute(keep_raw(record, reason), system(record.workspace_id))
        except StorageUnavailable:
            return False
        except Refused:  # the gateway or its workspace is gone, and nobody is left to read it
            self._count(kind, "dropped").inc()
            return True
        self._count(kind, "raw").inc()
        return True

    def _measure(self) -> None:
        self._metrics.spool_bytes.set(self._spool.size)
        self._metrics.spool_damaged.set(self._spool.damaged)


def _record(gateway: Gateway, account: str, at: int, item: Item) -> SpoolRecord:
    return SpoolRecord(
        gateway.workspace_id,
        gateway.id,
        account,
        at,
        inbound=item if isinstance(item, Inbound) else None,
        receipt=item if isinstance(item, Receipt) else None,
        unparsed=item if isinstance(item, Unparsed) else None,
    )
