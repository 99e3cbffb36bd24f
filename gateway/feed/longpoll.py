"""`GET /events`: what a viewer may see of the log after a position, waiting a while when there is nothing yet."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from gateway.core.directory import Directory
from gateway.domain.model import Event
from gateway.domain.visibility import Viewer
from gateway.feed.sight import Sight, sight_of
from gateway.feed.wakeups import EVENTS, Wakeups
from gateway.storage import event_log
from gateway.storage.database import Database

LONGEST_WAIT_S = 60.0
LOOK_S = 1.0
_SCANS = 20


class LongPoll:
    """Reads the log for one request at a time."""

    def __init__(
        self, database: Database, directory: Directory, wakeups: Wakeups, monotonic: Callable[[], float]
    ) -> None:
        self._database = database
        self._directory = directory
        self._wakeups = wakeups
        self._monotonic = monotonic
        self._closing = False

    def close(self) -> None:
        """Answers everyone who waits with what there is: the server is about to stop."""
        self._closing = True
        self._wakeups.wake(EVENTS)

    async def events(
        self,
        workspace_id: int,
        viewer: Viewer,
        after: int,
        *,
        types: Collection[str] | None = None,
        limit: int = 100,
        wait_s: float = 0.0,
    ) -> tuple[Sequence[Event], int]:
        """Up to `limit` events beyond `after`, ascending, and the position to go on from; may be empty after the wait.

        The position moves past events the viewer may not see, so that nothing is scanned twice.
        """
        deadline = self._monotonic() + min(max(wait_s, 0.0), LONGEST_WAIT_S)
        bell = self._wakeups.listen(EVENTS)
        try:
            while True:
                found, after = await self._read(workspace_id, viewer, after, types, limit)
                left = deadline - self._monotonic()
                if found or left <= 0 or self._closing:
                    return found, after
                await bell.wait(min(LOOK_S, left))
        finally:
            bell.close()

    async def _read(
        self, workspace_id: int, viewer: Viewer, after: int, types: Collection[str] | None, limit: int
    ) -> tuple[list[Event], int]:
        policy = (await self._directory.get(workspace_id)).policy
        found: list[Event] = []
        for _ in range(_SCANS):
            read = partial(event_log.after, workspace_id=workspace_id, position=after, limit=limit, types=types)
            events = await self._database.read(read)
            for event in events:
                after = event.position
                if sight_of(viewer, event, policy) is Sight.SEEN:
                    found.append(event)
                    if len(found) == limit:
                        return found, after
            if found or len(events) < limit:
                break
        return found, after
