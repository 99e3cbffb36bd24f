"""What happened, in order, with a way to wait for it."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")

DEADLINE = 60.0


class Log(Generic[_T]):
    """A list that can be waited on."""

    def __init__(self) -> None:
        self.items: list[_T] = []
        self._news = asyncio.Event()

    def add(self, item: _T) -> None:
        self.items.append(item)
        self._news.set()

    async def wait(self, wanted: Callable[[_T], bool] = lambda item: True, count: int = 1) -> list[_T]:
        """The items that are `wanted`, as soon as there are `count` of them."""
        try:
            async with asyncio.timeout(DEADLINE):
                while len(found := [item for item in self.items if wanted(item)]) < count:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"waited for {count}, found {found!r} among {self.items!r}") from None
        return found
