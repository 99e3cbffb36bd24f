"""Tags on a conversation, by name."""

from gateway.core.access import require
from gateway.core.commands.conversations import ChangeTags
from gateway.core.errors import conflict, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.threads import append_event
from gateway.domain.conversation import State
from gateway.domain.events import EventType
from gateway.domain.model import Conversation
from gateway.domain.settings import Tag
from gateway.domain.visibility import Permission
from gateway.storage.facts import ConversationTag


def tag_needs(command: ChangeTags, needs: Needs) -> None:
    """The conversation and the tags it has."""
    needs.conversations.add(command.conversation_id)
    needs.tags_of.add(command.conversation_id)


def change_tags(command: ChangeTags, scene: Scene) -> Conversation:
    """Adds and removes; what is there already, or not there, changes nothing."""
    require(scene.caller, Permission.TAG)
    conversation = scene.conversation(command.conversation_id)
    if conversation.state is State.CLOSED:
        raise conflict("conversation-closed", "This conversation is sealed; nothing in it can change.")
    for name in command.add:
        tag = _named(scene, name, "add")
        row = ConversationTag(scene.workspace_id, conversation.id, tag.id)
        if scene.working.get(ConversationTag, *_key(row)) is None:
            scene.working.put(row)
            append_event(scene, EventType.TAG_ADDED, conversation, {"tag": tag.name, "tag_id": tag.id})
    for name in command.remove:
        tag = _named(scene, name, "remove")
        row = ConversationTag(scene.workspace_id, conversation.id, tag.id)
        if scene.working.get(ConversationTag, *_key(row)) is not None:
            scene.working.remove(row)
            append_event(scene, EventType.TAG_REMOVED, conversation, {"tag": tag.name, "tag_id": tag.id})
    return scene.find(Conversation, conversation.id) or conversation


def _key(row: ConversationTag) -> tuple[int, int, int]:
    return row.workspace_id, row.conversation_id, row.tag_id


def _named(scene: Scene, name: str, field: str) -> Tag:
    wanted = name.strip().casefold()
    found = next((tag for tag in scene.view.live(scene.view.tags) if tag.name.casefold() == wanted), None)
    if found is None:
        raise invalid(field, f"There is no tag “{name}”. Add it to the workspace's tags first.", "not-found")
    return found
