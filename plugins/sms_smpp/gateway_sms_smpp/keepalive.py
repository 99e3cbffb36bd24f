"""Noticing that the other side has gone quiet."""

from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable

# A timer that fires a moment early must not come back in the same turn of the loop.
_LEAST_WAIT = 0.001


class KeepAlive:
    """Calls `enquire` whenever nothing was heard for `interval` seconds of the loop's clock."""

    def __init__(self, loop: AbstractEventLoop, interval: float, enquire: Callable[[], None]) -> None:
        self._loop = loop
        self._interval = interval
        self._enquire = enquire
        self._heard_at = loop.time()
        self._deaf = False
        self._timer: TimerHandle | None = None

    def start(self) -> None:
        """Begin watching."""
        self._timer = self._loop.call_later(self._interval, self._look)

    def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()

    def heard(self) -> None:
        """Something came."""
        self._heard_at = self._loop.time()

    def deaf(self, deaf: bool) -> None:
        """While we do not read, silence means nothing."""
        self._deaf = deaf
        self.heard()

    def _look(self) -> None:
        wait = self._interval - (self._loop.time() - self._heard_at)
        if wait <= 0:
            wait = self._interval
            if not self._deaf:
                self._enquire()
        self._timer = self._loop.call_later(max(wait, _LEAST_WAIT), self._look)
