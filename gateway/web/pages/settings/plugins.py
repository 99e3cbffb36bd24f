"""Plugins: what is installed, what each brings, and how it behaves."""

from aiohttp import web

from gateway.domain.record import record
from gateway.host.plugin_status import PluginStatus, plugin_statuses
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get

_STATES = {
    "ok": (marked("Running"), "st-green", "check"),
    "faulty": (marked("Running, with faults"), "st-amber", "triangle-alert"),
    "resting": (marked("Left alone"), "st-red", "circle-alert"),
    "left_out": (marked("Left out"), "st-red", "ban"),
}


@record
class PluginState:
    """How one is, as a badge."""

    label: str
    tone: str
    icon: str


@record
class PluginCard:
    """One plugin: its channels, hooks and more by name; `reason` and `until` where it is not well."""

    name: str
    distribution: str
    version: str
    state: PluginState
    reason: str
    until: str
    channels: list[str]
    hooks: list[str]
    others: list[str]
    gateways: list[str]


async def show(desk: Desk) -> web.StreamResponse:
    """All of them."""
    found = plugin_statuses(desk.state.plugins, desk.state.faults, desk.state.left_out())
    return await settings_page(desk, "plugins", "settings/plugins.html", plugins=[_card(desk, one) for one in found])


def _card(desk: Desk, status: PluginStatus) -> PluginCard:
    registry = desk.state.registry
    types = [name for name, one in registry.channels.items() if one.plugin == status.name]
    return PluginCard(
        name=status.name,
        distribution=status.distribution or "",
        version=status.version or "",
        state=PluginState(*_STATES[status.state]),
        reason=status.reason or "",
        until=_until(desk, status),
        channels=[desk.language.gettext(registry.channels[name].item.label) for name in types],
        hooks=[name for name in status.hooks if not name.startswith("register_")],
        others=_others(desk, status.name),
        gateways=[one.name for one in desk.view.live(desk.view.gateways) if one.plugin in types],
    )


def _until(desk: Desk, status: PluginStatus) -> str:
    _ = desk.language.gettext
    if status.state == "left_out":
        return _("Take its entry out of disabled-plugins.json in the data folder to try it again at the next start.")
    if status.state != "resting":
        return ""
    if status.rest_s == float("inf"):
        return _("It is left alone until the next start.")
    minutes = max(1, round(status.rest_s / 60))
    return desk.language.ngettext(
        "It is tried again in %(num)s minute.", "It is tried again in %(num)s minutes.", minutes
    )


def _others(desk: Desk, plugin: str) -> list[str]:
    """What it registered beside channels, by name."""
    registry, _ = desk.state.registry, desk.language.gettext
    kinds = (
        (_("Actions"), registry.actions),
        (_("Conditions"), registry.conditions),
        (_("Notifiers"), registry.notifiers),
        (_("Commands"), registry.commands),
        (_("Event types"), registry.event_types),
    )
    named = [
        f"{label}: {', '.join(sorted(names))}"
        for label, records in kinds
        if (names := [str(name) for name, one in records.items() if one.plugin == plugin])
    ]
    pages = [one.item.label for one in registry.pages.values() if one.plugin == plugin]
    return [*named, *([f"{_('Pages')}: {', '.join(pages)}"] if pages else [])]


ROUTES = (get("", show),)
