"""Time that stands still until a test moves it."""

import asyncio

NOON = 1_790_000_000_000  # a Monday in September 2026, 14:13:20 UTC
_TURNS = 20


class FrozenClock:
    """Wall time and monotonic time that move together, and only by `advance` and `sleep`."""

    def __init__(self, now: int = NOON) -> None:
        self._start = now
        self._passed_ms = 0

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return self._start + self._passed_ms

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._passed_ms / 1000

    def advance(self, seconds: float) -> None:
        """Moves the time on."""
        self._passed_ms += round(seconds * 1000)

    async def sleep(self, seconds: float) -> None:
        """In place of asyncio.sleep: the time has passed at once, and everybody else had a turn."""
        self.advance(seconds)
        for _ in range(_TURNS):
            await asyncio.sleep(0)
