"""How much of a gateway is used: a window of sends at once that opens with success and closes with trouble."""

from dataclasses import dataclass

WINDOW = 64
_FAILURES_TO_REST = 3
_FIRST_REST_S = 1.0
_LONGEST_REST_S = 60.0


@dataclass(slots=True)
class Flow:
    """One gateway. After a few failures in a row it rests, longer each time; the first send afterwards is a probe.

    When the provider says "too fast" the window halves and the gateway pauses; each success opens it by one again.
    """

    most: int = WINDOW
    window: int = WINDOW
    under_way: int = 0
    failures: int = 0
    throttles: int = 0
    resting_until: float = 0.0
    reported_down: bool = False

    def free(self, now: float) -> int:
        """How many more sends may begin."""
        return 0 if now < self.resting_until else max(0, self.window - self.under_way)

    def is_resting(self, now: float) -> bool:
        """Whether it is left alone."""
        return now < self.resting_until

    def succeeded(self) -> None:
        """The provider answered as it should."""
        self.failures = self.throttles = 0
        self.window = min(self.most, self.window + 1)

    def unreachable(self, now: float) -> bool:
        """The provider was not reached. True when the gateway rests from now on."""
        self.failures += 1
        if self.failures < _FAILURES_TO_REST:
            return False
        self._rest(now, _FIRST_REST_S * 2 ** min(self.failures - _FAILURES_TO_REST, 10))
        self.window = 1
        return True

    def throttled(self, now: float, retry_after: float | None) -> float:
        """Too fast. Answers how long to wait."""
        self.throttles += 1
        self.window = max(1, self.window // 2)
        pause = retry_after if retry_after is not None else _FIRST_REST_S * 2 ** min(self.throttles - 1, 10)
        return self._rest(now, pause)

    def misconfigured(self, now: float) -> float:
        """Its settings are wrong: only now and then worth a try. Answers how long to wait."""
        self.window = 1
        return self._rest(now, _LONGEST_REST_S)

    def _rest(self, now: float, seconds: float) -> float:
        seconds = min(max(seconds, 0.1), _LONGEST_REST_S)
        self.resting_until = max(self.resting_until, now + seconds)
        return seconds
