"""What happened, in order, with a way to wait for it."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE_S = 30.0  # what comes at all has come by then, on a machine that has other work too


class Log(Generic[T]):
    """A list that can be waited on, from the event loop it is written in."""

    def __init__(self) -> None:
        self.items: list[T] = []
        self._news = asyncio.Event()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __getitem__(self, place: int) -> T:
        return self.items[place]

    def add(self, item: T) -> None:
        """Adds at the end, and wakes whoever waits."""
        self.items.append(item)
        self._news.set()

    def clear(self) -> None:
        """Forgets what happened so far."""
        self.items.clear()

    async def wait(
        self, count: int = 1, wanted: Callable[[T], bool] | None = None, seconds: float = PATIENCE_S
    ) -> list[T]:
        """The items that are `wanted` (all of them unless said), as soon as there are `count`.

        Raises AssertionError, with what there is instead, when they don't come.
        """
        try:
            async with asyncio.timeout(seconds):
                while len(found := [item for item in self.items if wanted is None or wanted(item)]) < count:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"waited for {count}, found {found!r} among {self.items!r}") from None
        return found
