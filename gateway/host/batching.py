"""Many small writes as few large ones: whatever is asked for while one batch is under way becomes the next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

I = TypeVar("I")  # noqa: E741  an item
R = TypeVar("R")


class Batcher(Generic[I, R]):
    """Hands items to `write` in the order they came, at most `limit` at once, and answers each caller with its result.

    `write` returns one result an item; what it raises, every caller of that batch is told.
    """

    def __init__(self, write: Callable[[Sequence[I]], Awaitable[Sequence[R]]], limit: int = 256) -> None:
        self._write = write
        self._limit = limit
        self._waiting: list[tuple[I, asyncio.Future[R]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, item: I) -> R:
        """Returns once the item's batch is written."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._task is None:
            self._task = asyncio.create_task(self._drain(), name="batcher")
        return await answer

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
                await self._write_batch(batch)
        finally:
            self._task = None

    async def _write_batch(self, batch: list[tuple[I, "asyncio.Future[R]"]]) -> None:
        try:
            results = await self._write([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001  the callers are told, whatever it is
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():
                answer.set_result(result)
