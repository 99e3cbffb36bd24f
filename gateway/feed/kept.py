"""Settings that a follower keeps in memory, each as it stands at its place in the log."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from gateway.domain.events import EventType
from gateway.domain.model import Event
from gateway.domain.record import record
from gateway.storage.session import Session

R = TypeVar("R")


@record
class _Picture(Generic[R]):
    """How things stood when the log had been followed up to `position`."""

    position: int
    records: Sequence[R]


class Kept(Generic[R]):
    """Records of one noun: an event that nobody wants costs no query.

    Every change of them is an event of the same log: they are read again when one is met, and whenever another node has
    followed the log in between. Positions have no gaps, which is how that is known.
    """

    def __init__(self, noun: str, read: Callable[[Session, int], Sequence[R]]) -> None:
        self._noun = noun
        self._read = read
        self._known: dict[int, _Picture[R]] = {}

    def along(
        self, session: Session, workspace_id: int, events: Sequence[Event]
    ) -> Iterator[tuple[Event, Sequence[R], int | None]]:
        """Each event with the records as they are then, and the id of the one that it says was changed."""
        known = self._known.get(workspace_id)
        fresh = known is not None and known.position + 1 == events[0].position
        records = known.records if known and fresh else self._read(session, workspace_id)
        for event in events:
            changed = self._changed(event)
            if changed is not None:
                records = self._read(session, workspace_id)
            yield event, records, changed
        self._known[workspace_id] = _Picture(events[-1].position, records)

    def _changed(self, event: Event) -> int | None:
        if event.type != EventType.SETTINGS_CHANGED or event.data.get("noun") != self._noun:
            return None
        return int(event.data["id"])
