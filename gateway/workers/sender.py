"""The sender: claims sends that are due, several at once over all lanes and gateways, one at a time within a thread."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.model import Work
from gateway.domain.record import record
from gateway.domain.settings import Gateway, Sender
from gateway.host.pace import Pace
from gateway.storage import send_queue
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.storage.send_queue import SendQueue
from gateway.storage.session import Session
from gateway.workers.delivery import Delivery
from gateway.workers.fair_share import share
from gateway.workers.flow import Flow
from gateway.workers.metrics import WorkMetrics
from gateway.workers.probes import Probes
from gateway.workers.room import SendRoom
from gateway.workers.stranded import Stranded
from gateway.workers.throttle import Throttle
from gateway.workers.under_way import LEASE_MS, UnderWay, Wait

LONGEST_HOLD_S = 5.0  # a send that would wait longer for its turn goes back to the queue

_log = structlog.get_logger(__name__)

Views = Callable[[], Awaitable[Sequence[WorkspaceView]]]


@record
class _Claimed:
    work: Work
    gateway: Gateway
    sender: Sender | None


class SenderWorker:
    """`may_send` says whether a gateway's sends are this node's to make: it is on, and its bind, if any, is here."""

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        probes: Probes,
        views: Views,
        may_send: Callable[[Gateway], bool],
        metrics: WorkMetrics,
        pace: Pace,
        owner: str,
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._probes = probes
        self._views = views
        self._may_send = may_send
        self._metrics = metrics
        self._pace = pace
        self._owner = owner
        self._throttle = Throttle(pace.monotonic)
        self._stranded = Stranded(database, delivery.move, pace.clock, owner)
        self._flows: dict[int, Flow] = {}
        self._rounds = 0
        self._tasks = UnderWay()

    @property
    def under_way(self) -> frozenset[int]:
        """Ids of work this process is busy with, whatever their leases say."""
        return self._tasks.ids

    async def run(self, wait: Wait, wake: Callable[[], None]) -> None:
        """Claims and sends until `drain`; `wake` rings what `wait` waits for, when a lane may go on."""
        await self._tasks.run(self.round, wait, wake, "sends")

    async def round(self, wake: Callable[[], None]) -> int:
        """Claims once and begins what it got; answers how many."""
        views, now = await self._views(), self._pace.monotonic()
        gateways = {one.id: one for view in views for one in view.live(view.gateways) if self._may_send(one)}
        senders = {id_: sender for view in views for id_, sender in view.senders.items()}
        for gateway_id in gateways:
            self._flows.setdefault(gateway_id, Flow())
        self._metrics.breakers_open.set(sum(flow.is_resting(now) for flow in self._flows.values()))
        await self._probes.look(views, gateways, self._flows, now)
        await self._stranded.free(views, self._flows, now)
        room = SendRoom(gateways, senders, self._flows, self._throttle, len(self._tasks), now)
        open_ = room.open()
        if not open_:
            return 0
        # Most wake-ups are about something else: looking takes no lock, claiming does.
        due = _Due(open_, self._pace.clock())
        queues = await self._database.read(due.queues)
        if not queues:
            return 0
        self._rounds += 1
        claim = partial(_claim, due=due, queues=queues, room=room, turn=self._rounds, owner=self._owner)
        # Not durable: a claim that is lost leaves the message queued, and it does not leave before BeginSend is stored.
        rows = await self._database.write(claim, durable=False)
        for work in rows:
            self._begin(_Claimed(work, gateways[work.gateway_id or 0], senders.get(work.sender_id)), wake)
        return len(rows)

    async def drain(self, seconds: float) -> None:
        """Begins nothing new and waits for what is under way; what is not done by then is recovered by its lease."""
        await self._tasks.drain(seconds)

    async def settled(self) -> None:
        """Waits until nothing is under way."""
        await self._probes.settled()
        await self._tasks.settled()

    def _begin(self, claimed: _Claimed, wake: Callable[[], None]) -> None:
        flow = self._flows[claimed.gateway.id]
        flow.under_way += 1
        self._metrics.in_flight.inc()

        def ended() -> None:
            flow.under_way -= 1
            self._metrics.in_flight.dec()
            wake()

        self._tasks.begin(claimed.work.id, f"send {claimed.work.id}", self._send(claimed, flow), ended)

    async def _send(self, claimed: _Claimed, flow: Flow) -> None:
        """Waits for its turn and delivers. What fails before it began is recovered when the lease ends."""
        work = claimed.work
        try:
            pause = self._turn(claimed)
            if pause > LONGEST_HOLD_S:
                await self._delivery.postpone(work, pause, None)
                return
            if pause > 0:
                self._metrics.throttled_seconds.labels(claimed.gateway.plugin).inc(pause)
                await self._pace.sleep(pause)
            await self._delivery.deliver(work, flow)
        except (StorageUnavailable, Conflict) as error:
            _log.warning("send not begun", work=work.id, error=str(error))
        except Exception:  # noqa: BLE001  one send's trouble is no other's
            _log.exception("send failed", work=work.id)

    def _turn(self, claimed: _Claimed) -> float:
        """Seconds until gateway and sender both have a token for each part. What would wait too long takes none."""
        weight = self._delivery.weight(claimed.work, claimed.gateway)
        keys = [(("gateway", claimed.gateway.id), claimed.gateway.rate, weight)]
        if claimed.sender is not None:
            keys.append((("sender", claimed.sender.id), claimed.sender.rate, float(claimed.work.weight)))
        pause = max(self._throttle.reserve(key, rate, amount) for key, rate, amount in keys)
        if pause > LONGEST_HOLD_S:
            for key, _, amount in keys:
                self._throttle.give_back(key, amount)
        return pause


@record
class _Due:
    """What these gateways have to send at a moment."""

    gateway_ids: list[int]
    now: int

    def queues(self, session: Session) -> list[SendQueue]:
        """People's first."""
        return [
            queue
            for bulk in (False, True)
            for queue in send_queue.waiting(session, self.gateway_ids, self.now, bulk=bulk)
        ]


def _claim(session: Session, due: _Due, queues: list[SendQueue], room: SendRoom, turn: int, owner: str) -> list[Work]:
    """Takes from each queue its fair share of the room there is."""
    rows: list[Work] = []
    mixed = len({queue.bulk for queue in queues}) > 1
    if mixed and send_queue.promote(session, due.gateway_ids, due.now):
        queues = due.queues(session)

    def take(queue: SendQueue, limit: int) -> int:
        found = send_queue.claim(session, queue, owner, due.now, limit, LEASE_MS)
        rows.extend(found)
        return len(found)

    share(queues, room, take, turn)
    return rows
