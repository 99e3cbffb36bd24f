"""For whoever runs it: is it alive, may it be sent traffic, what does it count."""

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from gateway.domain.record import record
from gateway.storage.database import StorageUnavailable
from gateway.storage.records import GATEWAY_HEALTH
from gateway.storage.session import Session
from gateway.web.metrics import Metrics
from gateway.web.state import AppState, state_of


class Check(msgspec.Struct, frozen=True):
    """One thing that must be well."""

    ok: bool
    detail: str | None = None


class Readiness(msgspec.Struct, frozen=True):
    """`ready` needs the database and its migrations; a gateway that is down is told, and keeps nobody from working."""

    ready: bool
    database: Check
    migrations: Check
    gateways: dict[str, int]


@record(gc=True)
class Operations:
    """The handlers. `read_gauges` asks plugins for theirs, and never raises; `migrated` says whether the database has
    the tables this version needs.
    """

    metrics: Metrics
    read_gauges: Callable[[], Awaitable[None]]
    migrated: Callable[[], Awaitable[bool]]

    async def health(self, request: web.Request) -> web.Response:
        """The process is alive and its event loop turns."""
        return web.json_response({"status": "ok", "version": state_of(request).version})

    async def ready(self, request: web.Request) -> web.Response:
        """200 when requests can be served, else 503."""
        readiness = await self._readiness(state_of(request))
        status = 200 if readiness.ready else 503
        return web.Response(status=status, body=msgspec.json.encode(readiness), content_type="application/json")

    async def show_metrics(self, request: web.Request) -> web.Response:
        """Prometheus' text form."""
        await self.read_gauges()
        return web.Response(body=self.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _readiness(self, state: AppState) -> Readiness:
        try:
            gateways = await gateway_states(state)
        except StorageUnavailable:
            return Readiness(False, Check(False, "The database can't be reached."), Check(False), {})
        migrated = await self.migrated()
        detail = None if migrated else "Run `gateway migrate`."
        return Readiness(migrated, Check(True), Check(migrated, detail), gateways)


async def gateway_states(state: AppState) -> dict[str, int]:
    """How many gateways are ok, degraded, down and paused, over all workspaces."""
    counts = dict.fromkeys(("ok", "degraded", "down", "paused"), 0)
    for workspace_id in await state.directory.workspace_ids():
        view = await state.directory.get(workspace_id)
        live = list(view.live(view.gateways))
        ids = [gateway.id for gateway in live]

        def reports(session: Session, workspace: int = workspace_id, ids: list[int] = ids) -> dict[int, str]:
            found = GATEWAY_HEALTH.by(session, workspace, "gateway_id", ids)
            return {one.gateway_id: one.state for one in found}

        known = await state.database.read(reports)
        for gateway in live:
            off = gateway.paused or not gateway.enabled
            counts["paused" if off else known.get(gateway.id, "ok")] += 1
    return counts


def routes(operations: Operations) -> list[web.AbstractRouteDef]:
    """`/-/health`, `/-/ready`, `/-/metrics`."""
    return [
        web.get("/-/health", operations.health),
        web.get("/-/ready", operations.ready),
        web.get("/-/metrics", operations.show_metrics),
    ]
