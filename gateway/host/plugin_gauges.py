"""Plugins' gauges: asked when somebody scrapes, shown beside ours."""

import asyncio
from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from gateway.host.manager import Implementation
from gateway.host.questions import NoAnswer, Questions
from gateway.host.registry import Registered, Registry
from gateway.sdk.registration import Metric

HOOK = "register_metrics"


class PluginGauges(Collector):
    """Shows what `read` brought last. A gauge that gives no number is left out; `onethread_hook_calls` counts why."""

    def __init__(self, registry: Registry, questions: Questions, prometheus: CollectorRegistry) -> None:
        self._metrics = registry.metrics
        self._questions = questions
        self._values: dict[str, float] = {}
        prometheus.register(self)

    async def read(self) -> None:
        """Asks every gauge at once; each has the deadline of a decide hook. Never raises."""
        values = await asyncio.gather(*(self._read(found) for found in self._metrics.values()))
        self._values = {name: value for name, value in zip(self._metrics, values, strict=True) if value is not None}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """For Prometheus' registry."""
        for name, value in self._values.items():
            yield GaugeMetricFamily(name, self._metrics[name].item.help, value)

    async def _read(self, found: Registered[Metric]) -> float | None:
        try:
            value = await self._questions.ask(Implementation(found.plugin, HOOK, found.item.read, ()), _is_number)
            return float(value)
        except (NoAnswer, OverflowError):
            return None


def _is_number(answer: object) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool)
