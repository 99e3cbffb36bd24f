"""Gateways: added, changed, paused, removed, and how they are."""

import re

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateGateway, RemoveGateway, ReportHealth, UpdateGateway
from gateway.core.decisions.names import checked_name, checked_prices, checked_rate, require_free
from gateway.core.errors import invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.events import EventType
from gateway.domain.record import replace
from gateway.domain.settings import Gateway, GatewayHealth
from gateway.domain.visibility import Permission

STATES = ("ok", "degraded", "down", "paused")

_TOKEN = re.compile(r"[A-Za-z0-9_-]{24,200}")


def create_needs(command: CreateGateway, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def create(command: CreateGateway, scene: Scene) -> Gateway:
    """One more configured instance of a channel plugin."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    name = checked_name(command.name)
    require_free("gateway", name, scene.view.gateways.values())
    rate = checked_rate(command.rate)
    if not _TOKEN.fullmatch(command.token):
        raise invalid("token", "A gateway's token has at least 24 characters of those that URLs take as they are.")
    gateway = scene.working.put(
        Gateway(
            scene.workspace_id,
            scene.new_id(),
            command.plugin,
            name,
            command.token,
            scene.now,
            dict(command.settings),
            rate,
            command.enabled,
            prices=checked_prices(command.prices),
        )
    )
    scene.settings_changed("gateway", gateway.id)
    return gateway


def update_needs(command: UpdateGateway, needs: Needs) -> None:
    """The settings, locked, and how the gateway is."""
    needs.settings = True
    needs.record(GatewayHealth, "gateway_id", [command.gateway_id])


def update(command: UpdateGateway, scene: Scene) -> Gateway:
    """What is named changes; pausing and resuming are told as its health."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    before = live_gateway(scene, command.gateway_id)
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
        require_free("gateway", after.name, scene.view.gateways.values(), before.id)
    if command.settings is not UNCHANGED:
        after = replace(after, settings=dict(command.settings))
    if command.rate is not UNCHANGED:
        after = replace(after, rate=checked_rate(command.rate))
    if command.enabled is not UNCHANGED:
        after = replace(after, enabled=command.enabled)
    if command.prices is not UNCHANGED:
        after = replace(after, prices=checked_prices(command.prices))
    if command.paused is not UNCHANGED:
        after = replace(after, paused=command.paused)
    if after == before:
        return before
    scene.working.load(before)
    scene.working.put(after)
    if after.paused != before.paused:
        _tell_pause(scene, after)
    scene.settings_changed("gateway", after.id)
    return after


def _tell_pause(scene: Scene, gateway: Gateway) -> None:
    known = scene.working.get(GatewayHealth, scene.workspace_id, gateway.id)
    state = "paused" if gateway.paused else known.state if known else "ok"
    _tell(scene, gateway.id, state, known.reason if known and not gateway.paused else None)


def remove_needs(command: RemoveGateway, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def remove(command: RemoveGateway, scene: Scene) -> None:
    """Gone from its senders; what went through it still names it."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    gateway = live_gateway(scene, command.gateway_id)
    for sender in scene.view.senders.values():
        if gateway.id in sender.gateway_ids:
            scene.working.load(sender)
            left = tuple(one for one in sender.gateway_ids if one != gateway.id)
            scene.working.put(replace(sender, gateway_ids=left))
    scene.working.load(gateway)
    scene.working.put(replace(gateway, removed_at=scene.now))
    scene.settings_changed("gateway", gateway.id)


def health_needs(command: ReportHealth, needs: Needs) -> None:
    """How it was."""
    needs.record(GatewayHealth, "gateway_id", [command.gateway_id])


def report_health(command: ReportHealth, scene: Scene) -> None:
    """A fact beside the gateway. Only another state is news; `since` is when that state began."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    if command.state not in STATES:
        raise invalid("state", f"A gateway is one of {', '.join(STATES)}.")
    if command.gateway_id not in scene.view.gateways:
        raise not_found("gateway")
    known = scene.working.get(GatewayHealth, scene.workspace_id, command.gateway_id)
    since = known.since if known and known.state == command.state else scene.now
    now = GatewayHealth(scene.workspace_id, command.gateway_id, command.state, since, command.reason)
    if now == known:
        return
    scene.working.put(now)
    if command.state != (known.state if known else "ok"):
        _tell(scene, command.gateway_id, command.state, command.reason)


def _tell(scene: Scene, gateway_id: int, state: str, reason: str | None) -> None:
    scene.emit(EventType.GATEWAY_HEALTH_CHANGED, data={"gateway_id": gateway_id, "state": state, "reason": reason})


def live_gateway(scene: Scene, gateway_id: int) -> Gateway:
    """A gateway that was not removed, or 404."""
    gateway = scene.view.gateways.get(gateway_id)
    if gateway is None or gateway.removed_at is not None:
        raise not_found("gateway")
    return gateway
