"""Threads for code that may never come back. Each call has a deadline; a thread that misses it is left behind."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class LeftRunning(Exception):
    """The call missed its deadline; its thread was left behind."""


class Fault(Exception):
    """The call raised; the cause says what, SystemExit and KeyboardInterrupt included."""


_Job = tuple[Callable[[], Any], asyncio.AbstractEventLoop, "asyncio.Future[Any]"]


class SpareThreads:
    """At most `most` calls at once, each in a daemon thread that serves again if it came back in time.

    `left_behind` counts threads that are still busy with a call nobody waits for.
    """

    def __init__(self, name: str, most: int = 4) -> None:
        self._name = name
        self._free = asyncio.Semaphore(most)
        self._idle: list[_Thread] = []
        self._abandoned: set[_Thread] = set()

    @property
    def left_behind(self) -> int:
        """Threads that missed their deadline and have not come back since."""
        self._abandoned = {thread for thread in self._abandoned if thread.busy}
        return len(self._abandoned)

    async def call(self, function: Callable[[], T], deadline_s: float) -> T:
        """What the function returns. Raises Fault or LeftRunning; the deadline starts with the call, not the wait."""
        async with self._free:
            thread = self._idle.pop() if self._idle else _Thread(self._name)
            answer = thread.give(function, asyncio.get_running_loop())
            try:
                async with asyncio.timeout(deadline_s):
                    result: T = await answer
            except TimeoutError:
                self._leave(thread)
                raise LeftRunning from None
            except asyncio.CancelledError:
                self._leave(thread)
                raise
            except Fault:
                self._idle.append(thread)
                raise
            self._idle.append(thread)
            return result

    def close(self) -> None:
        """Ends idle threads; those left behind end with the process."""
        while self._idle:
            self._idle.pop().end()

    def _leave(self, thread: "_Thread") -> None:
        thread.end()
        self._abandoned.add(thread)


class _Thread:
    """One daemon thread, so that a call that never ends does not keep the process from ending."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        return self._thread.is_alive()

    def give(self, function: Callable[[], Any], loop: asyncio.AbstractEventLoop) -> "asyncio.Future[Any]":
        answer: asyncio.Future[Any] = loop.create_future()
        self._jobs.put((function, loop, answer))
        return answer

    def end(self) -> None:
        self._jobs.put(None)

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            function, loop, answer = job
            result, fault = None, None
            try:
                result = function()
            except BaseException as error:  # noqa: BLE001  SystemExit must not end more than the call
                fault = Fault(repr(error))
                fault.__cause__ = error
            if not loop.is_closed():
                loop.call_soon_threadsafe(_answer, answer, result, fault)


def _answer(answer: "asyncio.Future[Any]", result: Any, fault: Fault | None) -> None:
    if answer.done():
        return
    if fault is not None:
        answer.set_exception(fault)
    else:
        answer.set_result(result)
