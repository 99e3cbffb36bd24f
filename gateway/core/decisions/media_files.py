"""Pictures and files: uploaded, fetched, or not to be had."""

from gateway.core.access import require
from gateway.core.commands.messages import RecordMedia, StoreMedia
from gateway.core.decisions.erasure import ERASE_MEDIA
from gateway.core.errors import invalid
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
    )
    return scene.working.put(media).id


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
