"""Tags on a conversation, by name."""

from gateway.core.access import require
from gateway.core.assigning import look_for
from gateway.core.commands.conversations import ChangeTags
from gateway.core.commands.settings import CreateTag
from gateway.core.decisions.tags import create
from gateway.core.errors import Refused, conflict, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.threads import append_event
from gateway.domain.conversation import State
from gateway.domain.events import EventType
from gateway.domain.model import Conversation
from gateway.domain.settings import Tag
from gateway.domain.visibility import Permission, may
from gateway.storage.facts import ConversationTag


def tag_needs(command: ChangeTags, needs: Needs) -> None:
    """The conversation and the tags it has; the settings too, since a name may be new."""
    needs.settings = bool(command.add)
    needs.conversations.add(command.conversation_id)
    needs.tags_of.add(command.conversation_id)


def change_tags(command: ChangeTags, scene: Scene) -> Conversation:
    """Adds and removes; what is there already, or not there, changes nothing.

    A name the workspace does not have yet is made a tag by those who may make tags.
    """
    require(scene.caller, Permission.TAG)
    conversation = scene.conversation(command.conversation_id)
    if conversation.state is State.CLOSED:
        raise conflict("conversation-closed", "This conversation is sealed; nothing in it can change.")
    made: dict[str, Tag] = {}
    for name in command.add:
        tag = made.get(name.strip().casefold()) or _named(scene, name) or _make(scene, name)
        made[tag.name.casefold()] = tag
        put_on(scene, conversation, tag)
    for name in command.remove:
        known = _named(scene, name)
        if known is None:
            raise _unknown(name, "remove")
        tag = known
        row = ConversationTag(scene.workspace_id, conversation.id, tag.id)
        if scene.working.get(ConversationTag, *_key(row)) is not None:
            scene.working.remove(row)
            append_event(scene, EventType.TAG_REMOVED, conversation, {"tag": tag.name, "tag_id": tag.id})
    return scene.find(Conversation, conversation.id) or conversation


def put_on(scene: Scene, conversation: Conversation, tag: Tag) -> None:
    """Puts a tag on a conversation whose tags are loaded; one that is there changes nothing."""
    row = ConversationTag(scene.workspace_id, conversation.id, tag.id)
    if scene.working.get(ConversationTag, *_key(row)) is None:
        scene.working.put(row)
        append_event(scene, EventType.TAG_ADDED, conversation, {"tag": tag.name, "tag_id": tag.id})
        if any(one.get("tag_id") for one in scene.view.workspace.assignment):
            look_for(scene, conversation)


def _key(row: ConversationTag) -> tuple[int, int, int]:
    return row.workspace_id, row.conversation_id, row.tag_id


def _named(scene: Scene, name: str) -> Tag | None:
    wanted = name.strip().casefold()
    return next((tag for tag in scene.view.live(scene.view.tags) if tag.name.casefold() == wanted), None)


def _make(scene: Scene, name: str) -> Tag:
    role = scene.caller.role
    if role is not None and not may(role, Permission.MANAGE_CONTENT):
        raise _unknown(name, "add")
    return create(CreateTag(name), scene)


def _unknown(name: str, field: str) -> Refused:
    return invalid(field, f"There is no tag “{name}”. A supervisor can add it to the workspace.", "not-found")
