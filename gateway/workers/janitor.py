"""Removing what is past its time, in small bites, and counting what waits."""

from collections.abc import Awaitable, Callable
from dataclasses import fields
from functools import partial

import structlog

from gateway.host.pace import Pace
from gateway.storage import work_views
from gateway.storage.campaign_counts import keep_counts
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.storage.purge import Purged, purge
from gateway.storage.removal import empty_workspace, removed_workspaces
from gateway.storage.retention import keep_no_longer
from gateway.workers.metrics import WorkMetrics

CLEAN_S = 3600.0
COUNT_S = 15.0
_BREATH_S = 0.2
_TABLES = tuple(field.name for field in fields(Purged))

_log = structlog.get_logger(__name__)


class Janitor:
    """Hourly. Between bites it lets others write. `sweep` removes files that nothing names, and says how many."""

    def __init__(
        self, database: Database, sweep: Callable[[], Awaitable[int]], metrics: WorkMetrics, pace: Pace
    ) -> None:
        self._database = database
        self._sweep = sweep
        self._metrics = metrics
        self._pace = pace

    async def run(self) -> None:
        """Cleans and counts until cancelled."""
        cleaned_at: float | None = None
        while True:
            try:
                await self.count()
                if cleaned_at is None or self._pace.monotonic() - cleaned_at >= CLEAN_S:
                    await self.clean()
                    await self.keep_no_longer()
                    await self.empty_removed()
                    await self.count_campaigns()
                    self._metrics.purged.labels("files").inc(await self._sweep())
                    cleaned_at = self._pace.monotonic()
            except (StorageUnavailable, Conflict) as error:
                _log.warning("janitor waits", error=str(error))
            await self._pace.sleep(COUNT_S)

    async def clean(self) -> int:
        """Removes all that is past its time; answers how many rows."""
        total = 0
        while True:
            purged: Purged = await self._database.write(partial(purge, now=self._pace.clock()))
            for table in _TABLES:
                count = getattr(purged, table)
                self._metrics.purged.labels(table).inc(count)
                total += count
            if not purged.more:
                return total
            await self._pace.sleep(_BREATH_S)

    async def keep_no_longer(self) -> None:
        """Removes what workspaces keep only for so long, a slice at a time."""
        while True:
            done = await self._database.write(partial(keep_no_longer, now=self._pace.clock()))
            for kind, count in done.items():
                self._metrics.purged.labels(kind).inc(count)
            if not any(done.values()):
                return
            await self._pace.sleep(_BREATH_S)

    async def empty_removed(self) -> None:
        """Takes apart the workspaces that were removed, a bite at a time."""
        for workspace_id in await self._database.read(removed_workspaces):
            while await self._database.write(partial(empty_workspace, workspace_id=workspace_id)):
                await self._pace.sleep(_BREATH_S)
            _log.info("workspace is gone", workspace=workspace_id)

    async def count_campaigns(self) -> None:
        """Keeps what became of campaigns that are over, so that a list of them counts no recipients."""
        after: int | None = 0
        while after is not None:
            after = await self._database.write(partial(keep_counts, now=self._pace.clock(), after=after))
            await self._pace.sleep(_BREATH_S)

    async def count(self) -> None:
        """Sets the gauges of what waits, runs and is parked."""
        counts = await self._database.read(work_views.counts)
        self._metrics.waiting.clear()
        self._metrics.oldest.clear()
        now = self._pace.clock()
        for one in counts:
            self._metrics.waiting.labels(one.kind, one.state).set(one.count)
            self._metrics.oldest.labels(one.kind, one.state).set(max(0, now - one.oldest_due_at) / 1000)
