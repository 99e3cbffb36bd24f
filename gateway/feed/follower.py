"""Following the event log with a stored cursor, in batches; the cursor moves with the work it stands for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import field
from functools import partial

import structlog

from gateway.domain.model import Event
from gateway.domain.record import record
from gateway.feed.metrics import FeedMetrics
from gateway.feed.tail import EventTail
from gateway.feed.wakeups import EVENTS, Wakeups
from gateway.storage import cursors, event_log
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.storage.session import Session

BATCH = 500
LOOK_S = 1.0
REST_S = 0.05
FIRST_BACKOFF_S = 1.0
LONGEST_BACKOFF_S = 60.0

_log = structlog.get_logger(__name__)

Apply = Callable[[Session, int, Sequence[Event]], None]
"""What a follower does with a workspace's events, in the transaction that moves its cursor; it changes nothing else."""


@record(gc=True)
class FollowingWay:
    """How many events at once, how long a busy log rests in between, and what is known of it without reading it."""

    batch: int = BATCH
    rest_s: float = REST_S
    tail: EventTail = field(default_factory=EventTail)  # an empty one knows nothing: the log is read


class _Overtaken(Exception):
    """Another node dealt with these events first; this transaction's work is undone."""


class Follower:
    """One reader of all workspaces' logs. Two nodes may run the same one: of both, one moves the cursor.

    What happens alone is dealt with at once; after that, whatever comes within `rest_s` seconds is dealt with together,
    so that a busy log costs a few commits a second and not one for each commit it follows.

    A workspace whose events can't be dealt with is tried again with growing pauses; the others go on.
    """

    def __init__(
        self,
        name: str,
        apply: Apply,
        database: Database,
        workspace_ids: Callable[[], Awaitable[Sequence[int]]],
        metrics: FeedMetrics,
        monotonic: Callable[[], float],
        *,
        way: FollowingWay = FollowingWay(),
    ) -> None:
        self.name = name
        self._apply = apply
        self._database = database
        self._workspace_ids = workspace_ids
        self._metrics = metrics
        self._monotonic = monotonic
        self._tail = way.tail
        self._batch = way.batch
        self._rest_s = way.rest_s
        self._cursors: dict[int, int] = {}  # where this node left them; another may have moved them since
        self._pauses: dict[int, tuple[float, float]] = {}  # workspace: until when, how long the next one is

    async def run(self, wakeups: Wakeups, after: Callable[[], None] | None = None) -> None:
        """Follows until cancelled; `after` is called whenever something was done."""
        bell = wakeups.listen(EVENTS)
        try:
            while True:
                try:
                    done = await self.catch_up()
                except StorageUnavailable:
                    done = 0
                if done and after is not None:
                    after()
                if done:
                    await asyncio.sleep(self._rest_s)
                await bell.wait(LOOK_S)
        finally:
            bell.close()

    async def catch_up(self) -> int:
        """Deals with everything new; answers how many events that were."""
        total = 0
        for workspace_id in await self._workspace_ids():
            until, _ = self._pauses.get(workspace_id, (0.0, 0.0))
            if self._monotonic() >= until:
                total += await self._follow(workspace_id)
        return total

    async def _follow(self, workspace_id: int) -> int:
        total = 0
        try:
            while count := await self._step(workspace_id):
                total += count
                if count < self._batch:
                    break
        except (StorageUnavailable, asyncio.CancelledError):
            raise
        except Exception:  # noqa: BLE001  one workspace's trouble must not stop the others
            self._metrics.faults.labels(self.name).inc()
            self._pause(workspace_id)
        else:
            self._pauses.pop(workspace_id, None)
        return total

    async def _step(self, workspace_id: int) -> int:
        """One batch; 0 when there is nothing new."""
        found = self._remembered(workspace_id)
        if not found[1]:
            found = await self._database.read(partial(self._read, workspace_id=workspace_id))
        if not found[1]:
            return 0
        try:
            # Not durable: what is lost with the machine's power is lost with its cursor, and is done again.
            deal = partial(self._deal, workspace_id=workspace_id, found=found)
            count = await self._database.write(deal, durable=False)
        except (_Overtaken, Conflict):
            return 0
        self._cursors[workspace_id] = found[1][-1].position
        self._metrics.followed.labels(self.name).inc(count)
        return count

    def _remembered(self, workspace_id: int) -> tuple[int, list[Event]]:
        """What this node itself wrote behind the place where it left the cursor."""
        position = self._cursors.pop(workspace_id, None)
        return (0, []) if position is None else (position, self._tail.after(workspace_id, position, self._batch))

    def _read(self, session: Session, workspace_id: int) -> tuple[int, list[Event]]:
        position = cursors.position(session, self.name, workspace_id)
        return position, event_log.after(session, workspace_id, position, self._batch)

    def _deal(self, session: Session, workspace_id: int, found: tuple[int, list[Event]]) -> int:
        position, events = found
        self._apply(session, workspace_id, events)
        if not cursors.advance(session, self.name, workspace_id, position, events[-1].position):
            raise _Overtaken
        return len(events)

    def _pause(self, workspace_id: int) -> None:
        _, length = self._pauses.get(workspace_id, (0.0, FIRST_BACKOFF_S))
        _log.exception("follower stuck", follower=self.name, workspace=workspace_id, seconds=length)
        self._pauses[workspace_id] = (self._monotonic() + length, min(length * 2, LONGEST_BACKOFF_S))
