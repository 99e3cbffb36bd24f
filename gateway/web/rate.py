"""`api_rate` and `page_rate`: how many requests a second one user may make; off unless set."""

from collections.abc import Callable

from gateway.web import problems

_MOST = 10_000


class Rate:
    """A bucket for each user, as large as some seconds' worth, refilled steadily."""

    def __init__(self, rate: float | None, monotonic: Callable[[], float], seconds: float = 1.0) -> None:
        self._rate = rate
        self._seconds = seconds
        self.monotonic = monotonic
        self._buckets: dict[int, tuple[float, float]] = {}

    def check(self, user_id: int) -> None:
        """Takes one from the bucket. Problem 429, with the seconds until there is one again."""
        rate = self._rate
        if not rate:
            return
        now = self.monotonic()
        most = max(1.0, rate * self._seconds)
        left, at = self._buckets.get(user_id, (most, now))
        left = min(most, left + (now - at) * rate)
        if left < 1:
            raise problems.too_many(max(1, round((1 - left) / rate)))
        if len(self._buckets) >= _MOST:
            self._buckets.clear()
        self._buckets[user_id] = (left - 1, now)
