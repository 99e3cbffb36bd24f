"""What a worker is busy with: rows it claimed, each with the task that works on it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

import structlog

from gateway.storage.database import Conflict, StorageUnavailable

LEASE_MS = 60_000
"""How long a claimed row is this worker's; renewed while it is under way."""
LOOK_S = 1.0
"""How often a worker looks for what no wake-up told of."""

_log = structlog.get_logger(__name__)

Wait = Callable[[float], Awaitable[object]]
"""Waits for a wake-up, at most so many seconds."""


class Round(Protocol):
    """Claims once and begins what it got; answers how many. `wake` rings when a place is free again."""

    async def __call__(self, wake: Callable[[], None]) -> int: ...


class UnderWay:
    """Begins tasks until `drain`."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[None], int] = {}
        self._stopping = False

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def ids(self) -> frozenset[int]:
        """The rows, whatever their leases say."""
        return frozenset(self._tasks.values())

    async def run(self, round_: Round, wait: Wait, wake: Callable[[], None], noun: str) -> None:
        """Claims until `drain`: when woken, and now and then. A database that is away is asked again."""
        while not self._stopping:
            try:
                await round_(wake)
            except (StorageUnavailable, Conflict) as error:
                _log.warning(f"{noun} not claimed", error=str(error))
            # A round takes all that is due and has room; more comes with a wake-up, or with time.
            await wait(LOOK_S)

    def begin(self, row_id: int, name: str, doing: Coroutine[Any, Any, None], ended: Callable[[], None]) -> None:
        """Works on a row; `ended` is called afterwards, however it went."""

        def done(task: asyncio.Task[None]) -> None:
            del self._tasks[task]
            ended()

        task = asyncio.create_task(doing, name=name)
        self._tasks[task] = row_id
        task.add_done_callback(done)

    async def drain(self, seconds: float) -> None:
        """Begins nothing new and waits for what is under way; what is not done by then is recovered by its lease."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in set(self._tasks):
            task.cancel()

    async def settled(self) -> None:
        """Waits until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
