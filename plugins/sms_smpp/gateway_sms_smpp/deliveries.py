"""Requests of the centre that carry messages, handled in order and answered after they are durable."""

from asyncio import AbstractEventLoop, Task, gather
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from gateway_sms_smpp.pdu import DataSm, DeliverSm, Header, Status


class Link(Protocol):
    """The connection a delivery came over, on the clock of its loop. `ended_at` is None while it stands."""

    @property
    def ended_at(self) -> float | None: ...

    def time(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One deliver_sm or data_sm as it came. `message` is None when its body could not be read; `problem` says why."""

    header: Header
    message: DeliverSm | DataSm | None
    raw: bytes
    link: Link
    problem: str = ""

    @property
    def lane(self) -> tuple[str, str]:
        """Who wrote to whom."""
        return (self.message.source_addr, self.message.destination_addr) if self.message else ("", "")


class Deliveries:
    """Deliveries of one pair of addresses are handled one after the other; different pairs side by side.

    So order within a thread is kept while one commit can carry many people's messages. Handling starts in the order of
    arrival. `handle` stores the delivery and returns the command_status to answer with; whatever it raises is a
    temporary error. `answer` sends that. `roomy(False)` is called at `limit` waiting
    deliveries, `roomy(True)` when half of them are done.
    """

    def __init__(
        self,
        loop: AbstractEventLoop,
        handle: Callable[[Delivery], Awaitable[int]],
        answer: Callable[[Delivery, int], None],
        *,
        limit: int,
        roomy: Callable[[bool], None],
    ) -> None:
        self._loop = loop
        self._handle = handle
        self._answer = answer
        self._limit = limit
        self._roomy = roomy
        self._lanes: dict[tuple[str, str], deque[Delivery]] = {}
        self._tasks: set[Task[None]] = set()
        self._waiting = 0
        self._is_full = False

    def __len__(self) -> int:
        return self._waiting

    def put(self, delivery: Delivery) -> None:
        """Queue one behind its own kind."""
        self._waiting += 1
        if self._waiting >= self._limit and not self._is_full:
            self._is_full = True
            self._roomy(False)
        lane = self._lanes.get(delivery.lane)
        if lane is not None:
            lane.append(delivery)
            return
        self._lanes[delivery.lane] = lane = deque((delivery,))
        task = self._loop.create_task(self._drain(delivery.lane, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def drop(self) -> None:
        """Forget what has not begun: it was never answered, so the centre delivers it again. The rest is finished."""
        for lane in self._lanes.values():
            while len(lane) > 1:
                lane.pop()
                self._waiting -= 1

    async def finish(self) -> None:
        """Wait for what has begun."""
        while self._tasks:
            await gather(*self._tasks)

    async def _drain(self, key: tuple[str, str], lane: deque[Delivery]) -> None:
        try:
            while lane:
                self._done(lane, await self._status_of(lane[0]))
        finally:
            self._waiting -= len(lane)
            del self._lanes[key]

    async def _status_of(self, delivery: Delivery) -> int:
        try:
            return await self._handle(delivery)
        except Exception:  # noqa: BLE001 - whatever failed, the centre keeps the message and delivers it again
            return Status.RX_T_APPN

    def _done(self, lane: deque[Delivery], status: int) -> None:
        self._answer(lane.popleft(), status)
        self._waiting -= 1
        if self._is_full and self._waiting <= self._limit // 2:
            self._is_full = False
            self._roomy(True)
