"""Gateways that are down: asked now and then whether they are back.

Where another serves their senders nothing is sent to them any more, so no send would find out.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

import structlog

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.settings import Gateway, GatewayHealth
from gateway.host.channels import Channels
from gateway.host.health import HealthReports
from gateway.sdk.channel import HealthState
from gateway.storage.database import Database
from gateway.storage.records import GATEWAY_HEALTH
from gateway.storage.session import Session
from gateway.workers.flow import Flow

PROBE_S = 15.0

_log = structlog.get_logger(__name__)


class Probes:
    """A channel that runs all the time says itself how it is, unless it was sends that got no answer."""

    def __init__(self, database: Database, channels: Channels, health: HealthReports) -> None:
        self._database = database
        self._channels = channels
        self._health = health
        self._looked: float | None = None
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def look(
        self,
        views: Sequence[WorkspaceView],
        gateways: Mapping[int, Gateway],
        flows: Mapping[int, Flow],
        now: float,
    ) -> None:
        """Begins to ask those that are down and whose rest is over; every few seconds at most."""
        if self._looked is not None and now - self._looked < PROBE_S:
            return
        self._looked = now
        for view in views:
            for gateway_id in await self._database.read(partial(_down, workspace_id=view.id)):
                gateway, flow = gateways.get(gateway_id), flows.get(gateway_id)
                if gateway is None or flow is None or flow.is_resting(now) or gateway_id in self._tasks:
                    continue
                if flow.reported_down or not self._channels.is_long_lived(gateway):
                    self._begin(gateway, flow)

    async def settled(self) -> None:
        """Waits for those under way."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _begin(self, gateway: Gateway, flow: Flow) -> None:
        task = asyncio.create_task(self._ask(gateway, flow), name=f"probe gateway {gateway.id}")
        self._tasks[gateway.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(gateway.id, None))

    async def _ask(self, gateway: Gateway, flow: Flow) -> None:
        found = await self._channels.check(gateway.workspace_id, gateway.id)
        _log.info("gateway asked whether it is back", gateway=gateway.id, state=str(found.state))
        if found.state is not HealthState.OK:
            return
        if self._channels.can_be_asked(gateway):
            flow.reported_down = False
            await self._health.report(gateway.workspace_id, gateway.id, HealthState.OK, afresh=True)
        else:  # nobody was asked: messages are let through again, and the first that arrives says it is well
            reason = "It can't be asked whether it is back; the next message will show."
            flow.reported_down = True  # whoever reported it, an earlier life of this node or another one
            await self._health.report(gateway.workspace_id, gateway.id, HealthState.DEGRADED, reason, afresh=True)


def _down(session: Session, workspace_id: int) -> list[int]:
    found: list[GatewayHealth] = GATEWAY_HEALTH.by(session, workspace_id, "state", [str(HealthState.DOWN)])
    return [one.gateway_id for one in found]
