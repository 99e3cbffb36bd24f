"""The files of a message that came in: what its provider keeps for us, and what came with the message itself."""

from gateway.core.commands.messages import ReceiveMessage, StoredFile
from gateway.core.scene import Scene
from gateway.domain.model import Media


def files_of(command: ReceiveMessage, scene: Scene, message_id: int) -> tuple[int, ...]:
    """What is to be fetched, then what is here already, each in the message's order."""
    return (*_to_fetch(command, scene, message_id), *(_stored(scene, one, message_id) for one in command.files))


def html_of(command: ReceiveMessage, scene: Scene, message_id: int) -> int | None:
    """The message formatted, where it came so."""
    return None if command.html is None else _stored(scene, command.html, message_id)


def _to_fetch(command: ReceiveMessage, scene: Scene, message_id: int) -> tuple[int, ...]:
    """Pictures are fetched as work, never before the provider has its answer."""
    ids = []
    for reference in command.media:
        media_id = scene.new_id()
        scene.working.put(
            Media(
                scene.workspace_id,
                media_id,
                reference.content_type,
                "pending",
                scene.now,
                reference.size,
                reference.name,
                reference.url,
                message_id=message_id,
                gateway_id=command.gateway_id,
            )
        )
        scene.schedule("media", scene.now, subject_id=media_id, gateway_id=command.gateway_id)
        ids.append(media_id)
    return tuple(ids)


def _stored(scene: Scene, file: StoredFile, message_id: int) -> int:
    """What came with the message itself is there at once."""
    media = Media(
        scene.workspace_id,
        scene.new_id(),
        file.content_type,
        "stored",
        scene.now,
        file.size,
        file.name,
        blob=file.blob,
        message_id=message_id,
        content_id=file.content_id,
    )
    return scene.working.put(media).id
