"""Token buckets: how many PDUs or requests a second a gateway or a sender takes. First come, first served."""

from collections.abc import Callable, Hashable

BURST_S = 1.0  # what a bucket holds at most: a second's worth, and always at least one token


class _Bucket:
    """Tokens may be owed: whoever reserves when none is left is told how long until theirs has dropped in."""

    __slots__ = ("_at", "_tokens", "rate")

    def __init__(self, rate: float, now: float) -> None:
        self.rate = rate
        self._tokens = self._capacity
        self._at = now

    @property
    def _capacity(self) -> float:
        return max(1.0, self.rate * BURST_S)

    def refill(self, now: float) -> float:
        """The tokens there are now; less than none when some are owed."""
        self._tokens = min(self._capacity, self._tokens + max(0.0, now - self._at) * self.rate)
        self._at = now
        return self._tokens

    def take(self, weight: float, now: float) -> float:
        """Takes tokens, on credit if need be, and answers how many seconds to wait before acting on it."""
        # What weighs more than the bucket holds goes when it is full, and leaves it deep in debt.
        needed = min(weight, self._capacity)
        have = self.refill(now)
        self._tokens -= weight
        return max(0.0, (needed - have) / self.rate)

    def give_back(self, weight: float) -> None:
        self._tokens = min(self._capacity, self._tokens + weight)


class Throttle:
    """One bucket a key, made at its first use. `monotonic` is in seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._buckets: dict[Hashable, _Bucket] = {}

    def reserve(self, key: Hashable, rate: float | None, weight: float = 1.0) -> float:
        """How many seconds to wait before `weight` more may go through `key`; 0 without a rate. It counts as gone."""
        bucket = self._bucket(key, rate)
        return 0.0 if bucket is None else bucket.take(weight, self._monotonic())

    def give_back(self, key: Hashable, weight: float = 1.0) -> None:
        """What was reserved did not go after all."""
        bucket = self._buckets.get(key)
        if bucket is not None:
            bucket.give_back(weight)

    def room(self, key: Hashable, rate: float | None, horizon_s: float) -> float:
        """How much could go through `key` within the next seconds; infinite without a rate."""
        bucket = self._bucket(key, rate)
        if bucket is None:
            return float("inf")
        return max(0.0, bucket.refill(self._monotonic()) + bucket.rate * horizon_s)

    def _bucket(self, key: Hashable, rate: float | None) -> _Bucket | None:
        if rate is None or rate <= 0:
            self._buckets.pop(key, None)
            return None
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(rate, self._monotonic())
        elif bucket.rate != rate:
            bucket.refill(self._monotonic())
            bucket.rate = rate
        return bucket
