"""Which of the gateways that serve a sender carries a message: of those that are well, the one it is set to prefer."""

from collections.abc import Callable, Sequence
from typing import Any

from gateway.core.carrying import Question, can_carry, capabilities_through, channel_of
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.prices import Price, Prices, price_of
from gateway.domain.record import record
from gateway.domain.sender import Capabilities
from gateway.domain.settings import Gateway, GatewayChoice, GatewayHealth, Sender
from gateway.domain.spread import spread

UNWELL = ("degraded", "down", "paused")
_RANK = {"ok": 0, "degraded": 1, "down": 2, "paused": 3}
_SAYS = {1: "It does not work well at the moment", 2: "It is down", 3: "It is paused"}


@record
class GatewayVote:
    """What was thought of one gateway."""

    gateway: Gateway
    chosen: bool
    reason: str

    def as_facts(self) -> dict[str, Any]:
        """As it is stored with the message."""
        name = self.gateway.name
        return {
            "step": "gateway",
            "gateway_id": self.gateway.id,
            "gateway": name,
            "accepted": self.chosen,
            "reason": self.reason,
        }


@record
class ChosenGateway:
    """The gateway, what the sender can do through it, and what was thought of the others.

    `detour`: another is preferred, and not well; so this choice is nothing to remember.
    """

    gateway: Gateway
    capabilities: Capabilities
    well: bool
    detour: bool
    votes: tuple[GatewayVote, ...]


def health_needs(needs: Needs) -> None:
    """The gateways that are not well: most of the time none."""
    needs.record(GatewayHealth, "state", UNWELL)


def price_tables(sender: Sender, gateway: Gateway | None) -> list[Prices]:
    """Whose prices count: the sender's own, then its gateway's."""
    return [sender.prices, *([gateway.prices] if gateway else [])]


def choose_gateway(
    scene: Scene, question: Question, sender: Sender, without: frozenset[int] = frozenset()
) -> ChosenGateway | None:
    """The gateway for a message from this sender, or None when none that serves it can carry it."""
    able: list[Gateway] = []
    votes: list[GatewayVote] = []
    for gateway in scene.view.serving(sender):
        refusal = can_carry(capabilities_through(scene, gateway, sender), question)
        if gateway.id in without:
            refusal = "It was tried before."
        if refusal is None:
            able.append(gateway)
        else:
            votes.append(GatewayVote(gateway, False, refusal))
    if not able:
        return None
    preferred, why = _preferred(scene, question, sender, able)
    asked = [one for one in preferred if one.id == question.gateway_id]
    by_health = sorted(preferred, key=lambda one: _rank(scene, one))
    chosen = asked[0] if asked else by_health[0]
    reason = "Chosen for this message" if asked else why(chosen)
    votes.insert(0, GatewayVote(chosen, True, reason))
    votes += [GatewayVote(one, False, _after(scene, one, chosen)) for one in by_health if one is not chosen]
    well = _rank(scene, chosen) < _RANK["down"]
    capabilities = capabilities_through(scene, chosen, sender)
    return ChosenGateway(chosen, capabilities, well, chosen is not preferred[0] and not asked, tuple(votes))


def _preferred(
    scene: Scene, question: Question, sender: Sender, able: Sequence[Gateway]
) -> tuple[list[Gateway], Callable[[Gateway], str]]:
    """In the order of preference if all were well, and why one of them is taken."""
    places = {gateway_id: place for place, gateway_id in enumerate(sender.gateway_ids)}
    in_order = sorted(able, key=lambda one: places[one.id])
    if len(in_order) == 1:
        return in_order, lambda gateway: "The only one that can"
    match sender.gateway_choice:
        case GatewayChoice.CHEAPEST:
            prices = {one.id: _unit_price(scene, question, sender, one) for one in in_order}
            in_order.sort(key=lambda one: _micros(prices[one.id]))
            return in_order, lambda gateway: _said(prices[gateway.id])
        case GatewayChoice.WEIGHT:
            weights = {one.id: sender.gateway_weights.get(str(one.id), 1) for one in in_order}
            drawn = spread(question.to.value, weights)
            return sorted(in_order, key=lambda one: drawn.index(one.id)), lambda gateway: "This contact's share"
        case GatewayChoice.LAST_USED:
            sticky = question.root.sticky_gateway_id if question.root else None
            in_order.sort(key=lambda one: one.id != sticky)
            return in_order, lambda gateway: "Used with this contact before" if gateway.id == sticky else "In order"
    return in_order, lambda gateway: "In order"


def _unit_price(scene: Scene, question: Question, sender: Sender, gateway: Gateway) -> Price | None:
    channel = channel_of(question, capabilities_through(scene, gateway, sender))
    return price_of(price_tables(sender, gateway), channel, question.to.value, 1)


def _micros(price: Price | None) -> float:
    return float("inf") if price is None else price.micros


def _said(price: Price | None) -> str:
    return "In order; its price isn't known" if price is None else f"The cheapest, at {price.text}"


def _rank(scene: Scene, gateway: Gateway) -> int:
    if gateway.paused:
        return _RANK["paused"]
    health = scene.working.get(GatewayHealth, scene.workspace_id, gateway.id)
    return _RANK.get(health.state, 0) if health else 0


def _after(scene: Scene, gateway: Gateway, chosen: Gateway) -> str:
    says = _SAYS.get(_rank(scene, gateway))
    health = scene.working.get(GatewayHealth, scene.workspace_id, gateway.id)
    if says is None:
        return f"It comes after {chosen.name}."
    return f"{says}: {health.reason}" if health and health.reason and not gateway.paused else f"{says}."
