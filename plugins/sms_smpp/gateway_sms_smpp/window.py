"""The window: how many requests may be unanswered at once."""

from asyncio import AbstractEventLoop, CancelledError, Future, TimerHandle
from collections import deque

from gateway_sms_smpp.failures import WindowFullError


class Window:
    """`size` slots, given out in the order they are asked for; nobody waits longer than `patience` seconds.

    All wait equally long, so one timer serves them all and a slot costs no more than a counter when there is one.
    """

    def __init__(self, loop: AbstractEventLoop, size: int, patience: float) -> None:
        self._loop = loop
        self._free = size
        self._patience = patience
        self._waiting: deque[tuple[float, Future[None]]] = deque()
        self._timer: TimerHandle | None = None

    async def take(self) -> None:
        """A slot. Raises WindowFullError."""
        if self._free > 0:
            self._free -= 1
            return
        turn: Future[None] = self._loop.create_future()
        self._waiting.append((self._loop.time() + self._patience, turn))
        if self._timer is None:
            self._timer = self._loop.call_later(self._patience, self._expire)
        try:
            await turn
        except CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.give()  # it was our turn just as we were told to stop
            raise

    def give(self) -> None:
        """A slot back, straight to whoever has waited longest."""
        while self._waiting:
            _, turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        now = self._loop.time()
        while self._waiting:
            deadline, turn = self._waiting[0]
            if deadline > now:
                self._timer = self._loop.call_at(deadline, self._expire)
                return
            self._waiting.popleft()
            if not turn.done():
                turn.set_exception(WindowFullError(self._patience))
