"""Noticing that somebody set the wall clock: it and the clock that never jumps go apart."""

from gateway.host.pace import Pace

SLACK_MS = 2_000
"""What a busy second or a gentle correction may come to; less than this hurts no pause."""


class ClockJumps:
    """Compares both clocks from one look to the next."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._apart = self._difference()

    def by(self) -> int:
        """How many milliseconds the wall clock was set forward (back, if negative) since `forgive`; mostly 0."""
        by = self._difference() - self._apart
        return by if abs(by) > SLACK_MS else 0

    def forgive(self) -> None:
        """From now on this is how the two clocks stand to each other."""
        self._apart = self._difference()

    def _difference(self) -> int:
        return self._pace.clock() - round(self._pace.monotonic() * 1000)
