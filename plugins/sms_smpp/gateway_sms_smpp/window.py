"""The window: how many requests may be unanswered at once, fewer where the centre asks for it."""

from asyncio import AbstractEventLoop, CancelledError, Future, TimerHandle
from collections import deque

from gateway_sms_smpp.failures import WindowFullError

# Seconds for which nothing leaves after the centre asked to send more slowly; doubled while it goes on asking.
FIRST_REST = 0.5
LONGEST_REST = 4.0


class Window:
    """`size` slots, given out in the order they are asked for; nobody waits longer than `patience` seconds.

    All wait equally long, so one timer serves them all and a slot costs no more than a counter when there is one. Where
    the centre throttles, `width`, which is how many slots there are now, is halved, to 1 at least, and none is given
    out for a while; a window full of accepted requests makes it one wider, up to `size`.
    """

    def __init__(self, loop: AbstractEventLoop, size: int, patience: float) -> None:
        self._loop = loop
        self._size = size
        self.width = size
        self._exact = float(size)
        self._taken = 0
        self._patience = patience
        self._waiting: deque[tuple[float, Future[None]]] = deque()
        self._timer: TimerHandle | None = None
        self._rest = FIRST_REST
        self._resting: TimerHandle | None = None

    @property
    def rests(self) -> bool:
        """Whether nothing is given out for the moment."""
        return self._resting is not None

    async def take(self) -> None:
        """A slot. Raises WindowFullError."""
        if self._taken < self.width and self._resting is None and not self._waiting:
            self._taken += 1
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
        self._taken -= 1
        if self._waiting:
            self._admit()

    def accepted(self) -> None:
        """The centre took a request: a little wider."""
        if self._exact < self._size:
            self._set(min(float(self._size), self._exact + 1 / self._exact))
            self._rest = max(FIRST_REST, self._rest / 2)
            self._admit()

    def throttled(self) -> None:
        """The centre asks to send more slowly. Requests that were on the wire then ask for no more than the first."""
        if self._resting is None:
            self._set(max(1.0, self._exact / 2))
            self._resting = self._loop.call_later(self._rest, self._reopen)
            self._rest = min(LONGEST_REST, self._rest * 2)

    def close(self) -> None:
        """The session is over: rest no more, so that who waits finds out."""
        if self._resting is not None:
            self._resting.cancel()
            self._reopen()

    def _set(self, exact: float) -> None:
        self._exact = exact
        self.width = int(exact)

    def _reopen(self) -> None:
        self._resting = None
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._taken < self.width and self._resting is None:
            _, turn = self._waiting.popleft()
            if not turn.done():
                self._taken += 1
                turn.set_result(None)
        if not self._waiting and self._timer is not None:
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
