"""The newest events this node wrote, in memory: its followers needn't read back what it has just written."""

from collections import deque
from collections.abc import Sequence
from itertools import islice

from gateway.domain.model import Event

KEPT = 4_000
"""Events of a workspace. At some 300 bytes each, about a megabyte; whoever is further behind reads the log."""


class EventTail:
    """An unbroken piece of each workspace's log, up to the newest event that was committed here.

    Where others write too it has gaps, and then begins anew behind them: it may know less than the log, never more.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._pieces: dict[int, deque[Event]] = {}

    def take(self, events: Sequence[Event]) -> None:
        """What was just committed, in the order of the log. A listener of the writer's commits."""
        for event in events:
            piece = self._pieces.get(event.workspace_id)
            if piece is None:
                piece = self._pieces[event.workspace_id] = deque(maxlen=self._kept)
            if piece and event.position != piece[-1].position + 1:
                if event.position <= piece[-1].position:  # a batch that was committed before one that is here already
                    continue
                piece.clear()
            piece.append(event)

    def after(self, workspace_id: int, position: int, limit: int) -> list[Event]:
        """Up to `limit` events that follow `position` at once, ascending; none where the log must be asked."""
        piece = self._pieces.get(workspace_id)
        if not piece:
            return []
        begin = position + 1 - piece[0].position
        if begin < 0 or begin >= len(piece):
            return []
        return list(islice(piece, begin, begin + limit))
