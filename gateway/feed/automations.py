"""Events become work for automations: a row for each event that a rule waits for, and nothing at all for the others."""

from collections.abc import Callable, Sequence

from gateway.domain.events import EventType
from gateway.domain.ids import IdSource
from gateway.domain.model import Event, Work
from gateway.domain.record import record
from gateway.storage.automation_reads import live_automations
from gateway.storage.session import Session

AUTOMATION = "automation"
"""Work: the rules that wait for the event at `data["position"]`."""


@record
class _Known:
    """Since when each event type is waited for (ms), as of a position of the log."""

    since: dict[str, int]
    position: int


class Automations:
    """Rows for `ToWork`, made in its transaction.

    Which types are waited for is kept in memory and read again when the log says that a rule changed. Another node may
    have dealt with that line of the log; so what is remembered counts only from where this node itself left off.
    """

    def __init__(self, ids: IdSource, clock: Callable[[], int]) -> None:
        self._ids = ids
        self._clock = clock
        self._known: dict[int, _Known] = {}

    def work(self, session: Session, workspace_id: int, events: Sequence[Event]) -> list[Work]:
        """A row for each event that happened since somebody waits for its type; in order within a thread."""
        since = self._since(session, workspace_id, events)
        if not since:
            return []
        now = self._clock()
        return [
            Work(
                workspace_id,
                self._ids.next(),
                AUTOMATION,
                now,
                now,
                # A lane of its own for each thread: below zero, where no thread's messages queue.
                lane=-event.thread_id if event.thread_id else None,
                data={"position": event.position},
            )
            for event in events
            if event.type in since and event.at >= since[event.type]
        ]

    def _since(self, session: Session, workspace_id: int, events: Sequence[Event]) -> dict[str, int]:
        known = self._known.get(workspace_id)
        if known is None or known.position != events[0].position - 1 or any(map(_changes_rules, events)):
            since: dict[str, int] = {}
            for one in live_automations(session, workspace_id):
                if one.enabled and one.enabled_at is not None:
                    since[one.when] = min(one.enabled_at, since.get(one.when, one.enabled_at))
        else:
            since = known.since
        self._known[workspace_id] = _Known(since, events[-1].position)
        return since


def _changes_rules(event: Event) -> bool:
    return event.type == EventType.SETTINGS_CHANGED and event.data.get("noun") == "automation"
