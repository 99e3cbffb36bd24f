"""How a gateway is doing: its health, the last lines of its wire, and a test against the provider."""

from datetime import datetime

import msgspec

from gateway.domain.visibility import Permission
from gateway.host.trace import TraceLine
from gateway.web.api.call import Call
from gateway.web.api.gateways import health_of
from gateway.web.api.lookup import live_record
from gateway.web.api.paging import PageQuery, page_from, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import HealthShape, health_shape
from gateway.web.api.times import to_time

routes = Routes("Gateways")


class LogLine(msgspec.Struct, frozen=True):
    """One request, PDU or mail: no secrets, no bodies, numbers masked. `direction` is in, out or info."""

    at: datetime
    direction: str
    summary: str
    detail: dict[str, str]


class Tested(msgspec.Struct, frozen=True):
    """What the provider said to these settings."""

    state: str
    reason: str | None


@routes.get("/gateways/{gateway_id}/health")
async def get_gateway_health(call: Call, gateway_id: int) -> HealthShape:
    """Read a gateway's health."""
    gateway = live_record(call.view.gateways, gateway_id, "gateway")
    return health_shape(gateway, (await health_of(call, [gateway])).get(gateway_id))


@routes.get("/gateways/{gateway_id}/log", permission=Permission.MANAGE_GATEWAYS)
async def get_gateway_log(call: Call, gateway_id: int, query: PageQuery) -> Page[LogLine]:
    """Read the last lines of a gateway's wire, the newest first, as this node saw them."""
    live_record(call.view.gateways, gateway_id, "gateway")
    lines = list(enumerate(call.state.traces.of(gateway_id).lines))[::-1]
    before = read_cursor(query.cursor, int)
    rest = [one for one in lines if before is None or one[0] < before[0]]
    return page_from(rest[: query.limit + 1], query.limit, _log_line, lambda one: write_cursor(one[0]))


@routes.post("/gateways/{gateway_id}/test", permission=Permission.MANAGE_GATEWAYS)
async def test_gateway(call: Call, gateway_id: int) -> Tested:
    """Test a gateway's settings against its provider; sends no message."""
    live_record(call.view.gateways, gateway_id, "gateway")
    health = await call.state.channels.check(call.workspace_id, gateway_id)
    return Tested(health.state, health.reason)


def _log_line(one: tuple[int, TraceLine]) -> LogLine:
    line = one[1]
    return LogLine(to_time(line.at), line.direction, line.summary, dict(line.detail))
