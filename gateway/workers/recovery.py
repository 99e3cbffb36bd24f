"""Work whose worker is gone: queued again where that is safe, uncertain where it is not.

Leases of work, and the pauses between tries, are times of the wall clock. When that is set they are put right here.
"""

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

import structlog

from gateway.core.caller import Caller, system
from gateway.core.commands.base import Command
from gateway.core.commands.messages import RecoverSend, RematchReceipts
from gateway.domain.model import Work
from gateway.host.pace import Pace
from gateway.storage import clock_shift, parked_receipts, work_queue
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.workers.backoff import CHORES, SENDS, Backoff
from gateway.workers.clock_jumps import SLACK_MS, ClockJumps
from gateway.workers.metrics import WorkMetrics

SWEEP_S = 5.0
LONGEST_LEASE_S = 60.0
_FOR_EVER = (1 << 62) - 1
_MOST = 500

_log = structlog.get_logger(__name__)

Execute = Callable[[Command[Any], Caller], Awaitable[Any]]


class Recovery:
    """Sweeps expired leases. `busy` names work of this process that is under way, whatever the wall clock says.

    `recognises` says whether the provider a send is for refuses a second try of the same attempt.
    """

    def __init__(
        self,
        database: Database,
        execute: Execute,
        busy: Callable[[], Collection[int]],
        recognises: Callable[[Work], Awaitable[bool]],
        metrics: WorkMetrics,
        pace: Pace,
        *,
        backoff: Backoff = CHORES,
        sends: Backoff = SENDS,
    ) -> None:
        self._database = database
        self._execute = execute
        self._busy = busy
        self._recognises = recognises
        self._metrics = metrics
        self._pace = pace
        self._backoff = backoff
        self._sends = sends
        self._jumps = ClockJumps(pace)
        self._believes_from = pace.monotonic()

    async def run(self) -> None:
        """Every few seconds, until cancelled."""
        while True:
            try:
                await self.sweep()
            except (StorageUnavailable, Conflict) as error:
                _log.warning("leases not swept", error=str(error))
            await self._pace.sleep(SWEEP_S)

    async def sweep(self) -> int:
        """Recovers what has expired; answers how many rows that were."""
        now = self._pace.clock()
        await self._notice_a_jump(now)
        await self._rematch(now)
        if self._pace.monotonic() < self._believes_from:
            return 0
        return await self._recover(await self._database.write(partial(work_queue.expired, now=now, limit=_MOST)))

    async def _notice_a_jump(self, now: int) -> None:
        """After one no lease is believed to have ended until each has been renewed, or would have ended anyway."""
        by = self._jumps.by()
        if by == 0:
            return
        _log.warning("the wall clock was set", seconds=by / 1000)
        if by < 0:
            await self._set_back(now, -by)
        self._jumps.forgive()
        self._believes_from = self._pace.monotonic() + LONGEST_LEASE_S

    async def _notice_an_earlier_jump(self, now: int) -> None:
        """While nobody looked: then there is work from the future."""
        by = await self._database.read(partial(clock_shift.ahead, now=now))
        if by > SLACK_MS:
            _log.warning("the wall clock was set back while this node was down", seconds=by / 1000)
            await self._set_back(now, by)

    async def _set_back(self, now: int, by: int) -> None:
        longest = round(LONGEST_LEASE_S * 1000)
        await self._database.write(partial(clock_shift.set_back, now=now, by=by, longest_lease=longest))

    async def _rematch(self, now: int) -> None:
        """A receipt and the answer that names its part may pass each other on two nodes; bring them together."""
        found = await self._database.read(partial(parked_receipts.findable, now=now))
        for workspace_id, keys in found.items():
            await self._execute(RematchReceipts(tuple(sorted(keys))), system(workspace_id))

    async def take_up(self, node: str, owner: str) -> int:
        """At the start: recovers what earlier lives of this node had begun, without waiting for their leases to end.

        `owner` is this life's own name, `{node}/...`.
        """
        await self._notice_an_earlier_jump(self._pace.clock())
        rows = await self._database.write(partial(work_queue.expired, now=_FOR_EVER, limit=100_000))
        mine = [row for row in rows if (row.lease_owner or "").startswith(f"{node}/") and row.lease_owner != owner]
        return await self._recover(mine)

    async def _recover(self, rows: list[Work]) -> int:
        busy = self._busy()
        gone = [row for row in rows if row.id not in busy]
        for row in gone:
            if row.kind == "send":
                await self._execute(RecoverSend(row, await self._again_at(row)), system(row.workspace_id))
            else:
                await self._again(row)
            self._metrics.recovered.labels(row.kind).inc()
        return len(gone)

    async def _again_at(self, row: Work) -> int | None:
        """When to try a send that had begun once more; None where that could double it, or was done often enough."""
        failures = row.attempts + 1
        if self._sends.exhausted(failures) or not await self._recognises(row):
            return None
        return self._pace.clock() + round(self._sends.pause(failures, self._pace) * 1000)

    async def _again(self, row: Work) -> None:
        """Other work may be done twice; what keeps killing its worker is parked."""
        failures = row.attempts + 1
        if self._backoff.exhausted(failures):
            await self._database.write(
                partial(work_queue.park, row=row, error="Its worker ended each time it was tried.")
            )
            return
        due_at = self._pace.clock() + round(self._backoff.pause(failures, self._pace) * 1000)
        await self._database.write(
            partial(work_queue.retry_later, row=row, due_at=due_at, error="Its worker ended before it was done.")
        )
