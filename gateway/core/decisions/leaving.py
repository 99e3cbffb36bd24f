"""Who leaves gives back what they own: to the group if there is one, or to nobody."""

from gateway.core.assigning import look_for
from gateway.core.episodes import owner_facts
from gateway.core.scene import Scene
from gateway.core.threads import append_event
from gateway.domain.conversation import State
from gateway.domain.events import EventType
from gateway.domain.model import Conversation
from gateway.domain.record import replace


def release_user(scene: Scene, user_id: int) -> None:
    """Every conversation this user owns that is not sealed."""
    for conversation in scene.working.all(Conversation):
        if conversation.user_id == user_id and _is_here(scene, conversation):
            _give_back(scene, conversation, replace(conversation, user_id=None))
            look_for(scene, scene.find(Conversation, conversation.id) or conversation, user_id)


def release_group(scene: Scene, group_id: int) -> None:
    """Every conversation of the group that is not sealed; whoever holds one within the group keeps it."""
    for conversation in scene.working.all(Conversation):
        if conversation.group_id == group_id and _is_here(scene, conversation):
            _give_back(scene, conversation, replace(conversation, group_id=None))


def _is_here(scene: Scene, conversation: Conversation) -> bool:
    return conversation.workspace_id == scene.workspace_id and conversation.state is not State.CLOSED


def _give_back(scene: Scene, before: Conversation, after: Conversation) -> None:
    scene.working.put(after)
    was = owner_facts(before)
    facts = {**owner_facts(after), "from_user_id": was["user_id"], "from_group_id": was["group_id"]}
    append_event(scene, EventType.CONVERSATION_ASSIGNED, after, facts)
