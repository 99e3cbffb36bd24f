"""Who owns a conversation: claimed by compare-and-set, released, assigned to a user, a group, or both."""

from gateway.core.access import require
from gateway.core.assigning import look_for, one_less
from gateway.core.commands.conversations import AssignConversation, ClaimConversation, ReleaseConversation
from gateway.core.episodes import owner_facts
from gateway.core.errors import conflict, forbidden, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.threads import append_event
from gateway.domain.conversation import State
from gateway.domain.events import EventType
from gateway.domain.model import Conversation
from gateway.domain.record import replace
from gateway.domain.visibility import Permission, may


def owner_needs(command: AssignConversation | ClaimConversation | ReleaseConversation, needs: Needs) -> None:
    """The conversation."""
    needs.conversations.add(command.conversation_id)


def claim(command: ClaimConversation, scene: Scene) -> Conversation:
    """The first one gets it; the second is told who was first."""
    require(scene.caller, Permission.CLAIM)
    conversation = _unsealed(scene, command.conversation_id)
    me = scene.caller.user_id
    if me is None:
        raise forbidden("Only a user can own a conversation.")
    if conversation.user_id == me:
        return conversation
    if conversation.user_id is not None:
        owner = scene.view.users.get(conversation.user_id)
        raise conflict("already-claimed", f"{owner.name if owner else 'Somebody else'} has this conversation already.")
    return _give(scene, conversation, me, conversation.group_id)


def release(command: ReleaseConversation, scene: Scene) -> Conversation:
    """Back to its group, or to nobody."""
    require(scene.caller, Permission.CLAIM)
    conversation = _unsealed(scene, command.conversation_id)
    if conversation.user_id is None:
        return conversation
    _may_move(scene, conversation)
    given = _give(scene, conversation, None, conversation.group_id)
    look_for(scene, given, conversation.user_id)
    one_less(scene, conversation)
    return given


def assign(command: AssignConversation, scene: Scene) -> Conversation:
    """To somebody else. Whoever does not own it needs the right to move what others own."""
    require(scene.caller, Permission.CLAIM)
    conversation = _unsealed(scene, command.conversation_id)
    user_id, group_id = command.user_id, command.group_id
    user = scene.view.users.get(user_id) if user_id is not None else None
    group = scene.view.groups.get(group_id) if group_id is not None else None
    if user_id is not None and (user is None or user.removed_at is not None):
        raise invalid("user_id", "There is no such user.", "not-found")
    if group_id is not None and (group is None or group.removed_at is not None):
        raise invalid("group_id", "There is no such group.", "not-found")
    if user is not None and group is not None and group.id not in user.group_ids:
        raise invalid("user_id", f"{user.name} is not in {group.name}.", "not-in-group")
    if (conversation.user_id, conversation.group_id) == (user_id, group_id):
        return conversation
    _may_move(scene, conversation)
    return _give(scene, conversation, user_id, group_id)


def _unsealed(scene: Scene, conversation_id: int) -> Conversation:
    conversation = scene.conversation(conversation_id)
    if conversation.state is State.CLOSED:
        raise conflict("conversation-closed", "This conversation is sealed; nothing in it can change.")
    return conversation


def _may_move(scene: Scene, conversation: Conversation) -> None:
    caller = scene.caller
    if caller.viewer is None or conversation.user_id in (None, caller.user_id):
        return
    if not may(caller.viewer.role, Permission.ASSIGN_OTHERS):
        raise forbidden("Somebody else owns this conversation; a supervisor can move it.")


def _give(scene: Scene, conversation: Conversation, user_id: int | None, group_id: int | None) -> Conversation:
    before = owner_facts(conversation)
    given = scene.working.put(replace(conversation, user_id=user_id, group_id=group_id))
    facts = {**owner_facts(given), "from_user_id": before["user_id"], "from_group_id": before["group_id"]}
    append_event(scene, EventType.CONVERSATION_ASSIGNED, given, facts)
    return given
