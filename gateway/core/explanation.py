"""Why a message has its number, its way and its price: what was kept with it when that was decided, read again."""

from collections.abc import Mapping
from typing import Any

from gateway.domain.model import Message
from gateway.domain.prices import Price
from gateway.domain.record import record


@record
class SenderVote:
    """What one resolver of the sender chain said."""

    resolver: str
    sender_id: int | None
    sender: str | None
    accepted: bool
    reason: str


@record
class WayVote:
    """What was thought of one gateway; `at` (ms) is set where it took over from another later."""

    gateway_id: int
    gateway: str
    accepted: bool
    reason: str
    at: int | None = None


@record
class Explanation:
    """All of it. `estimate` is what it was said to cost, `cost` what it costs as far as is known now."""

    votes: tuple[SenderVote, ...]
    gateways: tuple[WayVote, ...]
    failovers: tuple[WayVote, ...]
    form: str | None
    hour: str | None
    wish: str | None
    estimate: Price | None
    cost: Price | None

    @property
    def corrected(self) -> bool:
        """Whether it came to cost something else: the provider said so, or it went another way."""
        return self.cost is not None and self.cost != self.estimate


def explain(message: Message) -> Explanation:
    """Reads a message's facts."""
    facts = [one for one in message.route if isinstance(one, Mapping)]

    def of(step: str) -> list[Mapping[str, Any]]:
        return [one for one in facts if one.get("step") == step]

    price = next(iter(of("price")), None)
    cost = message.cost_micros
    return Explanation(
        votes=tuple(map(_vote, of("sender"))),
        gateways=tuple(map(_way, of("gateway"))),
        failovers=tuple(map(_way, of("failover"))),
        form=next((str(one["reason"]) for one in of("form")), None),
        hour=next((str(one["reason"]) for one in of("hour")), None),
        wish=next((str(one["reason"]) for one in of("wish")), None),
        estimate=Price(int(price["micros"]), str(price["currency"])) if price else None,
        cost=Price(cost, message.currency) if cost is not None and message.currency else None,
    )


def _vote(fact: Mapping[str, Any]) -> SenderVote:
    return SenderVote(
        str(fact["resolver"]), fact.get("sender_id"), fact.get("sender"), bool(fact["accepted"]), str(fact["reason"])
    )


def _way(fact: Mapping[str, Any]) -> WayVote:
    return WayVote(
        int(fact["gateway_id"]), str(fact["gateway"]), bool(fact["accepted"]), str(fact["reason"]), fact.get("at")
    )
