"""Which number of a pool: the one this contact knows, else one that is well and near, else their even share."""

from collections.abc import Sequence

from gateway.core.carrying import Question
from gateway.core.gateway_choice import choose_gateway
from gateway.core.scene import Scene
from gateway.domain.address import AddressKind
from gateway.domain.nearness import Nearness, nearness
from gateway.domain.record import record
from gateway.domain.settings import Pool, Sender
from gateway.domain.spread import spread

_NEAR = {
    Nearness.AREA: "from their area",
    Nearness.REGION: "from their region",
    Nearness.COUNTRY: "from their country",
}


@record
class Member:
    """A number of a pool, and why this one."""

    sender: Sender
    reason: str


def choose_member(scene: Scene, question: Question, pool: Pool) -> Member | None:
    """The pool's number for this contact; None when none of it can carry the message."""
    able = [(one, way.well) for one in _members(scene, pool) if (way := choose_gateway(scene, question, one))]
    if not able:
        return None
    known = _known(question, [one for one, _ in able]) if pool.sticky else None
    if known is not None:
        return Member(known, f"Of {pool.name}, the one they know")
    working = [one for one, well in able if well] or [one for one, _ in able]
    near = _distances(question, working) if pool.nearest else {}
    best = max(near.values(), default=Nearness.FAR)
    nearest = [one for one in working if near.get(one.id, Nearness.FAR) is best]
    drawn = spread(question.to.value, {one.id: 1 for one in nearest})[0]
    chosen = next(one for one in nearest if one.id == drawn)
    where = _NEAR.get(best)
    return Member(chosen, f"Of {pool.name}, one {where}" if where else f"Of {pool.name}, their share")


def _members(scene: Scene, pool: Pool) -> list[Sender]:
    found = (scene.view.senders.get(sender_id) for sender_id in pool.sender_ids)
    return [one for one in found if one is not None and one.removed_at is None]


def _known(question: Question, able: Sequence[Sender]) -> Sender | None:
    root = question.root
    for known in (root.sticky_sender_id, root.inbound_sender_id) if root else ():
        for one in able:
            if one.id == known:
                return one
    return None


def _distances(question: Question, senders: Sequence[Sender]) -> dict[int, Nearness]:
    if question.to.kind is not AddressKind.PHONE:
        return {}
    return {one.id: nearness(one.value, question.to.value) for one in senders}
