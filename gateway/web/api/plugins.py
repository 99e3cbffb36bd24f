"""Plugins that are installed, and what each brings."""

from typing import Any

import msgspec

from gateway.host.plugin_status import PluginStatus, plugin_statuses
from gateway.host.settings_form import FormField, describe
from gateway.web.api.call import Call
from gateway.web.api.paging import PageQuery, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes

routes = Routes("Plugins")


class SettingShape(msgspec.Struct, frozen=True):
    """One setting of a channel, as its form shows it. A secret goes in and never comes out."""

    name: str
    label: str
    type: str
    required: bool
    hint: str
    default: Any
    minimum: float | None
    choices: list[str]


class ChannelShape(msgspec.Struct, frozen=True):
    """A channel: its `type` is the `plugin` of a gateway."""

    type: str
    label: str
    settings: list[SettingShape]


class PluginShape(msgspec.Struct, frozen=True):
    """A distribution found through the entry points.

    `state` is how it behaves on this node: ok, faulty (it did something wrong lately), resting (left alone for a
    while) or left_out (not loaded at this start); `reason` says why.
    """

    name: str
    distribution: str | None
    version: str | None
    channels: list[ChannelShape]
    hooks: list[str] = []
    state: str = "ok"
    reason: str | None = None


@routes.get("/plugins")
async def list_plugins(call: Call, query: PageQuery) -> Page[PluginShape]:
    """List plugins, with the settings of the channels they bring."""
    after = read_cursor(query.cursor, str)
    statuses = plugin_statuses(call.state.plugins, call.state.faults, call.state.left_out())
    found = sorted(statuses, key=lambda plugin: plugin.name)
    rest = [plugin for plugin in found if after is None or plugin.name > after[0]]
    shown = rest[: query.limit]
    following = write_cursor(shown[-1].name) if len(rest) > len(shown) else None
    return Page([_plugin_shape(call, plugin) for plugin in shown], following)


def _plugin_shape(call: Call, plugin: PluginStatus) -> PluginShape:
    channels = [
        ChannelShape(one.item.type, one.item.label, [_setting_shape(field) for field in describe(one.item.Settings)])
        for one in call.state.registry.channels.values()
        if one.plugin == plugin.name
    ]
    return PluginShape(
        plugin.name,
        plugin.distribution,
        plugin.version,
        channels,
        list(plugin.hooks),
        plugin.state,
        plugin.reason,
    )


def _setting_shape(field: FormField) -> SettingShape:
    return SettingShape(
        field.name,
        field.label,
        field.type,
        field.required,
        field.hint,
        msgspec.to_builtins(field.default),
        field.minimum,
        list(field.choices),
    )
