"""Running a plugin's coroutine so that it can harm only itself: not by raising, hanging, or ignoring cancellation."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Overdue(Exception):
    """It did not end by its deadline. It was cancelled, and abandoned in case it doesn't care."""


class Raised(Exception):
    """It raised; the cause says what. SystemExit and KeyboardInterrupt, which would end the loop, come as this too."""


class Abandoned:
    """Tasks nobody waits for any more, kept from the garbage collector and counted while they still run."""

    def __init__(self) -> None:
        self._tasks: dict[str, set[asyncio.Task[object]]] = {}

    def add(self, owner: str, task: "asyncio.Task[object]") -> None:
        """Forgets the task by itself when it ends."""
        tasks = self._tasks.setdefault(owner, set())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def count(self, owner: str) -> int:
        """How many of an owner's tasks still run."""
        return len(self._tasks.get(owner, ()))


async def run_guarded(owner: str, function: Callable[[], Awaitable[T]], deadline_s: float, abandoned: Abandoned) -> T:
    """What the coroutine returns. Raises Raised or Overdue; cancelling this cancels it too."""
    task = asyncio.create_task(_contain(function), name=f"plugin {owner}")
    try:
        done, _ = await asyncio.wait({task}, timeout=deadline_s)
    except asyncio.CancelledError:
        _abandon(owner, task, abandoned)
        raise
    if not done:
        _abandon(owner, task, abandoned)
        raise Overdue
    if task.cancelled():
        raise Raised("it was cancelled")
    return task.result()


async def _contain(function: Callable[[], Awaitable[T]]) -> T:
    try:
        return await function()
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        raise Raised(repr(error)) from error


def _abandon(owner: str, task: "asyncio.Task[T]", abandoned: Abandoned) -> None:
    task.cancel()
    task.add_done_callback(_look_away)
    abandoned.add(owner, task)


def _look_away(task: "asyncio.Task[T]") -> None:
    """Takes the exception, so that nothing warns that nobody did."""
    if not task.cancelled():
        task.exception()
