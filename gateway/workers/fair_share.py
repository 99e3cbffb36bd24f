"""Whose turn it is: people's queues before bulk, and within each, every queue as much as every other."""

from collections import Counter
from collections.abc import Callable, Sequence
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
    """One equal portion each. Those that may want more come again, for what others left."""
    again: list[SendQueue] = []
    taken = 0
    sharing = Counter(queue.gateway_id for queue in pending)
    portions = [max(1, room.left(queue) // sharing[queue.gateway_id]) for queue in pending]
    for queue, portion in zip(pending, portions, strict=True):
        limit = min(portion, room.left(queue))
        if limit <= 0:
            continue
        got = take(queue, limit)
        room.use(queue, got)
        taken += got
        if got == limit:
            again.append(queue)
    return again, taken


def _rotated(queues: list[SendQueue], turn: int) -> list[SendQueue]:
    start = turn % len(queues) if queues else 0
    return queues[start:] + queues[:start]
