"""Whose turn it is: people's queues before bulk, and within each, every queue as much as every other."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from gateway.storage.send_queue import SendQueue

Take = Callable[[SendQueue, int], int]
"""Takes up to so many from a queue; answers how many there were."""


class Room(Protocol):
    """How much may still begin."""

    def left(self, queue: SendQueue) -> int:
        """Of this queue, as gateway, sender and worker have room for it."""

    def use(self, queue: SendQueue, count: int) -> None:
        """So many begin."""


def share(queues: Sequence[SendQueue], room: Room, take: Take, turn: int) -> int:
    """Takes from the queues until they or the room are used up; answers how many.

    Room is divided evenly among the queues that want it, gateway by gateway, and what one leaves is the others'.
    `turn` grows from round to round, so that where there is room for one only, each is first in its turn.
    """
    taken = 0
    for bulk in (False, True):
        pending = _rotated([queue for queue in queues if queue.bulk is bulk], turn)
        while pending:
            pending, count = _pass(pending, room, take)
            taken += count
    return taken


def _pass(pending: Sequence[SendQueue], room: Room, take: Take) -> tuple[list[SendQueue], int]:
    """One equal portion each. Those that may want more come again."""
    again: list[SendQueue] = []
    taken = 0
    wanting = _count(queue.gateway_id for queue in pending)
    for queue in pending:
        left, sharing = room.left(queue), wanting[queue.gateway_id]
        wanting[queue.gateway_id] -= 1
        if left <= 0:
            continue
        portion = max(1, left // sharing)
        got = take(queue, portion)
        room.use(queue, got)
        taken += got
        if got == portion:
            again.append(queue)
    return again, taken


def _rotated(queues: list[SendQueue], turn: int) -> list[SendQueue]:
    start = turn % len(queues) if queues else 0
    return queues[start:] + queues[:start]


def _count(gateways: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for gateway_id in gateways:
        counts[gateway_id] = counts.get(gateway_id, 0) + 1
    return counts
