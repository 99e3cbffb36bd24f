"""Fields of conditions that plugins bring: pure functions, each called in a spare thread, under a deadline."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.domain.rules import Rule
from gateway.host.faults import Faults
from gateway.host.registry import Registry
from gateway.host.spare_threads import Fault, LeftRunning, SpareThreads
from gateway.sdk.events import EventView

DEADLINE_S = 1.0
MOST_LEFT_BEHIND = 3


class Asked:
    """What a plugin can't say is missing; that is its fault, and nobody else's trouble."""

    def __init__(self, registry: Registry, faults: Faults) -> None:
        self._fields = registry.conditions
        self._faults = faults
        self._threads = {one.plugin: SpareThreads(f"ask {one.plugin}") for one in registry.conditions.values()}

    def close(self) -> None:
        """Ends the threads."""
        for threads in self._threads.values():
            threads.close()

    async def with_fields(self, rules: Iterable[Rule], event: EventView, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts with the plugins' fields that these conditions ask for, under their whole names."""
        found = dict(facts)
        for rule in rules:
            known = self._fields.get(rule.field)
            if known is not None and rule.field not in found and not self._faults.is_disabled(known.plugin):
                found[rule.field] = await self._value(rule.field, event, facts)
        return found

    async def _value(self, name: str, event: EventView, facts: Mapping[str, Any]) -> Any:
        known = self._fields[name]
        threads = self._threads[known.plugin]
        try:
            value = await threads.call(lambda: known.item.value(event, facts), DEADLINE_S)
        except LeftRunning:
            self._faults.failed(known.plugin, name, f"it took longer than {DEADLINE_S:g} s")
            if threads.left_behind >= MOST_LEFT_BEHIND:
                self._faults.leaked(known.plugin, name)
            return None
        except Fault as fault:
            self._faults.failed(known.plugin, name, "it raised", fault.__cause__)
            return None
        self._faults.succeeded(known.plugin)
        return value if isinstance(value, str | int | float | bool | list | tuple | Mapping) else None
