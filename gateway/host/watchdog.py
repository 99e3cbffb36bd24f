"""A thread that watches the event loop, names the plugin that blocks it, and in the end restarts without it."""

import asyncio
import sys
import threading
from collections.abc import Callable, Mapping
from types import FrameType

import structlog

from gateway.host.metrics import HostMetrics

NOTICE_S = 0.5
RESTART_S = 10.0

_log = structlog.get_logger(__name__)


class Watchdog:
    """`packages` maps a plugin's import package to its name; `restart` gets the name of a plugin that never stops.

    The loop counts beats; the thread looks whether they go on. It can't help a loop blocked by our own code or a
    library, and then only says so.
    """

    def __init__(
        self,
        packages: Mapping[str, str],
        metrics: HostMetrics,
        restart: Callable[[str], None],
        *,
        notice_s: float = NOTICE_S,
        restart_s: float = RESTART_S,
    ) -> None:
        self._packages = packages
        self._metrics = metrics
        self._restart = restart
        self._notice_s = notice_s
        self._restart_s = restart_s
        self._beats = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Watches the running loop from now on. Call it in the loop."""
        self._loop = asyncio.get_running_loop()
        self._beat()
        self._thread = threading.Thread(target=self._watch, args=(threading.get_ident(),), name="watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops watching."""
        self._stop.set()
        if self._timer is not None:
            self._timer.cancel()
        if self._thread is not None:
            self._thread.join()

    def _beat(self) -> None:
        assert self._loop is not None
        self._beats += 1
        self._timer = self._loop.call_later(self._notice_s / 2, self._beat)

    def _watch(self, loop_thread: int) -> None:
        seen, missed = -1, 0
        while not self._stop.wait(self._notice_s):
            if self._beats != seen:
                seen, missed = self._beats, 0
                continue
            missed += 1
            culprit = self._culprit(sys._current_frames().get(loop_thread))
            if missed == 1:
                _log.error("event loop blocked", plugin=culprit, seconds=self._notice_s)
                self._metrics.plugin_blocking.labels(culprit or "none").inc()
            if culprit is not None and missed * self._notice_s >= self._restart_s:
                _log.critical("restarting without a plugin that blocks the event loop", plugin=culprit)
                self._restart(culprit)
                return

    def _culprit(self, frame: FrameType | None) -> str | None:
        """The plugin whose code is innermost on the loop's stack."""
        while frame is not None:
            package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
            if package in self._packages:
                return self._packages[package]
            frame = frame.f_back
        return None
