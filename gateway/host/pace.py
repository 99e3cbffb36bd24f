"""Time and chance as loops that wait see them, handed in so that tests need not wait."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.domain.record import record


@record(gc=True)
class Pace:
    """`clock` is wall milliseconds, `monotonic` seconds that never jump, `random` in [0, 1), `sleep` takes seconds."""

    clock: Callable[[], int]
    monotonic: Callable[[], float]
    random: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def jitter(self, seconds: float) -> float:
        """Half to one and a half times as long, so that what failed together is not tried again together."""
        return seconds * (0.5 + self.random())
