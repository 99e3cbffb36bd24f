"""Finding plugins and refusing those that would silently do nothing: pluggy's checks, and a few it does not make."""

import difflib
import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from gateway.domain.record import record
from gateway.host.plugins import Plugin, PluginError
from gateway.sdk import hookspecs
from gateway.sdk.hook_names import hook_names

ENTRY_POINT_GROUP = "onethread"


@record(gc=True)
class Implementation:
    """One plugin's function for one hook, to be called alone."""

    plugin: str
    hook: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]

    def bind(self, **given: Any) -> dict[str, Any]:
        """Those of the hook's arguments that the function asks for."""
        return {name: given[name] for name in self.arguments}


class Plugins:
    """The plugins of this process. Hooks are handed out one implementation at a time; nothing calls all at once."""

    def __init__(self, plugins: Sequence[Plugin]) -> None:
        self._plugins = {plugin.name: plugin for plugin in plugins}
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        for plugin in plugins:
            _check(plugin)
            try:
                self._manager.register(plugin.module, plugin.name)
            except (ValueError, pluggy.PluginValidationError) as error:
                raise PluginError(f"Plugin {plugin.name}: {error}") from error
        self._found = {name: self._implementations(name) for name in hook_names()}

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self._plugins.values())

    def get(self, name: str) -> Plugin | None:
        """The plugin of that name."""
        return self._plugins.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, in the order they were registered."""
        return tuple(self._plugins)

    def implementing(self, hook: str) -> tuple[Implementation, ...]:
        """Who implements a hook, `tryfirst` ones first; empty for none, and for a hook that does not exist."""
        return self._found.get(hook, ())

    def _implementations(self, hook: str) -> tuple[Implementation, ...]:
        found = reversed(getattr(self._manager.hook, hook).get_hookimpls())
        return tuple(Implementation(one.plugin_name, hook, one.function, tuple(one.argnames)) for one in found)


def find_plugins(points: Iterable[EntryPoint] | None = None, *, disabled: Collection[str] = ()) -> list[Plugin]:
    """Imports what the entry-point group names, by name, without those that are disabled. Raises PluginError."""
    found = entry_points(group=ENTRY_POINT_GROUP) if points is None else points
    return [_load(point) for point in sorted(found, key=lambda point: point.name) if point.name not in disabled]


def _load(point: EntryPoint) -> Plugin:
    distribution = point.dist
    try:
        module = point.load()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise PluginError(f"Plugin {point.name} ({point.value}) can't be imported: {error!r}") from error
    if distribution is None:
        return Plugin(point.name, module)
    return Plugin(point.name, module, distribution.name, distribution.version)


def _check(plugin: Plugin) -> None:
    """Refuses hooks that are misspelt, unmarked, of the wrong shape, or that wrap others."""
    names = hook_names()
    for attribute in dir(plugin.module):
        function = inspect.getattr_static(plugin.module, attribute)
        options = getattr(function, f"{hookspecs.PROJECT}_impl", None)
        if not isinstance(options, dict):
            if attribute in names and inspect.isfunction(function):
                raise PluginError(f"Plugin {plugin.name}: {attribute} is a hook's name; mark it with @hookimpl.")
            continue
        hook = options.get("specname") or attribute
        if hook not in names:
            if options.get("optionalhook"):
                continue
            raise PluginError(f"Plugin {plugin.name}: there is no hook {hook}.{_nearest(hook, names)}")
        if options.get("wrapper") or options.get("hookwrapper"):
            raise PluginError(f"Plugin {plugin.name}: {hook} can't be a wrapper; every implementation is called alone.")
        _check_shape(plugin.name, hook, getattr(plugin.module, attribute))


def _check_shape(plugin: str, hook: str, function: Callable[..., Any]) -> None:
    spec = getattr(hookspecs, hook)
    if inspect.iscoroutinefunction(spec) != inspect.iscoroutinefunction(function):
        wanted = "a coroutine (async def)" if inspect.iscoroutinefunction(spec) else "a plain function (def)"
        raise PluginError(f"Plugin {plugin}: {hook} must be {wanted}.")
    known = tuple(inspect.signature(spec).parameters)
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise PluginError(f"Plugin {plugin}: {hook} can't take *{name}; name the arguments it wants.")
        if name not in known and parameter.default is parameter.empty:
            takes = ", ".join(known) or "nothing"
            raise PluginError(
                f"Plugin {plugin}: {hook} takes no argument {name}.{_nearest(name, known)} It may take {takes}."
            )


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""
