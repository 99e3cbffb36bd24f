"""Events become work: a row for each hook that is to be told, made in the transaction that moves the cursor."""

from collections.abc import Callable, Sequence

from gateway.domain.ids import IdSource
from gateway.domain.model import Event, Work
from gateway.storage.records import WORK
from gateway.storage.session import Session

FOLLOWER = "to_work"
HOOK = "hook"

More = Callable[[Session, int, Sequence[Event]], Sequence[Work]]
"""Further work that some events of a workspace are: `Alerts.work`, `Subscriptions.work`."""

Listeners = Callable[[str], Sequence[tuple[str, str]]]
"""(plugin, hook) for everyone to be told of an event of that type: `Dispatcher.listeners`."""


class ToWork:
    """Rows carry the event's position, not the event: it is read from the log when the hook is called.

    Rows and cursor are committed together, so an event makes its rows once, however often a node dies in between.
    """

    def __init__(
        self, listeners: Listeners, ids: IdSource, clock: Callable[[], int], more: Sequence[More] = ()
    ) -> None:
        self._listeners = listeners
        self._more = more
        self._ids = ids
        self._clock = clock
        self._made = False

    def apply(self, session: Session, workspace_id: int, events: Sequence[Event]) -> None:
        """Adds the work of some events."""
        now = self._clock()
        rows = [
            Work(
                workspace_id=workspace_id,
                id=self._ids.next(),
                kind=HOOK,
                due_at=now,
                created_at=now,
                data={"plugin": plugin, "hook": hook, "position": event.position},
            )
            for event in events
            for plugin, hook in self._listeners(event.type)
        ]
        for further in self._more:
            rows += further(session, workspace_id, events)
        if rows:
            WORK.insert(session, rows)
            self._made = True

    def made(self) -> bool:
        """Whether rows were made since this was asked last: then somebody is to be woken."""
        made, self._made = self._made, False
        return made
