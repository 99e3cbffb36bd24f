"""How much of a gateway is used: a window of sends at once that opens with success and closes with trouble."""

from dataclasses import dataclass, field

from gateway.domain.breaker import LONGEST_REST_S, Breaker, BreakerState

WINDOW = 64
KEPT_FOR_PEOPLE = 8  # of the window: a share that no campaign takes
_FIRST_PAUSE_S = 1.0


@dataclass(slots=True)
class Flow:
    """One gateway. A breaker watches for outages; beside it, "too fast" halves a window and pauses.

    Each success opens the window by one again.
    """

    most: int = WINDOW
    window: int = WINDOW
    under_way: int = 0
    throttles: int = 0
    paused_until: float = 0.0
    reported_down: bool = False
    breaker: Breaker = field(default_factory=lambda: Breaker(WINDOW))

    def free(self, now: float, *, bulk: bool = False) -> int:
        """How many more sends may begin; fewer for what is sent in bulk, so that people find room at once."""
        if now < self.paused_until:
            return 0
        window = min(self.window, self.breaker.allows(now))
        kept = window * KEPT_FOR_PEOPLE // self.most if bulk else 0
        return max(0, window - kept - self.under_way)

    def is_resting(self, now: float) -> bool:
        """Whether it is left alone."""
        return now < self.paused_until or self.is_out(now)

    def is_out(self, now: float) -> bool:
        """Whether it is taken to be out of service: its breaker is open."""
        return self.breaker.state(now) is BreakerState.OPEN

    def succeeded(self, now: float) -> None:
        """The provider answered as it should."""
        self.breaker.succeeded(now)
        self.throttles = 0
        self.window = min(self.most, self.window + 1)

    def unreachable(self, now: float) -> bool:
        """The provider was not reached, or did not answer. True when its breaker opens with this."""
        return self.breaker.failed(now)

    def throttled(self, now: float, retry_after: float | None) -> float:
        """Too fast. Answers how long to wait."""
        self.throttles += 1
        self.window = max(1, self.window // 2)
        wish = retry_after if retry_after is not None else _FIRST_PAUSE_S * 2 ** min(self.throttles - 1, 10)
        pause = min(max(wish, 0.1), LONGEST_REST_S)
        self.paused_until = max(self.paused_until, now + pause)
        return pause

    def misconfigured(self, now: float) -> float:
        """Its settings are wrong: only now and then worth a try. Answers how long to wait."""
        self.breaker.rest(now, LONGEST_REST_S)
        return LONGEST_REST_S
