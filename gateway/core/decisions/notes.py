"""Notes: words for the team, in the thread but no message; nothing a channel can reach holds one."""

from gateway.core.access import require
from gateway.core.commands.conversations import AddNote
from gateway.core.errors import conflict, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.threads import append_note
from gateway.domain.conversation import State
from gateway.domain.events import EventType
from gateway.domain.mentions import mentions_in
from gateway.domain.model import Note, Thread
from gateway.domain.visibility import Permission


def note_needs(command: AddNote, needs: Needs) -> None:
    """The thread with its conversation."""
    needs.threads.add(command.thread_id)


def add_note(command: AddNote, scene: Scene) -> Note:
    """On the live conversation, or on the contact for good. A sealed conversation takes none."""
    require(scene.caller, Permission.NOTE)
    thread = scene.thread(command.thread_id)
    if not command.body.strip():
        raise invalid("body", "Write something first.", "empty")
    conversation = scene.newest(thread)
    if conversation is not None and conversation.state is State.CLOSED:
        if not command.on_contact:
            raise conflict("conversation-closed", "This conversation is sealed. Put the note on the contact instead.")
        conversation = None
    root = scene.root(thread)
    mentions = _mentions(command.body, scene)
    note = scene.working.put(
        Note(
            scene.workspace_id,
            scene.new_id(),
            root.id,
            root.contact_id,
            scene.caller.user_id,
            command.body,
            scene.now,
            conversation.id if conversation and not command.on_contact else None,
            command.on_contact,
            mentions,
        )
    )
    append_note(scene, note)
    scene.emit(
        EventType.NOTE_ADDED,
        thread=scene.find(Thread, root.id),
        conversation=conversation,
        data={"on_contact": command.on_contact, **({"mentions": list(mentions)} if mentions else {})},
    )
    return note


def _mentions(body: str, scene: Scene) -> tuple[int, ...]:
    """Colleagues it names, each once, whoever writes it left out."""
    people = {one.id: one.name for one in scene.view.live(scene.view.users) if one.kind == "person"}
    named = dict.fromkeys(one.user_id for one in mentions_in(body, people))
    return tuple(user_id for user_id in named if user_id != scene.caller.user_id)
