"""The runner: claims all work that is no send, does it, and finishes, retries or parks each row."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

import structlog

from gateway.core.errors import Refused
from gateway.domain.model import Work
from gateway.domain.record import record
from gateway.host.dispatch import HookFailed
from gateway.host.pace import Pace
from gateway.storage import work_queue
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.workers.backoff import CHORES, Backoff
from gateway.workers.chores import Chore, ChoreFailed
from gateway.workers.metrics import WorkMetrics
from gateway.workers.under_way import LEASE_MS, UnderWay, Wait

AT_ONCE = 32
STORAGE_AGAIN_S = 2.0
"""After which work is tried again that met changes of others, or a database that was away for a moment."""

_log = structlog.get_logger(__name__)


@record(gc=True)
class Kind:
    """How one kind of work is done, how often it is tried, and what giving up does (None: it is parked).

    `at_once` is how many rows of it this process has under way at most.
    """

    do: Chore
    backoff: Backoff = CHORES
    give_up: Chore | None = None
    at_once: int = AT_ONCE


class Runner:
    """`kinds` in the order they are served. Each kind has its own places, so that slow hooks hold up no timer."""

    def __init__(
        self, database: Database, kinds: Mapping[str, Kind], metrics: WorkMetrics, pace: Pace, owner: str
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._metrics = metrics
        self._pace = pace
        self._owner = owner
        self._busy: Counter[str] = Counter()  # by kind
        self._tasks = UnderWay()

    @property
    def under_way(self) -> frozenset[int]:
        """Ids of work this process is busy with, whatever their leases say."""
        return self._tasks.ids

    async def run(self, wait: Wait, wake: Callable[[], None]) -> None:
        """Claims and works until `drain`; `wake` rings what `wait` waits for, when a place is free again."""
        await self._tasks.run(self.round, wait, wake, "work")

    async def round(self, wake: Callable[[], None]) -> int:
        """Claims once and begins what it got; answers how many."""
        now = self._pace.clock()
        room = {
            name: kind.at_once - self._busy[name]
            for name, kind in self._kinds.items()
            if self._busy[name] < kind.at_once
        }
        if not room:
            return 0
        rows = await self._database.write(
            lambda session: [
                row
                for kind, limit in room.items()
                for row in work_queue.claim(session, (kind,), self._owner, now, limit, LEASE_MS)
            ]
        )
        for row in rows:
            self._begin(row, wake)
        return len(rows)

    async def drain(self, seconds: float) -> None:
        """Begins nothing new and waits for what is under way; the rest is recovered by its lease."""
        await self._tasks.drain(seconds)

    async def settled(self) -> None:
        """Waits until nothing is under way."""
        await self._tasks.settled()

    def _begin(self, row: Work, wake: Callable[[], None]) -> None:
        self._busy[row.kind] += 1

        def ended() -> None:
            self._busy[row.kind] -= 1
            wake()

        self._tasks.begin(row.id, f"{row.kind} {row.id}", self._work(row), ended)

    async def _work(self, row: Work) -> None:
        try:
            await self._do(row)
        except (StorageUnavailable, Conflict) as error:  # not given back either: its lease ends, and it is tried again
            _log.warning("work not given back", kind=row.kind, work=row.id, error=str(error))

    async def _do(self, row: Work) -> None:
        kind = self._kinds[row.kind]
        try:
            await kind.do(row)
        except (StorageUnavailable, Conflict) as error:
            _log.warning("work not finished", kind=row.kind, work=row.id, error=str(error))
            await self._failed(row, kind, str(error), STORAGE_AGAIN_S, counts=False)
        except HookFailed as error:
            rests = error.retry_after is not None  # the plugin is left alone: that is no try
            await self._failed(row, kind, error.sentence, error.retry_after, counts=not rests)
        except ChoreFailed as error:
            await self._failed(row, kind, error.sentence, error.retry_after, counts=error.counts)
        except Refused as error:  # what it was about is gone, or no longer so
            _log.info("work was not wanted any more", kind=row.kind, work=row.id, reason=error.code)
            await self._finish(row, "refused")
        except Exception as error:  # noqa: BLE001  one row's trouble is no other's
            _log.exception("work failed", kind=row.kind, work=row.id)
            await self._failed(row, kind, f"{type(error).__name__}: {error}", None)
        else:
            await self._finish(row, "done")

    async def _failed(
        self, row: Work, kind: Kind, sentence: str, retry_after: float | None, *, counts: bool = True
    ) -> None:
        failures = row.attempts + 1
        if counts and kind.backoff.exhausted(failures):
            if kind.give_up is not None:
                await kind.give_up(row)
                await self._finish(row, "given_up")
                return
            await self._database.write(partial(work_queue.park, row=row, error=sentence))
            self._metrics.work.labels(row.kind, "parked").inc()
            return
        wait = kind.backoff.pause(failures, self._pace) if retry_after is None else retry_after
        due_at = self._pace.clock() + round(wait * 1000)
        await self._database.write(
            partial(work_queue.retry_later, row=row, due_at=due_at, error=sentence, count_attempt=counts)
        )
        self._metrics.work.labels(row.kind, "failed").inc()

    async def _finish(self, row: Work, outcome: str) -> None:
        await self._database.write(partial(work_queue.finish, rows=[row]))
        self._metrics.work.labels(row.kind, outcome).inc()
