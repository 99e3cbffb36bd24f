"""How many sends may begin now: as windows, rates and this worker have room."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.domain.settings import Gateway, Sender
from gateway.storage.send_queue import SendQueue
from gateway.workers.flow import Flow
from gateway.workers.throttle import Throttle

AT_ONCE = 256
BULK_AT_ONCE = 224  # the rest is kept for people
HORIZON_S = 1.0  # how far ahead of its rate what people send is claimed
BULK_HORIZON_S = 0.25  # and bulk: a reply that comes in waits for no more than that


@dataclass(slots=True)
class SendRoom:
    """One round's room; what begins in it is counted off."""

    gateways: Mapping[int, Gateway]
    senders: Mapping[int, Sender]
    flows: Mapping[int, Flow]
    throttle: Throttle
    under_way: int
    now: float
    _of_gateway: dict[int, int] = field(default_factory=dict)
    _of_sender: dict[int, int] = field(default_factory=dict)

    def open(self) -> list[int]:
        """The gateways that could take something from somebody."""
        if self.under_way >= AT_ONCE:
            return []
        return [one for one in self.gateways if self._gateway(one, bulk=False) > 0]

    def left(self, queue: SendQueue) -> int:
        """Of this queue, as gateway, sender and worker have room for it."""
        worker = (BULK_AT_ONCE if queue.bulk else AT_ONCE) - self.under_way
        gateway = self._gateway(queue.gateway_id, bulk=queue.bulk)
        return int(max(0, min(worker, gateway, self._sender(queue.sender_id, bulk=queue.bulk))))

    def use(self, queue: SendQueue, count: int) -> None:
        """So many begin."""
        self.under_way += count
        self._of_gateway[queue.gateway_id] = self._of_gateway.get(queue.gateway_id, 0) + count
        self._of_sender[queue.sender_id] = self._of_sender.get(queue.sender_id, 0) + count

    def _gateway(self, gateway_id: int, *, bulk: bool) -> float:
        free = self.flows[gateway_id].free(self.now, bulk=bulk)
        by_rate = self.throttle.room(("gateway", gateway_id), self.gateways[gateway_id].rate, _horizon(bulk=bulk))
        return min(free, by_rate) - self._of_gateway.get(gateway_id, 0)

    def _sender(self, sender_id: int, *, bulk: bool) -> float:
        sender = self.senders.get(sender_id)
        rate = sender.rate if sender else None
        return self.throttle.room(("sender", sender_id), rate, _horizon(bulk=bulk)) - self._of_sender.get(sender_id, 0)


def _horizon(*, bulk: bool) -> float:
    return BULK_HORIZON_S if bulk else HORIZON_S
