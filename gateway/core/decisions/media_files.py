"""Pictures and files: uploaded, fetched, or not to be had."""

from gateway.core.access import require
from gateway.core.commands.media_files import RecordMedia, RemoveMedia, StoreMedia
from gateway.core.decisions.erasure import ERASE_MEDIA
from gateway.core.errors import conflict, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.events import EventType
from gateway.domain.model import Conversation, Media, Message, Thread
from gateway.domain.record import replace
from gateway.domain.visibility import Permission


def store_needs(command: StoreMedia, needs: Needs) -> None:
    """Nothing: it is new."""


def store(command: StoreMedia, scene: Scene) -> int:
    """An upload, to be sent with a message later. Answers its id."""
    require(scene.caller, Permission.REPLY)
    if command.size <= 0:
        raise invalid("file", "This file is empty.", "empty")
    media = Media(
        scene.workspace_id,
        scene.new_id(),
        command.content_type,
        "stored",
        scene.now,
        command.size,
        command.name,
        blob=command.blob,
        user_id=scene.caller.user_id,
        library=command.library,
    )
    return scene.working.put(media).id


def remove_needs(command: RemoveMedia, needs: Needs) -> None:
    """The file, and the message that carries it."""
    needs.media.add(command.media_id)


def remove(command: RemoveMedia, scene: Scene) -> None:
    """An upload goes with its bytes. What is in the library may be in messages too: it is only not offered any more."""
    require(scene.caller, Permission.REPLY)
    media = scene.find(Media, command.media_id)
    if media is None:
        raise not_found("file")
    mine = media.user_id is not None and media.user_id == scene.caller.user_id
    if media.library:
        if not mine:
            require(scene.caller, Permission.MANAGE_CONTENT)
        if media.removed_at is None:
            scene.working.put(replace(media, removed_at=scene.now))
        return
    if not mine and media.message_id is None:
        raise not_found("file")
    if media.message_id is not None:
        message = scene.message(media.message_id)
        raise conflict("media-in-use", f"This file belongs to a message that is {message.status}; it stays with it.")
    scene.working.remove(media)
    if media.blob is not None:
        scene.schedule(ERASE_MEDIA, scene.now, subject_id=media.id, data={"blob": media.blob})


def record_needs(command: RecordMedia, needs: Needs) -> None:
    """The file, its message and the thread."""
    needs.media.add(command.media_id)


def record(command: RecordMedia, scene: Scene) -> None:
    """What a fetch came to. Bytes nobody waits for any more (fetched twice, or erased meanwhile) are deleted again."""
    media = scene.find(Media, command.media_id)
    if media is None or media.state != "pending":
        if command.blob is not None and (media is None or media.blob != command.blob):
            scene.schedule(ERASE_MEDIA, scene.now, subject_id=command.media_id, data={"blob": command.blob})
        return
    state = "stored" if command.blob is not None else "unavailable"
    scene.working.put(
        replace(
            media,
            state=state,
            content_type=command.content_type or media.content_type,
            size=media.size if command.size is None else command.size,
            blob=command.blob,
        )
    )
    message = scene.find(Message, media.message_id)
    if message is not None:
        scene.emit(
            EventType.MEDIA_STORED,
            thread=scene.find(Thread, message.thread_id),
            conversation=scene.find(Conversation, message.conversation_id),
            message_id=message.id,
            contact_id=message.contact_id,
            data={"media_id": media.id, "state": state},
        )
