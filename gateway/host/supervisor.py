"""Keeping binds and mailboxes running: each under a lease, on one node, started again when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.record import record
from gateway.domain.settings import Gateway
from gateway.host.channels import Channels, ChannelUnavailable, same_channel
from gateway.host.health import HealthReports
from gateway.host.metrics import HostMetrics
from gateway.host.pace import Pace
from gateway.host.tenure import Tenure
from gateway.sdk.channel import Channel, HealthState
from gateway.sdk.context import Sink

LOOK_S = 2.0
FIRST_BACKOFF_S = 1.0
LONGEST_BACKOFF_S = 60.0
ENDING_S = 5.0

_log = structlog.get_logger(__name__)


@record(gc=True)
class _Keeper:
    gateway: Gateway
    tenure: Tenure
    task: "asyncio.Task[None]"


class Supervisor:
    """`sink_for` makes the way in for a gateway's channel; `tenure_for` the wish for a lease of that name."""

    def __init__(
        self,
        channels: Channels,
        views: Callable[[], Awaitable[list[WorkspaceView]]],
        tenure_for: Callable[[str], Tenure],
        sink_for: Callable[[Gateway, Channel], Sink],
        health: HealthReports,
        metrics: HostMetrics,
        pace: Pace,
    ) -> None:
        self._channels = channels
        self._views = views
        self._tenure_for = tenure_for
        self._sink_for = sink_for
        self._health = health
        self._metrics = metrics
        self._pace = pace
        self._keepers: dict[int, _Keeper] = {}
        self._leaving: set[asyncio.Task[str]] = set()

    async def run(self) -> None:
        """Until cancelled: starts what should run here, stops what should not, and gives leases back at the end."""
        try:
            while True:
                try:
                    await self.look()
                except Exception:  # noqa: BLE001  the next round may do better
                    _log.exception("gateways not looked after")
                await self._pace.sleep(LOOK_S)
        finally:
            await self.stop()

    async def look(self) -> None:
        """One round: compares what is configured with what runs. One that is paused goes on receiving."""
        wanted = {
            gateway.id: gateway
            for view in await self._views()
            for gateway in view.live(view.gateways)
            if gateway.enabled and self._channels.is_long_lived(gateway)
        }
        for gateway_id, keeper in list(self._keepers.items()):
            gateway = wanted.get(gateway_id)
            if gateway is None or not same_channel(gateway, keeper.gateway):
                keeper.task.cancel()
            if keeper.task.done():
                del self._keepers[gateway_id]
        for gateway_id, gateway in wanted.items():
            if gateway_id not in self._keepers:
                self._keepers[gateway_id] = self._start(gateway)
        await self._health.flush()

    async def stop(self) -> None:
        """Ends every channel here and gives the leases back."""
        tasks = [keeper.task for keeper in self._keepers.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._keepers.clear()

    def runs_here(self, gateway_id: int) -> bool:
        """Whether this node holds the bind or mailbox of a gateway, and so may send through it."""
        keeper = self._keepers.get(gateway_id)
        return keeper is not None and keeper.tenure.held

    def may_send(self, gateway: Gateway) -> bool:
        """Whether sends of this gateway are this node's to make: it is on, and its bind, if it has one, is here."""
        on = gateway.enabled and not gateway.paused and gateway.removed_at is None
        return on and (not self._channels.sends_where_it_runs(gateway) or self.runs_here(gateway.id))

    def _start(self, gateway: Gateway) -> _Keeper:
        tenure = self._tenure_for(f"gateway:{gateway.id}")
        task = asyncio.create_task(self._keep(gateway, tenure), name=f"gateway {gateway.id}")
        return _Keeper(gateway, tenure, task)

    async def _keep(self, gateway: Gateway, tenure: Tenure) -> None:
        """Waits for the lease, runs the channel, and starts over with growing pauses."""
        backoff = FIRST_BACKOFF_S
        while True:
            if not await tenure.take():
                await self._pace.sleep(LOOK_S)
                continue
            started = self._pace.monotonic()
            try:
                problem = await self._run_once(gateway, tenure)
            finally:
                await asyncio.shield(tenure.give_back())
            if problem is None:  # the lease is another node's, which reports from now on
                self._health.forget(gateway.workspace_id, gateway.id)
                continue
            await self._health.report(gateway.workspace_id, gateway.id, HealthState.DOWN, problem)
            self._metrics.channel_restarts.labels(gateway.plugin).inc()
            backoff = FIRST_BACKOFF_S if self._pace.monotonic() - started > LONGEST_BACKOFF_S else backoff
            await self._pace.sleep(self._pace.jitter(backoff))
            backoff = min(backoff * 2, LONGEST_BACKOFF_S)

    async def _run_once(self, gateway: Gateway, tenure: Tenure) -> str | None:
        """Runs the channel while the lease is ours. Answers why it ended, or None when the lease did."""
        try:
            async with self._channels.borrow(gateway.workspace_id, gateway.id, paused_too=True) as channel:
                gauge = self._metrics.channels_running.labels(gateway.plugin)
                gauge.inc()
                try:
                    return await self._race(gateway, channel, tenure)
                finally:
                    gauge.dec()
        except ChannelUnavailable as error:
            return error.sentence

    async def _race(self, gateway: Gateway, channel: Channel, tenure: Tenure) -> str | None:
        sink = self._sink_for(gateway, channel)
        running = asyncio.create_task(_contain(partial(channel.run, sink)), name=f"run gateway {gateway.id}")
        keeping = asyncio.create_task(tenure.keep(), name=f"lease of gateway {gateway.id}")
        try:
            await asyncio.wait({running, keeping}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                return running.result()
            return None
        finally:
            keeping.cancel()
            await self._end(gateway, running)

    async def _end(self, gateway: Gateway, running: "asyncio.Task[str]") -> None:
        """Cancels a channel's run and waits a moment; one that doesn't listen is left behind, and named."""
        running.cancel()
        self._leaving.add(running)
        running.add_done_callback(self._leaving.discard)
        await asyncio.wait({running}, timeout=ENDING_S)
        if not running.done():
            _log.error("channel does not end", plugin=gateway.plugin, gateway=gateway.id)


async def _contain(run: Callable[[], Awaitable[None]]) -> str:
    """Runs a channel and says why it ended. Nothing it raises, SystemExit included, reaches anything else."""
    try:
        await run()
    except asyncio.CancelledError:
        raise
    except BaseException as error:  # noqa: BLE001  a channel harms only itself
        _log.exception("channel ended")
        if isinstance(error, KeyboardInterrupt):
            return "It was interrupted."
        return f"It ended: {error}" if str(error) else f"It ended: {type(error).__name__}"
    return "It ended by itself."
