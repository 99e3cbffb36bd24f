"""Calling event and lifecycle hooks: each implementation alone, under a deadline, measured, named by its plugin."""

from collections.abc import Callable

import structlog

from gateway.core.errors import Refused
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.faults import Faults
from gateway.host.manager import Implementation, Plugins
from gateway.host.metrics import HostMetrics
from gateway.sdk.errors import ActionRefused
from gateway.sdk.events import EventView, PluginContext

EVENT_DEADLINE_S = 10.0
STOPPING_DEADLINE_S = 5.0
MOST_ABANDONED = 5
ANY = "any_event"

_log = structlog.get_logger(__name__)

ContextFor = Callable[[str, int, str | None], PluginContext]
"""Makes a plugin's context: (plugin, workspace id, the event's position as cause)."""


class HookFailed(Exception):
    """A hook did not do its work; the text is for the parked row a person will read. `retry_after` is in seconds."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after


class Dispatcher:
    """Event hooks run as work, one row per (plugin, hook, event); this is what that work does."""

    def __init__(
        self,
        plugins: Plugins,
        context_for: ContextFor,
        faults: Faults,
        metrics: HostMetrics,
        monotonic: Callable[[], float],
        *,
        deadline_s: float = EVENT_DEADLINE_S,
    ) -> None:
        self._plugins = plugins
        self._context_for = context_for
        self._faults = faults
        self._metrics = metrics
        self._monotonic = monotonic
        self._deadline_s = deadline_s
        self._abandoned = Abandoned()

    def listeners(self, event_type: str) -> tuple[tuple[str, str], ...]:
        """(plugin, hook) for everyone to be told of such an event; its own hook first, then `any_event`."""
        return tuple((one.plugin, one.hook) for hook in (event_type, ANY) for one in self._plugins.implementing(hook))

    async def tell(self, plugin: str, hook: str, event: EventView) -> None:
        """Calls one plugin's hook for one event. Raises HookFailed; a plugin that is gone has nothing to do."""
        for implementation in self._plugins.implementing(hook):
            if implementation.plugin == plugin:
                context = self._context_for(plugin, event.workspace_id, str(event.position))
                await self._call(implementation, self._deadline_s, context=context, event=event)

    async def started(self, workspace_id: int) -> None:
        """Tells every plugin that the process serves. A fault is logged and stops nothing."""
        await self._lifecycle("gateway_started", workspace_id, self._deadline_s)

    async def stopping(self, workspace_id: int) -> None:
        """Tells every plugin that the process is about to stop."""
        await self._lifecycle("gateway_stopping", workspace_id, STOPPING_DEADLINE_S)

    async def _lifecycle(self, hook: str, workspace_id: int, deadline_s: float) -> None:
        for implementation in self._plugins.implementing(hook):
            try:
                await self._call(
                    implementation, deadline_s, context=self._context_for(implementation.plugin, workspace_id, None)
                )
            except HookFailed:
                continue

    async def _call(self, implementation: Implementation, deadline_s: float, **given: object) -> None:
        plugin, hook = implementation.plugin, implementation.hook
        if self._faults.is_disabled(plugin):
            self._metrics.hook_calls.labels(plugin, hook, "disabled").inc()
            raise HookFailed(f"The plugin {plugin} is disabled after repeated faults.", self._faults.rest_left(plugin))
        started = self._monotonic()
        try:
            await run_guarded(
                plugin, lambda: implementation.function(**implementation.bind(**given)), deadline_s, self._abandoned
            )
        except Overdue:
            self._count(implementation, "overdue", started)
            self._faults.failed(plugin, hook, f"it took longer than {deadline_s:g} s")
            if self._abandoned.count(plugin) >= MOST_ABANDONED:
                self._faults.leaked(plugin, hook)
            raise HookFailed(f"{hook} of the plugin {plugin} took longer than {deadline_s:g} s.") from None
        except Raised as error:
            if isinstance(error.__cause__, Refused | ActionRefused):
                # The state of things said no (they opted out meanwhile): no fault of the plugin's, and none to be tried
                # again, or a few contacts could disable it for everybody.
                self._count(implementation, "refused", started)
                _log.warning("plugin command refused", plugin=plugin, hook=hook, why=str(error.__cause__))
                return
            self._count(implementation, "raised", started)
            self._faults.failed(plugin, hook, "it raised", error.__cause__)
            raise HookFailed(
                f"{hook} of the plugin {plugin} failed: {type(error.__cause__ or error).__name__}."
            ) from error
        self._count(implementation, "done", started)
        self._faults.succeeded(plugin)

    def _count(self, implementation: Implementation, outcome: str, started: float) -> None:
        labels = (implementation.plugin, implementation.hook)
        self._metrics.hook_calls.labels(*labels, outcome).inc()
        self._metrics.hook_seconds.labels(*labels).observe(self._monotonic() - started)
