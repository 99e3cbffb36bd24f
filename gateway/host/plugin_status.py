"""How the plugins of this process are: what each brings, and which is left alone at the moment, or was left out."""

from collections.abc import Iterable

from gateway.domain.record import record
from gateway.host.faults import Faults
from gateway.host.manager import Plugins
from gateway.host.quarantine import Quarantined
from gateway.sdk.hook_names import hook_names


@record
class PluginStatus:
    """One plugin. `state` is ok, faulty (it did something wrong lately), resting (left alone) or left_out.

    `reason` is what it did, `rest_s` the seconds until a resting one is tried again: infinity for the next start.
    """

    name: str
    distribution: str | None
    version: str | None
    hooks: tuple[str, ...]
    state: str
    reason: str | None = None
    rest_s: float = 0.0


def plugin_statuses(plugins: Plugins, faults: Faults, left_out: Iterable[Quarantined]) -> list[PluginStatus]:
    """All of them by name, those that were not loaded at this start at the end."""
    loaded = [
        PluginStatus(
            plugin.name,
            plugin.distribution,
            plugin.version,
            tuple(
                name for name in hook_names() if any(one.plugin == plugin.name for one in plugins.implementing(name))
            ),
            *_state(faults, plugin.name),
        )
        for plugin in sorted(plugins, key=lambda one: one.name)
    ]
    others = [
        PluginStatus(one.plugin, None, None, (), "left_out", one.reason)
        for one in left_out
        if plugins.get(one.plugin) is None
    ]
    return [*loaded, *others]


def _hooks(plugins: Plugins, plugin: str) -> tuple[str, ...]:
    return tuple(name for name in hook_names() if any(one.plugin == plugin for one in plugins.implementing(name)))


def _state(faults: Faults, plugin: str) -> tuple[str, str | None, float]:
    last = faults.last(plugin)
    if faults.is_disabled(plugin):
        return "resting", last, faults.rest_left(plugin)
    return ("ok" if last is None else "faulty"), last, 0.0
