"""Requests on the wire that wait for their answers."""

from asyncio import AbstractEventLoop, Future, TimerHandle
from collections.abc import Callable

from gateway_sms_smpp.failures import ConnectionLostError, GarbledResponseError, ResponseTimeoutError
from gateway_sms_smpp.pdu import Pdu

_LAST_SEQUENCE = 0x7FFF_FFFF


class Request:
    """One request. `left`: its octets were handed to the transport. `windowed`: it holds a slot of the window."""

    __slots__ = ("deadline", "future", "left", "windowed")

    def __init__(self, future: "Future[Pdu]", deadline: float, *, windowed: bool) -> None:
        self.future = future
        self.deadline = deadline
        self.left = False
        self.windowed = windowed


class Requests:
    """The table of them by sequence_number.

    All have the same time to be answered, so the oldest is due first and one timer serves all. `ended(request,
    timed_out)` is called once for each, whatever became of its caller.
    """

    def __init__(self, loop: AbstractEventLoop, timeout: float, ended: Callable[[Request, bool], None]) -> None:
        self._loop = loop
        self._timeout = timeout
        self._ended = ended
        self._waiting: dict[int, Request] = {}
        self._sequence = 0
        self._held = False
        self._timer: TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def next_sequence(self) -> int:
        """1..0x7FFFFFFF, round and round."""
        self._sequence = self._sequence % _LAST_SEQUENCE + 1
        return self._sequence

    def add(self, sequence: int, *, windowed: bool) -> Request:
        """A request whose time begins now."""
        request = Request(self._loop.create_future(), self._loop.time() + self._timeout, windowed=windowed)
        self._waiting[sequence] = request
        if self._timer is None and not self._held:
            self._timer = self._loop.call_at(request.deadline, self._expire)
        return request

    def answer(self, pdu: Pdu) -> bool:
        """Give the caller its answer. False when nobody waits for it: it came too late or was never asked for."""
        request = self._waiting.pop(pdu.sequence, None)
        if request is None:
            return False
        if not request.future.done():
            request.future.set_result(pdu)
        self._ended(request, False)
        return True

    def garbled(self, sequence: int, reason: str) -> None:
        """Fail the request whose answer could not be read."""
        request = self._waiting.pop(sequence, None)
        if request is not None:
            self._fail(request, GarbledResponseError(reason), timed_out=False)

    def lose(self, reason: str) -> None:
        """Fail all: the connection is gone."""
        self._stop_timer()
        lost, self._waiting = self._waiting, {}
        for request in lost.values():
            self._fail(request, ConnectionLostError(reason, left=request.left), timed_out=False)

    def hold(self) -> None:
        """Stop the clock while nothing is read: an answer may be there already."""
        self._held = True
        self._stop_timer()

    def go_on(self) -> None:
        """Reading again: every request gets its full time once more."""
        self._held = False
        deadline = self._loop.time() + self._timeout
        for request in self._waiting.values():
            request.deadline = deadline
        if self._waiting and self._timer is None:
            self._timer = self._loop.call_at(deadline, self._expire)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        now = self._loop.time()
        due = []
        for sequence, request in self._waiting.items():
            if request.deadline > now:
                self._timer = self._loop.call_at(request.deadline, self._expire)
                break
            due.append(sequence)
        for sequence in due:
            self._fail(self._waiting.pop(sequence), ResponseTimeoutError(self._timeout), timed_out=True)

    def _fail(self, request: Request, error: Exception, *, timed_out: bool) -> None:
        if not request.future.done():
            request.future.set_exception(error)
        self._ended(request, timed_out)
