"""Gateways: configured instances of channel plugins."""

from typing import Annotated, Any

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateGateway, RemoveGateway, UpdateGateway
from gateway.domain.settings import Gateway, GatewayHealth
from gateway.domain.visibility import Permission
from gateway.host.settings import redact_settings, seal_settings
from gateway.sdk.channel import Channel
from gateway.storage.records import GATEWAY_HEALTH
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Name, Prices, RateLimit, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import GatewayShape, gateway_shape
from gateway.web.auth.secret import new_secret

routes = Routes("Gateways")

PluginName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class NewGateway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel plugin with its settings (`GET /plugins` lists them). `rate`: parts or requests a second.

    `prices` are those of senders that have none of their own, in the same form.
    """

    plugin: PluginName
    name: Name
    settings: dict[str, Any] = {}
    rate: RateLimit | None = None
    enabled: bool = True
    prices: Prices = {}


class GatewayChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes. `settings` replaces them all, but a secret that is left out stays."""

    name: Name | Unset = UNSET
    settings: dict[str, Any] | Unset = UNSET
    rate: RateLimit | Unset | None = UNSET
    enabled: bool | Unset = UNSET
    prices: Prices | Unset = UNSET


@routes.get("/gateways")
async def list_gateways(call: Call, query: PageQuery) -> Page[GatewayShape]:
    """List gateways with their health."""
    gateways = list(call.view.live(call.view.gateways))
    health = await health_of(call, gateways)
    return page_of(gateways, query, lambda one: shape(call, one, health.get(one.id)), lambda one: one.id)


@routes.post("/gateways", permission=Permission.MANAGE_GATEWAYS, status=201)
async def create_gateway(call: Call, body: NewGateway) -> GatewayShape:
    """Add a gateway."""
    channel = call.state.registry.channel(body.plugin)
    if channel is None:
        raise problems.invalid("plugin", call.state.registry.unknown_channel(body.plugin))
    sealed = seal_settings(channel.Settings, body.settings, call.state.secrets)
    token = new_secret(call.state.random)
    command = CreateGateway(
        body.plugin, body.name.strip(), sealed, body.rate, body.enabled, token=token, prices=body.prices
    )
    return shape(call, await call.execute(command, lambda gateway: shape(call, gateway, None)), None)


@routes.get("/gateways/{gateway_id}")
async def get_gateway(call: Call, gateway_id: int) -> GatewayShape:
    """Read a gateway."""
    return await read_gateway(call, live_record(call.view.gateways, gateway_id, "gateway"))


@routes.patch("/gateways/{gateway_id}", permission=Permission.MANAGE_GATEWAYS)
async def update_gateway(call: Call, gateway_id: int, body: GatewayChange) -> GatewayShape:
    """Change a gateway. Settings that are left out stay as they are."""
    gateway = live_record(call.view.gateways, gateway_id, "gateway")
    sealed = UNCHANGED
    if body.settings is not UNSET:
        settings = _channel(call, gateway).Settings
        whole = {**redact_settings(settings, gateway.settings), **body.settings}
        sealed = seal_settings(settings, whole, call.state.secrets, gateway.settings)
    command = UpdateGateway(
        gateway_id, changed(body.name), sealed, changed(body.rate), changed(body.enabled), prices=changed(body.prices)
    )
    return await read_gateway(call, await call.execute(command))


@routes.delete("/gateways/{gateway_id}", permission=Permission.MANAGE_GATEWAYS)
async def remove_gateway(call: Call, gateway_id: int) -> None:
    """Remove a gateway; its senders stay, without it."""
    await call.execute(RemoveGateway(gateway_id))


@routes.post("/gateways/{gateway_id}/pause", permission=Permission.MANAGE_GATEWAYS)
async def pause_gateway(call: Call, gateway_id: int) -> GatewayShape:
    """Pause a gateway: nothing leaves through it, what waits keeps waiting."""
    return await read_gateway(call, await call.execute(UpdateGateway(gateway_id, paused=True)))


@routes.post("/gateways/{gateway_id}/resume", permission=Permission.MANAGE_GATEWAYS)
async def resume_gateway(call: Call, gateway_id: int) -> GatewayShape:
    """Let a paused gateway go on."""
    return await read_gateway(call, await call.execute(UpdateGateway(gateway_id, paused=False)))


async def read_gateway(call: Call, gateway: Gateway) -> GatewayShape:
    """A gateway with its health."""
    return shape(call, gateway, (await health_of(call, [gateway])).get(gateway.id))


async def health_of(call: Call, gateways: list[Gateway]) -> dict[int, GatewayHealth]:
    """The last report on each."""
    ids = [gateway.id for gateway in gateways]
    found = await call.read(lambda session: GATEWAY_HEALTH.by(session, call.workspace_id, "gateway_id", ids))
    return {one.gateway_id: one for one in found}


def shape(call: Call, gateway: Gateway, health: GatewayHealth | None) -> GatewayShape:
    """A gateway as the API says it; settings are for administrators, and secrets for nobody."""
    channel = call.state.registry.channel(gateway.plugin)
    shown = redact_settings(channel.Settings, gateway.settings) if channel else {}
    trusted = call.signed.may(Permission.MANAGE_GATEWAYS)
    described = gateway_shape(gateway, shown if trusted else {}, health, call.state.site.public_url)
    return described if trusted else msgspec.structs.replace(described, token=None, urls=None)


def _channel(call: Call, gateway: Gateway) -> type[Channel]:
    channel = call.state.registry.channel(gateway.plugin)
    if channel is None:
        raise problems.Problem(409, "plugin-missing", call.state.registry.unknown_channel(gateway.plugin))
    return channel
