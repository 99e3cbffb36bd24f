"""A contact is erased: nothing they wrote or were written stays, nor any way to tell who they were.

What stays is that something happened: rows without words, counts, the log's ids; and the opt-out, under a keyed hash
of the address, so that who comes back is still not written to.
"""

from collections.abc import Collection
from typing import Any

from gateway.core.access import require
from gateway.core.belongings import with_merged
from gateway.core.commands.contacts import EraseContact
from gateway.core.consents import erased_value
from gateway.core.decisions import erased_traces
from gateway.core.episodes import trigger
from gateway.core.errors import conflict
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.statuses import change
from gateway.domain.campaigns import CampaignRecipient, RecipientState
from gateway.domain.conversation import Close, State
from gateway.domain.forms import FormResponse
from gateway.domain.keywords import KeywordUse
from gateway.domain.lists import ListMember
from gateway.domain.model import (
    ConsentRecord,
    Contact,
    ContactAddress,
    Conversation,
    Direction,
    Media,
    Message,
    Note,
    Thread,
)
from gateway.domain.polls import PollVote
from gateway.domain.record import replace
from gateway.domain.status import WAITING, Status
from gateway.domain.visibility import Permission
from gateway.storage.facts import Draft

ERASED = "erased"
"""What stands where an address stood."""

ERASE_MEDIA = "media_erase"
"""Work: delete the bytes that `data["blob"]` names, unless another file still needs them."""


def erase_needs(command: EraseContact, needs: Needs) -> None:
    """Everything that is stored of the contact and of those merged into them."""
    needs.belongings.add(command.contact_id)


def erase(command: EraseContact, scene: Scene) -> None:
    """The contact and everybody merged into them. Answered when nothing of them is in the database any more."""
    require(scene.caller, Permission.ERASE_CONTACTS)
    contact = scene.contact(command.contact_id)
    if contact.merged_into is not None:
        raise conflict(
            "contact-merged", "This contact was merged into another. Erase that one, or unmerge the two first."
        )
    family = with_merged(scene.working, [contact.id])
    threads = {one.id for one in scene.working.all(Thread) if one.contact_id in family}
    values = {one.value for one in scene.working.all(ContactAddress) if one.contact_id in family}
    _close(scene, threads)
    messages = _empty_messages(scene, family)
    erased_traces.erase(scene, family, messages, values)
    _empty_threads(scene, threads)
    _hash_ledger(scene, family, values)
    _empty_contacts(scene, family)
    scene.working.forgotten.update((scene.workspace_id, one) for one in family)
    scene.working.forgotten_messages.update((scene.workspace_id, one) for one in messages)


def _close(scene: Scene, threads: Collection[int]) -> None:
    """Nobody is left to talk to."""
    for conversation in scene.working.all(Conversation):
        if conversation.thread_id in threads and conversation.state is not State.CLOSED:
            thread = scene.find(Thread, conversation.thread_id)
            assert thread is not None, "a conversation's thread is loaded with it"
            trigger(scene, scene.root(thread), Close(), conversation=conversation)


def _empty_messages(scene: Scene, family: Collection[int]) -> set[int]:
    """What waits is withdrawn; what is under way goes on without its words. Answers whose words are gone."""
    emptied = set()
    for message in scene.working.all(Message):
        if message.contact_id not in family:
            continue
        current = _withdraw(scene, message) if message.status in WAITING else message
        for media_id in (*message.media_ids, *(() if message.html_id is None else (message.html_id,))):
            _empty_media(scene, media_id, message.id)
        scene.working.put(
            replace(
                current,
                body="",
                subject=None,
                their_address=ERASED,
                author_name=message.author_name if message.direction is Direction.OUTBOUND else None,
                error_message=None,
                metadata={},
                media_ids=(),
                appended=None,
                quoted=None,
                html_id=None,
            )
        )
        emptied.add(message.id)
    return emptied


def _withdraw(scene: Scene, message: Message) -> Message:
    for kind in ("send", "release"):
        scene.drop_work(kind, message.id)
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        scene.working.put(replace(part, status=Status.CANCELLED, updated_at=scene.now))
    return change(scene, message, Status.CANCELLED)


def _empty_media(scene: Scene, media_id: int, message_id: int | None) -> None:
    """Its bytes go soon after the commit. A file that came with somebody else's message is theirs, the library ours."""
    media = scene.find(Media, media_id)
    if media is None or media.library or media.message_id not in (None, message_id):
        return
    if media.blob is not None:
        scene.schedule(ERASE_MEDIA, scene.now, subject_id=media.id, data={"blob": media.blob})
    scene.drop_work("media", media.id)
    scene.working.put(replace(media, state="unavailable", size=None, name=None, url=None, blob=None, content_id=None))


def _empty_threads(scene: Scene, threads: Collection[int]) -> None:
    for note in scene.working.all(Note):
        if note.thread_id in threads:
            scene.working.put(replace(note, body=""))
    for conversation in scene.working.all(Conversation):
        if conversation.thread_id in threads:
            scene.working.put(replace(conversation, preview="", last_author=None))
    for draft in scene.working.all(Draft):
        if draft.thread_id in threads:
            for media_id in draft.media_ids:
                _empty_media(scene, media_id, None)
            scene.working.remove(draft)
    for thread in scene.working.all(Thread):
        if thread.id in threads:
            scene.working.put(replace(thread, sticky_address=None, wish_message_id=None, asking=None, question_id=None))


def _hash_ledger(scene: Scene, family: Collection[int], values: Collection[str]) -> None:
    """The ledger of an address that somebody else has now is theirs too, and stays."""
    theirs = {
        one.value
        for one in scene.working.all(ContactAddress)
        if one.contact_id not in family and one.removed_at is None
    }
    for line in scene.working.all(ConsentRecord):
        if line.value in values and line.value not in theirs:
            scene.working.put(replace(line, value=erased_value(scene.digest, line.value), words=None))


def _nobodys(row: CampaignRecipient) -> CampaignRecipient:
    """It still counts among the campaign's, without what was known of its person; who waited gets nothing."""
    if row.state is not RecipientState.WAITING:
        return replace(row, reason=None, zone=None)
    gone = "This contact was erased."
    return replace(row, state=RecipientState.SKIPPED, code="contact-gone", reason=gone, zone=None)


def _empty_contacts(scene: Scene, family: Collection[int]) -> None:
    kinds: tuple[type[Any], ...] = (ListMember, FormResponse, KeywordUse, PollVote)
    for kind in kinds:
        for theirs in scene.working.all(kind):
            if theirs.contact_id in family:
                scene.working.remove(theirs)
    for row in scene.working.all(CampaignRecipient):
        if row.contact_id in family:
            scene.working.put(_nobodys(row))
    for address in scene.working.all(ContactAddress):
        if address.contact_id in family:
            removed_at = scene.now if address.removed_at is None else address.removed_at
            nobody = replace(address, value=f"{ERASED}:{address.id}", label=None, removed_at=removed_at)
            scene.working.put(nobody)
    for contact in scene.working.all(Contact):
        if contact.id in family:
            scene.working.put(
                Contact(
                    scene.workspace_id,
                    contact.id,
                    contact.created_at,
                    merged_into=contact.merged_into,
                    erased_at=scene.now,
                )
            )
