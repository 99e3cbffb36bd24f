"""Counting what plugins do wrong, and leaving those alone that do it again and again."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from gateway.host.metrics import HostMetrics

FAULTS_IN_A_ROW = 10
FIRST_REST_S = 60.0
LONGEST_REST_S = 3600.0

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Record:
    in_a_row: int = 0
    rest_s: float = 0.0
    until: float | None = None
    last: str = ""


class Faults:
    """One plugin's faults disable that plugin: for a minute, then one more try, then twice as long, up to an hour.

    A plugin that leaves threads or tasks running is disabled until the next start, since each call would leave another.
    """

    def __init__(
        self, monotonic: Callable[[], float], metrics: HostMetrics, *, in_a_row: int = FAULTS_IN_A_ROW
    ) -> None:
        self._monotonic = monotonic
        self._metrics = metrics
        self._in_a_row = in_a_row
        self._records: dict[str, _Record] = {}

    def is_disabled(self, plugin: str) -> bool:
        """Whether the plugin is left alone now."""
        record = self._records.get(plugin)
        if record is None or record.until is None:
            return False
        if self._monotonic() < record.until:
            return True
        record.until, record.in_a_row = None, self._in_a_row - 1
        self._metrics.plugin_disabled.labels(plugin).set(0)
        return False

    def rest_left(self, plugin: str) -> float:
        """Seconds until a disabled plugin is tried again; 0 for one that isn't disabled."""
        record = self._records.get(plugin)
        if record is None or record.until is None:
            return 0.0
        return max(0.0, min(record.until - self._monotonic(), LONGEST_REST_S))

    def last(self, plugin: str) -> str | None:
        """What it did wrong last, in words; None when all was well since."""
        record = self._records.get(plugin)
        return record.last if record else None

    def succeeded(self, plugin: str) -> None:
        """It did what it should: earlier faults are forgiven."""
        if plugin in self._records:
            del self._records[plugin]
            self._metrics.plugin_disabled.labels(plugin).set(0)

    def failed(self, plugin: str, hook: str, sentence: str, error: BaseException | None = None) -> None:
        """It raised, returned rubbish, or took too long."""
        record = self._records.setdefault(plugin, _Record())
        record.in_a_row += 1
        record.last = f"{hook}: {sentence}"
        _log.warning("plugin fault", plugin=plugin, hook=hook, fault=sentence, exc_info=error)
        if record.in_a_row >= self._in_a_row and record.until is None:
            record.rest_s = min(max(record.rest_s * 2, FIRST_REST_S), LONGEST_REST_S)
            self._disable(plugin, record, self._monotonic() + record.rest_s)

    def leaked(self, plugin: str, hook: str) -> None:
        """Too many of its calls never ended."""
        record = self._records.setdefault(plugin, _Record())
        record.last = f"{hook}: too many of its calls never ended"
        _log.error("plugin leaves calls running", plugin=plugin, hook=hook)
        self._disable(plugin, record, float("inf"))

    def _disable(self, plugin: str, record: _Record, until: float) -> None:
        record.until = until
        self._metrics.plugin_disabled.labels(plugin).set(1)
        _log.error("plugin disabled", plugin=plugin, seconds=until - self._monotonic())
