"""Answers kept for less than a second: a busy token costs one look a second, and a revoked one soon works no longer."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

SECONDS = 0.75
_MOST = 10_000


class Recent(Generic[T]):
    """What was found by a key, for `SECONDS`. What was not found is asked again each time."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._kept: dict[str, tuple[float, T]] = {}

    async def find(self, key: str, look: Callable[[], Awaitable[T | None]]) -> T | None:
        """What is known of `key`, or what `look` finds."""
        kept = self._kept.get(key)
        now = self._monotonic()
        if kept is not None and kept[0] > now:
            return kept[1]
        found = await look()
        if found is None:
            self._kept.pop(key, None)
            return None
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (now + SECONDS, found)
        return found

    def forget(self) -> None:
        """Something that may matter has changed: ask again for everything."""
        self._kept.clear()
