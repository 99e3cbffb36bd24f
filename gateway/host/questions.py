"""Asking a plugin's plain function something: in a spare thread, under a deadline, measured, its faults counted."""

from collections.abc import Callable, Iterable
from typing import Any

from gateway.host.faults import Faults
from gateway.host.manager import Implementation
from gateway.host.metrics import HostMetrics
from gateway.host.spare_threads import Fault, LeftRunning, SpareThreads
from gateway.sdk.decisions import MessageRefused

MOST_LEFT_BEHIND = 3

Fits = Callable[[Any], bool]
"""Whether what a function returned is an answer at all."""


class NoAnswer(Exception):
    """The plugin had its chance. The text goes on after "it could not:"."""


class Questions:
    """Puts them to plugins, each in threads of its own, so that one that hangs keeps nobody else waiting."""

    def __init__(
        self,
        names: Iterable[str],
        faults: Faults,
        metrics: HostMetrics,
        monotonic: Callable[[], float],
        deadline_s: float,
    ) -> None:
        self._faults = faults
        self._metrics = metrics
        self._monotonic = monotonic
        self._deadline_s = deadline_s
        self._threads = {name: SpareThreads(f"decide {name}") for name in names}

    def close(self) -> None:
        """Ends the threads."""
        for threads in self._threads.values():
            threads.close()

    async def ask(self, implementation: Implementation, fits: Fits, **given: Any) -> Any:
        """What the function returns. Raises NoAnswer, and MessageRefused if that is what the function says."""
        plugin, hook = implementation.plugin, implementation.hook
        if self._faults.is_disabled(plugin):
            self._metrics.hook_calls.labels(plugin, hook, "disabled").inc()
            raise NoAnswer("it is disabled after repeated faults")
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
            raise NoAnswer(f"it took longer than {self._deadline_s:g} s") from None
        except Fault as error:
            if isinstance(error.__cause__, MessageRefused):
                self._done(implementation, started)
                raise error.__cause__ from None
            self._fault(implementation, "raised", started, "it raised", error.__cause__)
            raise NoAnswer("it failed") from error
        if not fits(answer):
            self._fault(implementation, "rubbish", started, f"it returned a {type(answer).__name__} that won't do")
            raise NoAnswer("it returned something else than an answer")
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
