"""The decide hooks as plain functions for the core: asked in a spare thread, before the command is decided.

A hook that classifies, routes or chooses and fails is skipped; one that vets and fails refuses. A hook no plugin
implements is None here and costs nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.domain.nature import Nature
from gateway.host.faults import Faults
from gateway.host.manager import Implementation, Plugins
from gateway.host.metrics import HostMetrics
from gateway.host.spare_threads import Fault, LeftRunning, SpareThreads
from gateway.sdk.decisions import Assignment, InboundView, MessageRefused, OutboundView, SenderVote
from gateway.sdk.values import SenderView

DECIDE_DEADLINE_S = 1.0
MOST_LEFT_BEHIND = 3


@dataclass(frozen=True, slots=True)
class DecideHooks:
    """What the core asks before it decides. `vet_outbound` raises MessageRefused with a sentence for people."""

    classify_inbound: Callable[[InboundView], Awaitable[Nature | None]] | None = None
    route_inbound: Callable[[InboundView], Awaitable[Assignment | None]] | None = None
    choose_sender: Callable[[OutboundView, Sequence[SenderView]], Awaitable[SenderVote | None]] | None = None
    vet_outbound: Callable[[OutboundView], Awaitable[None]] | None = None


class _Failed(Exception):
    """The plugin had its chance."""


class Decider:
    """Asks plugins one after the other; of the hooks that answer, the first answer wins."""

    def __init__(
        self,
        plugins: Plugins,
        faults: Faults,
        metrics: HostMetrics,
        monotonic: Callable[[], float],
        *,
        deadline_s: float = DECIDE_DEADLINE_S,
    ) -> None:
        self._plugins = plugins
        self._faults = faults
        self._metrics = metrics
        self._monotonic = monotonic
        self._deadline_s = deadline_s
        self._threads = {name: SpareThreads(f"decide {name}") for name in plugins.names}

    def hooks(self) -> DecideHooks:
        """The functions for the core, None where no plugin listens."""

        def if_any(hook: str, ask: Any) -> Any:
            return ask if self._plugins.implementing(hook) else None

        return DecideHooks(
            classify_inbound=if_any("classify_inbound", self._classify),
            route_inbound=if_any("route_inbound", self._route),
            choose_sender=if_any("choose_sender", self._choose),
            vet_outbound=if_any("vet_outbound", self._vet),
        )

    def close(self) -> None:
        """Ends the threads."""
        for threads in self._threads.values():
            threads.close()

    async def _classify(self, message: InboundView) -> Nature | None:
        answer: Nature | None = await self._first("classify_inbound", Nature, message=message)
        return answer

    async def _route(self, message: InboundView) -> Assignment | None:
        answer: Assignment | None = await self._first("route_inbound", Assignment, message=message)
        return answer

    async def _choose(self, message: OutboundView, candidates: Sequence[SenderView]) -> SenderVote | None:
        answer: SenderVote | None = await self._first(
            "choose_sender", SenderVote, message=message, candidates=tuple(candidates)
        )
        return answer if answer is None or answer.sender in candidates else None

    async def _vet(self, message: OutboundView) -> None:
        for implementation in self._plugins.implementing("vet_outbound"):
            try:
                await self._ask(implementation, type(None), message=message)
            except _Failed as error:
                raise MessageRefused(
                    f"The plugin {implementation.plugin}, which checks messages before they leave, could not: {error}."
                ) from error

    async def _first(self, hook: str, kind: type[Any], **given: Any) -> Any:
        for implementation in self._plugins.implementing(hook):
            try:
                answer = await self._ask(implementation, kind, **given)
            except _Failed:
                continue
            if answer is not None:
                return answer
        return None

    async def _ask(self, implementation: Implementation, kind: type[Any], **given: Any) -> Any:
        plugin, hook = implementation.plugin, implementation.hook
        if self._faults.is_disabled(plugin):
            self._metrics.hook_calls.labels(plugin, hook, "disabled").inc()
            raise _Failed("it is disabled after repeated faults")
        threads = self._threads[plugin]
        started = self._monotonic()
        try:
            answer = await threads.call(
                lambda: implementation.function(**implementation.bind(**given)), self._deadline_s
            )
        except LeftRunning:
            self._fault(implementation, "overdue", started, f"it took longer than {self._deadline_s:g} s")
            if threads.left_behind >= MOST_LEFT_BEHIND:
                self._faults.leaked(plugin, hook)
            raise _Failed(f"it took longer than {self._deadline_s:g} s") from None
        except Fault as error:
            if isinstance(error.__cause__, MessageRefused):
                self._done(implementation, started)
                raise error.__cause__ from None
            self._fault(implementation, "raised", started, "it raised", error.__cause__)
            raise _Failed("it failed") from error
        if answer is not None and not isinstance(answer, kind):
            self._fault(implementation, "rubbish", started, f"it returned a {type(answer).__name__}")
            raise _Failed("it returned something else than an answer")
        self._done(implementation, started)
        return answer

    def _done(self, implementation: Implementation, started: float) -> None:
        self._measure(implementation, "done", started)
        self._faults.succeeded(implementation.plugin)

    def _fault(
        self,
        implementation: Implementation,
        outcome: str,
        started: float,
        sentence: str,
        error: BaseException | None = None,
    ) -> None:
        self._measure(implementation, outcome, started)
        self._faults.failed(implementation.plugin, implementation.hook, sentence, error)

    def _measure(self, implementation: Implementation, outcome: str, started: float) -> None:
        labels = (implementation.plugin, implementation.hook)
        self._metrics.hook_calls.labels(*labels, outcome).inc()
        self._metrics.hook_seconds.labels(*labels).observe(self._monotonic() - started)
