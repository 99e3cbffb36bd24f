"""Failover: what was provably not accepted by one gateway goes to another that serves the same sender.

Consent, expiry and the sender's rules are looked at again there, when the send begins (`last_look.py`).
"""

from gateway.core.carrying import Question
from gateway.core.commands.routing import MoveSend
from gateway.core.decisions.leased import fenced, put_back, work_needs
from gateway.core.decisions.uncertain import leave_uncertain, may_be_there, uncertain_needs
from gateway.core.gateway_choice import choose_gateway, health_needs, price_tables
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.statuses import change, move_part
from gateway.domain.address import Address
from gateway.domain.events import EventType
from gateway.domain.model import Conversation, Message, Thread, Work
from gateway.domain.prices import price_of
from gateway.domain.record import replace
from gateway.domain.settings import Gateway
from gateway.domain.status import Status
from gateway.sdk.errors import SendErrorKind

PASSED_ON = frozenset({SendErrorKind.UNAVAILABLE, SendErrorKind.MISCONFIGURED})
"""The failures that say something of the gateway, nothing of the message, and that nothing was accepted."""

TRIED = "tried"
NO_WAY_MS = 30_000
"""How long what can't leave anywhere waits until it is looked at again."""
_MOST_FACTS = 40


def move_needs(command: MoveSend, needs: Needs) -> None:
    """The message with its work, and how the gateways are."""
    work_needs(command.work, needs)
    health_needs(needs)
    if may_be_there(command.work):
        uncertain_needs(command.work, needs)


def move(command: MoveSend, scene: Scene) -> bool:
    """Another gateway gets it; or it waits on; or, where its gateway is gone for good and it never left, it failed."""
    work = fenced(scene, command.work)
    message = scene.find(Message, command.work.subject_id)
    if work is None or message is None:
        return False
    if message.status is not Status.QUEUED:
        scene.working.remove(work)
        return False
    if move_elsewhere(scene, work, message, command.sentence) is not None:
        return True
    gateway = scene.view.gateways.get(message.gateway_id or 0)
    gone = gateway is None or gateway.removed_at is not None
    if gone and may_be_there(work):
        leave_uncertain(scene, work, message)
        return False
    if gone:
        scene.working.remove(work)
        for part in scene.working.parts_of(scene.workspace_id, message.id):
            move_part(scene, part, Status.FAILED)
        change(scene, message, Status.FAILED, sentence=command.sentence, code="gateway-removed", retryable=True)
        return False
    put_back(scene, untried(work), scene.now + NO_WAY_MS, command.sentence)
    return False


def move_elsewhere(scene: Scene, work: Work, message: Message, sentence: str) -> Message | None:
    """The message with another gateway that is well and was not tried yet, or None where there is none: put it back
    `untried`.
    """
    sender = scene.view.senders.get(message.sender_id or 0)
    if sender is None or may_be_there(work):
        return None
    tried = frozenset((*work.data.get(TRIED, ()), message.gateway_id or 0))
    chosen = choose_gateway(scene, _question(scene, message), sender, tried)
    if chosen is None or not chosen.well:
        return None
    put_back(
        scene,
        work,
        scene.now,
        sentence,
        gateway_id=chosen.gateway.id,
        attempts=work.attempts + 1,
        data={**work.data, TRIED: sorted(tried)},
    )
    return _told(scene, back_to_queued(scene, _through(scene, message, chosen.gateway, sentence)))


def untried(work: Work) -> Work:
    """When all gateways were tried they may be tried again from the next failure on: by then one may be back."""
    return replace(work, data={name: value for name, value in work.data.items() if name != TRIED})


def back_to_queued(scene: Scene, message: Message) -> Message:
    """A move backwards on purpose: nothing had left, or the provider knows what it has seen."""
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        if part.status is Status.SENDING:
            scene.working.put(replace(part, status=Status.QUEUED, updated_at=scene.now))
    return change(scene, message, Status.QUEUED)


def _through(scene: Scene, message: Message, gateway: Gateway, sentence: str) -> Message:
    """With its new way, what that costs, and why."""
    sender = scene.view.senders[message.sender_id or 0]
    price = price_of(price_tables(sender, gateway), message.channel, message.their_address, message.segments)
    fact = {
        "step": "failover",
        "gateway_id": gateway.id,
        "gateway": gateway.name,
        "accepted": True,
        "reason": sentence,
        "at": scene.now,
    }
    return scene.working.put(
        replace(
            message,
            gateway_id=gateway.id,
            cost_micros=price.micros if price else None,
            currency=price.currency if price else None,
            route=(*message.route, fact)[-_MOST_FACTS:],
        )
    )


def _told(scene: Scene, message: Message) -> Message:
    scene.emit(
        EventType.MESSAGE_STATUS_CHANGED,
        thread=scene.find(Thread, message.thread_id),
        conversation=scene.find(Conversation, message.conversation_id),
        message_id=message.id,
        data={"status": str(message.status), "action": "failover", "gateway_id": message.gateway_id},
    )
    return message


def _question(scene: Scene, message: Message) -> Question:
    thread = scene.find(Thread, message.thread_id)
    return Question(
        to=Address(message.their_kind, message.their_address),
        channel=message.channel,
        has_media=bool(message.media_ids),
        root=scene.root(thread) if thread else None,
    )
