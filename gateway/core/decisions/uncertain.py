"""A send whose outcome nobody knows: asked about in a minute, settled by a receipt or by a person, never in silence."""

from gateway.core.decisions.receipts import attempt_key, rematch_attempt
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.statuses import change, move_part
from gateway.domain.model import Message, Work
from gateway.domain.status import Status

MAY_BE_THERE = "may_be_there"
"""On work whose message a provider may have after all: only that provider can tell, so no other gets it, and what
can't be tried there any more is uncertain."""

INQUIRY_WAIT_MS = 60_000
"""How long a receipt may take to settle a lost answer before the provider is asked, where it can be."""


def may_be_there(work: Work) -> bool:
    """Whether an earlier try may have reached the provider."""
    return bool(work.data.get(MAY_BE_THERE))


def uncertain_needs(work: Work, needs: Needs) -> None:
    """Receipts that came before anybody could say which part they are for."""
    needs.parked_keys.add(attempt_key(work.subject_id or 0))


def leave_uncertain(scene: Scene, work: Work, message: Message) -> Message:
    """It is not tried again: what became of it is still to be found out."""
    scene.working.remove(work)
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        move_part(scene, part, Status.UNCERTAIN)
    message = change(scene, message, Status.UNCERTAIN)
    rematch_attempt(scene, message)
    message = scene.find(Message, message.id) or message
    if message.status is Status.UNCERTAIN:
        due_at = scene.now + INQUIRY_WAIT_MS
        scene.schedule("check", due_at, subject_id=message.id, gateway_id=message.gateway_id)
    return message
