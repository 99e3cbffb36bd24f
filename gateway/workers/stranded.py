"""Sends that wait at a gateway that doesn't send: moved to another that serves their sender, where there is one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.model import Work
from gateway.domain.record import record
from gateway.domain.settings import Gateway, Sender
from gateway.storage import send_queue
from gateway.storage.database import Database
from gateway.storage.session import Session
from gateway.workers.flow import Flow
from gateway.workers.under_way import LEASE_MS

LOOK_S = 5.0
AT_ONCE = 100


Move = Callable[[Work, str], Awaitable[bool]]
"""Moves one send, or puts it back; the sentence says why it does not leave where it waits."""


@record
class Stuck:
    """A gateway that doesn't send, why, and the senders whose messages could leave elsewhere."""

    gateway_id: int
    reason: str
    sender_ids: tuple[int, ...]


class Stranded:
    """Looks every few seconds, not every round: what waits a little longer has waited for an outage already."""

    def __init__(self, database: Database, move: Move, clock: Callable[[], int], owner: str) -> None:
        self._database = database
        self._move = move
        self._clock = clock
        self._owner = owner
        self._looked: float | None = None

    async def free(self, views: Sequence[WorkspaceView], flows: Mapping[int, Flow], now: float) -> int:
        """Moves what can be moved; answers how many that were."""
        if self._looked is not None and now - self._looked < LOOK_S:
            return 0
        self._looked = now
        found = [stuck for view in views for stuck in find_stuck(view, flows, now)]
        if not found:
            return 0
        rows = await self._database.write(partial(_claim, found=found, owner=self._owner, now=self._clock()))
        return sum(await asyncio.gather(*(self._move(row, stuck.reason) for row, stuck in rows)))


def _claim(session: Session, found: Sequence[Stuck], owner: str, now: int) -> list[tuple[Work, Stuck]]:
    return [
        (row, stuck)
        for stuck in found
        for row in send_queue.claim_stranded(session, stuck.gateway_id, stuck.sender_ids, owner, now, AT_ONCE, LEASE_MS)
    ]


def find_stuck(view: WorkspaceView, flows: Mapping[int, Flow], now: float) -> Iterator[Stuck]:
    """The gateways of a workspace that don't send. One that is paused on purpose keeps what waits there."""
    for gateway in view.gateways.values():
        reason = _why(gateway, flows, now)
        if reason is None:
            continue
        leave = tuple(
            sender.id
            for sender in view.senders.values()
            if gateway.removed_at is not None or _elsewhere(view, sender, gateway, flows, now)
        )
        if leave:
            yield Stuck(gateway.id, reason, leave)


def _why(gateway: Gateway, flows: Mapping[int, Flow], now: float) -> str | None:
    if gateway.removed_at is not None:
        return f"{gateway.name} was removed."
    if not gateway.enabled:
        return f"{gateway.name} is switched off."
    flow = flows.get(gateway.id)
    return f"{gateway.name} is not reached at the moment." if flow is not None and flow.is_out(now) else None


def _elsewhere(view: WorkspaceView, sender: Sender, gateway: Gateway, flows: Mapping[int, Flow], now: float) -> bool:
    others = (one for one in view.serving(sender) if one.id != gateway.id and not one.paused)
    return any(one.id not in flows or not flows[one.id].is_out(now) for one in others)
