"""What is left at providers, as pages show it: remembered, and asked for in the background when it is old."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog

from gateway.domain.settings import Gateway
from gateway.host.channels import Channels, ChannelUnavailable, same_channel
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.sdk.channel import Channel
from gateway.sdk.values import Balance

FRESH_S = 60.0
ASK_DEADLINE_S = 10.0

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Known:
    gateway: Gateway
    asked_at: float
    balance: Balance | None = None


@dataclass(slots=True)
class Balances:
    """A page never waits for a provider: it shows what was told last, and the next one shows what is told now.

    A provider that doesn't answer leaves the last word standing. `monotonic` is in seconds.
    """

    channels: Channels
    monotonic: Callable[[], float]
    _known: dict[int, _Known] = field(default_factory=dict)
    _tasks: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)
    _abandoned: Abandoned = field(default_factory=Abandoned)

    def of(self, gateways: Iterable[Gateway]) -> dict[int, Balance]:
        """The last known ones by gateway id; those that are old are asked for meanwhile."""
        found: dict[int, Balance] = {}
        for gateway in gateways:
            if not gateway.enabled or not self._tells(gateway):
                continue
            known = self._known.get(gateway.id)
            if known is None or not same_channel(known.gateway, gateway):
                known = self._known[gateway.id] = _Known(gateway, float("-inf"))
            if self.monotonic() - known.asked_at > FRESH_S and gateway.id not in self._tasks:
                self._begin(gateway)
            if known.balance is not None:
                found[gateway.id] = known.balance
        return found

    async def settled(self) -> None:
        """Waits until nobody is being asked."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        """Asks nobody any more."""
        for task in self._tasks.values():
            task.cancel()
        await self.settled()

    def _tells(self, gateway: Gateway) -> bool:
        channel = self.channels.registry.channel(gateway.plugin)
        return channel is not None and channel.balance is not Channel.balance

    def _begin(self, gateway: Gateway) -> None:
        task = asyncio.create_task(self._ask(gateway), name=f"balance of gateway {gateway.id}")
        self._tasks[gateway.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(gateway.id, None))

    async def _ask(self, gateway: Gateway) -> None:
        known = self._known[gateway.id]
        known.asked_at = self.monotonic()
        try:
            async with self.channels.borrow(gateway.workspace_id, gateway.id, paused_too=True) as channel:
                told = await run_guarded(channel.type, channel.balance, ASK_DEADLINE_S, self._abandoned)
            known.balance = told if isinstance(told, Balance) else None
        except (ChannelUnavailable, Overdue, Raised) as error:
            _log.info("balance not told", gateway=gateway.id, reason=type(error).__name__)
