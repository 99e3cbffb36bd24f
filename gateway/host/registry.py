"""What plugins bring, by name, filled once at the start. Two plugins that bring the same name stop it."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from inspect import isabstract
from typing import Any, Generic, TypeVar

from gateway.domain.events import EventType
from gateway.domain.questions import MOST_VALUE
from gateway.domain.record import record
from gateway.host.manager import Implementation, Plugins
from gateway.host.plugins import PluginError
from gateway.sdk.channel import Channel
from gateway.sdk.registration import (
    Action,
    CommandLine,
    Condition,
    EventTypeSpec,
    MediaSource,
    Metric,
    Notifier,
    Page,
    Route,
    Scale,
)

T = TypeVar("T")


@record(gc=True)
class Registered(Generic[T]):
    """Something, and the plugin that brought it."""

    plugin: str
    item: T


@record(gc=True)
class Registry:
    """Everything plugins registered. Keys are what a setting, an automation or a URL calls it."""

    channels: Mapping[str, Registered[type[Channel]]]
    actions: Mapping[str, Registered[Action]]
    conditions: Mapping[str, Registered[Condition]]
    notifiers: Mapping[str, Registered[Notifier]]
    media_sources: Mapping[str, Registered[MediaSource]]
    routes: Mapping[tuple[str, str, str], Registered[Route]]
    pages: Mapping[tuple[str, str], Registered[Page]]
    commands: Mapping[str, Registered[CommandLine]]
    metrics: Mapping[str, Registered[Metric]]
    event_types: Mapping[str, Registered[EventTypeSpec]]
    scales: Mapping[str, Registered[Scale]]

    def channel(self, channel_type: str) -> type[Channel] | None:
        """The channel class a gateway's `plugin` field names."""
        found = self.channels.get(channel_type)
        return None if found is None else found.item

    def unknown_channel(self, channel_type: str) -> str:
        """A sentence about a type nobody brought, with the nearest one and all there are."""
        near = difflib.get_close_matches(channel_type, self.channels, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return f"There is no plugin {channel_type}.{hint} Installed: {', '.join(sorted(self.channels)) or 'none'}."


def gauge_name(plugin: str, name: str) -> str:
    """What a plugin's gauge is called when scraped. Whatever Prometheus takes in no name becomes an underscore."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", f"onethread_plugin_{plugin}_{name}")


def build_registry(plugins: Plugins) -> Registry:
    """Asks every plugin what it brings. Raises PluginError, naming the plugin and what is wrong."""
    channels = _gather(plugins, "register_channels", _is_channel, lambda _, item: str(item.type))
    event_types = _gather(plugins, "register_event_types", _is(EventTypeSpec), lambda _, item: str(item.name))
    for name, registered in event_types.items():
        if not name.startswith(f"{registered.plugin}_") or name in set(EventType):
            raise PluginError(f"Plugin {registered.plugin}: event type {name} must begin with {registered.plugin}_.")
    return Registry(
        channels=channels,
        actions=_gather(plugins, "register_actions", _is(Action), lambda _, item: str(item.type)),
        conditions=_gather(plugins, "register_conditions", _is(Condition), lambda _, item: str(item.field)),
        notifiers=_gather(plugins, "register_notifiers", _is(Notifier), lambda _, item: str(item.type)),
        media_sources=_gather(plugins, "register_media_sources", _is(MediaSource), lambda _, item: str(item.type)),
        routes=_gather(
            plugins,
            "register_routes",
            _is(Route),
            lambda plugin, item: (plugin, item.method.upper(), item.path.strip("/")),
        ),
        pages=_gather(plugins, "register_pages", _is(Page), lambda plugin, item: (plugin, item.path.strip("/"))),
        commands=_gather(plugins, "register_cli", _is(CommandLine), lambda _, item: str(item.name)),
        metrics=_gather(plugins, "register_metrics", _is(Metric), lambda plugin, item: gauge_name(plugin, item.name)),
        event_types=event_types,
        scales=_gather(plugins, "register_scales", _is_scale, lambda _, item: str(item.name)),
    )


def _is(kind: type[Any]) -> Callable[[Any], str | None]:
    return lambda item: None if isinstance(item, kind) else f"is no {kind.__name__}"


def _is_channel(item: Any) -> str | None:
    if not (isinstance(item, type) and issubclass(item, Channel)):
        return "is no Channel class"
    missing = [name for name in ("type", "label", "Settings") if not hasattr(item, name)]
    if missing:
        return f"has no {' and no '.join(missing)}"
    return "leaves abstract methods open" if isabstract(item) else None


def _is_scale(item: Any) -> str | None:
    if not isinstance(item, Scale):
        return "is no Scale"
    fine = item.points and all(isinstance(one, int) and 0 <= one <= MOST_VALUE for one in item.points)
    return None if fine else f"needs points from 0 to {MOST_VALUE}"


def _gather(
    plugins: Plugins, hook: str, wrong: Callable[[Any], str | None], key: Callable[[str, Any], Any]
) -> dict[Any, Registered[Any]]:
    found: dict[Any, Registered[Any]] = {}
    for implementation in plugins.implementing(hook):
        for item in _ask(implementation):
            complaint = wrong(item)
            if complaint:
                raise PluginError(f"Plugin {implementation.plugin}: {hook} returned {item!r}, which {complaint}.")
            name = key(implementation.plugin, item)
            if name in found:
                raise PluginError(
                    f"Plugins {found[name].plugin} and {implementation.plugin} both bring {name} ({hook}). "
                    "Uninstall or rename one of them."
                )
            found[name] = Registered(implementation.plugin, item)
    return found


def _ask(implementation: Implementation) -> Sequence[Any]:
    try:
        items = implementation.function()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise PluginError(f"Plugin {implementation.plugin}: {implementation.hook} failed: {error!r}") from error
    if isinstance(items, str) or not isinstance(items, Sequence):
        raise PluginError(f"Plugin {implementation.plugin}: {implementation.hook} must return a list.")
    return items
