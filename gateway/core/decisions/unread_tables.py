"""Tables of people that were uploaded and looked at, and then not read in: they are not kept for long."""

from gateway.core.access import require
from gateway.core.commands.lists import ForgetTable, NoteTable
from gateway.core.decisions.erasure import ERASE_MEDIA
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.lists import ContactImport, ImportState
from gateway.domain.model import Media
from gateway.domain.visibility import Permission

UNREAD_TABLE = "unread_table"
"""Work: forget the uploaded table that is its subject, if nobody had it read in."""

KEPT_MS = 86_400_000


def note_needs(command: NoteTable, needs: Needs) -> None:
    """The file, and whether it was noted before."""
    needs.media.add(command.media_id)
    needs.work_of.add(command.media_id)


def note(command: NoteTable, scene: Scene) -> None:
    """From the first look on it has a day."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    if scene.find(Media, command.media_id) is not None and not scene.work_for(UNREAD_TABLE, command.media_id):
        scene.schedule(UNREAD_TABLE, scene.now + KEPT_MS, subject_id=command.media_id)


def forget_needs(command: ForgetTable, needs: Needs) -> None:
    """The file, and whether it is being read in."""
    needs.media.add(command.media_id)
    needs.record(ContactImport, "media_id", [command.media_id])


def forget(command: ForgetTable, scene: Scene) -> None:
    """What is being read in goes when that ends; what went out with a message or is in the library is no upload."""
    media = scene.find(Media, command.media_id)
    jobs = (one for one in scene.working.all(ContactImport) if one.media_id == command.media_id)
    if media is None or media.message_id is not None or media.library:
        return
    if any(one.state is ImportState.RUNNING for one in jobs):
        return
    scene.working.remove(media)
    if media.blob is not None:
        scene.schedule(ERASE_MEDIA, scene.now, subject_id=media.id, data={"blob": media.blob})
