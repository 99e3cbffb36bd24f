"""The last look before a send begins: still in time, still wanted, still ours to send this way, not at night."""

from gateway.core import consents
from gateway.core.commands.messages import Dropped
from gateway.core.decisions.failover import NO_WAY_MS, move_elsewhere, untried
from gateway.core.decisions.leased import put_back
from gateway.core.decisions.uncertain import leave_uncertain, may_be_there
from gateway.core.quiet import held_until, is_called_off
from gateway.core.scene import Scene
from gateway.core.statuses import change, move_part
from gateway.core.wishes import WAITS, message_waits
from gateway.domain.model import Message, Work
from gateway.domain.status import Status


def last_look(scene: Scene, work: Work, message: Message) -> Dropped | None:
    """Why the send must not begin now; None when it may. What was decided about it then is done."""
    if message.expires_at is not None and message.expires_at <= scene.now:
        return drop(scene, work, message, Status.EXPIRED, "expired", "It could not be sent before it expired.")
    if is_called_off(scene, message):
        return drop(scene, work, message, Status.CANCELLED, "campaign-cancelled", "Its campaign was cancelled.")
    purpose = consents.purpose_of(message.purpose, message.nature)
    refused = consents.refusal(scene, message.their_address, message.our_address, purpose)
    if refused is not None:
        return drop(scene, work, message, Status.FAILED, refused.code, refused.message)
    return _undecided(scene, work, message) or _not_ours(scene, work, message) or _at_night(scene, work, message)


def drop(scene: Scene, work: Work, message: Message, status: Status, code: str, sentence: str) -> Dropped:
    """It shall not be sent: its final status, and nothing left to do. Of what may have left before that is unknown."""
    if may_be_there(work):
        leave_uncertain(scene, work, message)
        return Dropped(code)
    scene.working.remove(work)
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        move_part(scene, part, status, code)
    change(scene, message, status, sentence=sentence, code=code)
    return Dropped(code)


def _not_ours(scene: Scene, work: Work, message: Message) -> Dropped | None:
    """Senders are changed while messages wait: the rules are those of now."""
    sender = scene.view.senders.get(message.sender_id or 0)
    if sender is None or sender.removed_at is not None:
        sentence = f"{message.our_address} was removed before this could be sent."
        return drop(scene, work, message, Status.FAILED, "sender-removed", sentence)
    if message.gateway_id in sender.gateway_ids:
        return None
    sentence = "That gateway does not serve this sender any more."
    if move_elsewhere(scene, work, message, sentence) is not None:
        return Dropped("moved")
    if may_be_there(work):
        leave_uncertain(scene, work, message)
    else:
        put_back(scene, untried(work), scene.now + NO_WAY_MS, sentence)
    return Dropped("no-gateway")


def _undecided(scene: Scene, work: Work, message: Message) -> Dropped | None:
    """The contact may have asked for no more since: a machine's message waits for a person's decision."""
    if not message_waits(scene, message):
        return None
    if may_be_there(work):
        leave_uncertain(scene, work, message)
        return Dropped(WAITS)
    scene.working.remove(work)
    change(scene, message, Status.HELD)
    return Dropped(WAITS)


def _at_night(scene: Scene, work: Work, message: Message) -> Dropped | None:
    """What waited so long that it got dark there: a machine's message goes on in the morning.

    Only what never left: nobody would remember until then that another gateway must not get the rest.
    """
    until = held_until(scene, message)
    if until is None:
        return None
    if may_be_there(work):
        leave_uncertain(scene, work, message)
        return Dropped("quiet-hours")
    scene.working.remove(work)
    scene.schedule("release", until, subject_id=message.id)
    change(scene, message, Status.HELD)
    return Dropped("quiet-hours")
