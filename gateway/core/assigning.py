"""Who is looked for, for a conversation that nobody has: noted as work in the transaction that left it with nobody."""

from gateway.core.scene import Scene
from gateway.domain.conversation import State
from gateway.domain.model import Conversation
from gateway.domain.people import User
from gateway.domain.working_hours import begins_after

ASSIGN = "assign"
"""Work: find somebody for the conversation that is its subject."""
ASSIGN_WAITING = "assign_waiting"
"""Work: find somebody for those who wait, now that somebody is free."""

HOURS_BEGIN = "hours_begin"
"""Work: the working hours of the user that is its subject begin."""


def look_for(scene: Scene, conversation: Conversation, leaves: int | None = None) -> None:
    """Somebody is looked for if there are rules; not the one who `leaves` it."""
    if scene.view.workspace.assignment and conversation.user_id is None and conversation.state is State.OPEN:
        data = {"leaves": leaves} if leaves else {}
        scene.schedule(ASSIGN, scene.now, subject_id=conversation.id, data=data)


def look_for_waiting(scene: Scene) -> None:
    """Somebody became free, or the rules are others: those who wait may be taken up."""
    if scene.view.workspace.assignment:
        scene.schedule(ASSIGN_WAITING, scene.now)


def one_less(scene: Scene, conversation: Conversation) -> None:
    """Somebody has one conversation less, which matters where a rule has a cap."""
    if conversation.user_id is not None and any(one.get("cap") for one in scene.view.workspace.assignment):
        look_for_waiting(scene)


def note_hours(scene: Scene, user: User) -> None:
    """When somebody's hours begin next is noted, in place of what was: a row for each who has hours, and no polling."""
    scene.drop_work(HOURS_BEGIN, user.id)
    begins = None if user.removed_at or user.working_hours is None else begins_after(user.working_hours, scene.now)
    if begins is not None:
        scene.schedule(HOURS_BEGIN, begins, subject_id=user.id)
