"""The decide hooks as plain functions for the core: asked in a spare thread, before the command is decided.

A hook that classifies, routes or chooses and fails is skipped; one that vets and fails refuses. A hook no plugin
implements is None here and costs nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.host.faults import Faults
from gateway.host.manager import Plugins
from gateway.host.metrics import HostMetrics
from gateway.host.questions import Fits, NoAnswer, Questions
from gateway.sdk.decisions import Assignment, InboundView, MessageRefused, OutboundView, SenderVote
from gateway.sdk.values import SenderView

DECIDE_DEADLINE_S = 1.0


@record(gc=True)
class DecideHooks:
    """What the core asks before it decides. `vet_outbound` raises MessageRefused with a sentence for people."""

    classify_inbound: Callable[[InboundView], Awaitable[Nature | None]] | None = None
    route_inbound: Callable[[InboundView], Awaitable[Assignment | None]] | None = None
    choose_sender: Callable[[OutboundView, Sequence[SenderView]], Awaitable[SenderVote | None]] | None = None
    vet_outbound: Callable[[OutboundView], Awaitable[None]] | None = None


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
        self.questions = Questions(plugins.names, faults, metrics, monotonic, deadline_s)

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
        self.questions.close()

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
                await self.questions.ask(implementation, _or_none(type(None)), message=message)
            except NoAnswer as error:
                raise MessageRefused(
                    f"The plugin {implementation.plugin}, which checks messages before they leave, could not: {error}."
                ) from error

    async def _first(self, hook: str, kind: type[Any], **given: Any) -> Any:
        for implementation in self._plugins.implementing(hook):
            try:
                answer = await self.questions.ask(implementation, _or_none(kind), **given)
            except NoAnswer:
                continue
            if answer is not None:
                return answer
        return None


def _or_none(kind: type[Any]) -> Fits:
    return lambda answer: answer is None or isinstance(answer, kind)
