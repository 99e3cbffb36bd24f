"""A circuit breaker: after failures in a row nothing is tried for a while, then one thing, then more and more.

    closed --(three failures in a row)--> open --(its rest is over)--> half open --(all well)--> closed
                                           ^                               |
                                           +-----(a failure, rests longer)-+

Pure: seconds of any clock that never goes back are handed in.
"""

from dataclasses import dataclass
from enum import StrEnum

FAILURES_TO_OPEN = 3
FIRST_REST_S = 1.0
LONGEST_REST_S = 60.0


class BreakerState(StrEnum):
    """Whether what is behind the breaker is used."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(slots=True)
class Breaker:
    """`most` is how much may be under way at once when all is well.

    While it is half open one more may be under way for each success, so that it doubles with every answer time.
    """

    most: int
    failures: int = 0
    openings: int = 0  # in a row; each makes the next rest twice as long
    window: int | None = None  # None: closed
    open_until: float = 0.0

    def state(self, now: float) -> BreakerState:
        """Where it is."""
        if self.window is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if now < self.open_until else BreakerState.HALF_OPEN

    def allows(self, now: float) -> int:
        """How much may be under way at once."""
        if self.window is None:
            return self.most
        return 0 if now < self.open_until else self.window

    def succeeded(self, now: float) -> bool:
        """An answer came. True when that closed it. What had begun before it opened says nothing about now."""
        if self.window is None:
            self.failures = 0
            return False
        if now < self.open_until:
            return False
        self.failures = 0
        self.window += 1
        if self.window < self.most:
            return False
        self.window, self.openings = None, 0
        return True

    def failed(self, now: float) -> bool:
        """No answer came. True when that opened it. Failures of what had begun before make no rest longer."""
        if self.state(now) is BreakerState.OPEN:
            return False
        self.failures += 1
        if self.window is None and self.failures < FAILURES_TO_OPEN:
            return False
        self.openings += 1
        rest = min(FIRST_REST_S * 2 ** min(self.openings - 1, 10), LONGEST_REST_S)
        self.window, self.open_until = 1, now + rest
        return True

    def rest(self, now: float, seconds: float) -> None:
        """Opens it for that long, whatever was before: somebody knows that trying is of no use."""
        self.openings += 1
        self.window, self.open_until = 1, max(self.open_until, now + seconds)
