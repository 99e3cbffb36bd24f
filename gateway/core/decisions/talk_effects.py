"""What keywords, forms and polls do beside talking: tags, lists, and where their events belong."""

from gateway.core.decisions import lists, tagging
from gateway.core.scene import Scene
from gateway.domain.conversation import State
from gateway.domain.model import Contact, Conversation, Thread


def live(scene: Scene, root: Thread) -> Conversation | None:
    """The conversation that can still change, if there is one."""
    conversation = scene.newest(root)
    return None if conversation is None or conversation.state is State.CLOSED else conversation


def tag(scene: Scene, root: Thread, tag_id: int | None) -> None:
    """On the conversation, where there is one: tags are of conversations, and nothing here opens any."""
    found, conversation = scene.view.tags.get(tag_id or 0), live(scene, root)
    if found is not None and found.removed_at is None and conversation is not None:
        tagging.put_on(scene, conversation, found)


def join_list(scene: Scene, root: Thread, list_id: int | None) -> None:
    """The contact comes to a list that is still there."""
    found, contact = scene.view.lists.get(list_id or 0), scene.find(Contact, root.contact_id)
    if found is not None and found.removed_at is None and contact is not None:
        lists.join(scene, found.id, contact)
