"""Two contacts turn out to be one person, or after all not. Nothing moves: the loser's thread points to the winner's.

Threads point straight at the one that leads, contacts at whom they were merged into, so that C, into whom B was
merged, into whom A was, reads all three in one look, and unmerging B takes A along.
"""

from collections.abc import Iterable

from gateway.core.access import require
from gateway.core.belongings import with_merged
from gateway.core.commands.contacts import MergeContacts, UnmergeContact
from gateway.core.decisions import merged_reading
from gateway.core.episodes import carry_out, standing_of, trigger
from gateway.core.errors import conflict, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.threads import append_fact
from gateway.domain.conversation import Reopen, State, Wake, merge_loser
from gateway.domain.events import EventType
from gateway.domain.model import Contact, Conversation, Thread
from gateway.domain.record import replace
from gateway.domain.visibility import Permission

ENDED = (State.COMPLETED, State.ARCHIVED)


def merge_needs(command: MergeContacts, needs: Needs) -> None:
    """Both contacts with everybody merged into them, their threads, conversations and readers."""
    needs.contacts.update((command.contact_id, command.into))
    needs.merges = True


def merge(command: MergeContacts, scene: Scene) -> Contact:
    """`contact_id` is `into` from now on. Answers the winner."""
    require(scene.caller, Permission.EDIT_CONTACTS)
    if command.contact_id == command.into:
        raise invalid("into", "A contact can't be merged into itself.")
    loser, winner = scene.contact(command.contact_id), scene.contact(command.into)
    for contact in (loser, winner):
        if contact.merged_into is not None:
            name = contact.name or "This contact"
            raise conflict("already-merged", f"{name} was merged into another contact already. Unmerge it first.")
    survivor = _settle(scene, thread_of(scene, winner), thread_of(scene, loser))
    ours, theirs = thread_of(scene, winner), thread_of(scene, loser)
    merged_reading.add_readers(scene, ours, theirs)
    for one in [theirs, *_merged_threads(scene, theirs)]:
        scene.working.put(replace(one, merged_into=ours.id))
    scene.working.put(
        replace(
            ours,
            conversation_id=survivor.id if survivor else None,
            conversation_count=max(ours.conversation_count, theirs.conversation_count),
            inbound_count=ours.inbound_count + theirs.inbound_count,
            message_seq=max(ours.message_seq, theirs.message_seq),
            wish_message_id=ours.wish_message_id or theirs.wish_message_id,
            question_id=ours.question_id or theirs.question_id,
            last_at=max((at for at in (ours.last_at, theirs.last_at) if at is not None), default=None),
        )
    )
    scene.working.put(replace(loser, merged_into=winner.id))
    _tell(scene, loser, survivor, {"into": winner.id})
    return winner


def unmerge(command: UnmergeContact, scene: Scene) -> Contact:
    """The contact is somebody of its own again, with what its own addresses said, then and since.

    A conversation that the merge closed stays closed. Read counts: see `merged_reading`.
    """
    require(scene.caller, Permission.EDIT_CONTACTS)
    contact = scene.contact(command.contact_id)
    if contact.merged_into is None:
        raise conflict("not-merged", "This contact is not merged into another.")
    former = scene.root(thread_of(scene, contact))
    scene.working.put(replace(contact, merged_into=None))
    theirs = scene.working.put(replace(thread_of(scene, contact), merged_into=None))
    family = with_merged(scene.working, [contact.id])
    along = {one.id for one in scene.working.all(Thread) if one.contact_id in family}
    for one in _merged_threads(scene, former):
        if one.id in along:
            scene.working.put(replace(one, merged_into=theirs.id))
    staying = {former.id, *(one.id for one in _merged_threads(scene, former))}
    mine = _newest_of(scene, along)
    rest = _newest_of(scene, staying)
    merged_reading.part_readers(scene, former, theirs)
    theirs, former = thread_of(scene, contact), scene.find(Thread, former.id) or former
    # Whose words they were is not asked here: machines wait for both until somebody says.
    wish = former.wish_message_id or theirs.wish_message_id
    scene.working.put(replace(theirs, conversation_id=mine.id if mine else None, wish_message_id=wish))
    scene.working.put(
        replace(
            former,
            conversation_id=rest.id if rest else None,
            message_seq=min(former.message_seq, former.seq),
        )
    )
    _tell(scene, contact, mine, {"into": None, "from": former.contact_id})
    return scene.find(Contact, contact.id) or contact


def unmerge_needs(command: UnmergeContact, needs: Needs) -> None:
    """The contact, everybody it is merged with, their threads, conversations and readers."""
    needs.contacts.add(command.contact_id)
    needs.merges = True


def thread_of(scene: Scene, contact: Contact) -> Thread:
    """The contact's own thread as it stands."""
    thread = scene.working.thread_of(scene.workspace_id, contact.id)
    assert thread is not None, "a contact has a thread"
    return thread


def _settle(scene: Scene, ours: Thread, theirs: Thread) -> Conversation | None:
    """Of two live conversations the older is closed; answers the one that goes on, or the newest there was."""
    found = [one for one in (scene.newest(ours), scene.newest(theirs)) if one is not None]
    live = [one for one in found if one.state is not State.CLOSED]
    if len(live) < 2:
        return live[0] if live else max(found, key=_age, default=None)
    older, younger = sorted(live, key=_age)
    standing = standing_of(scene, older)
    assert standing is not None, "a conversation stands somewhere"
    carry_out(scene, ours, older, merge_loser(standing, scene.now))
    return _take_over(scene, ours, older, younger)


def _take_over(scene: Scene, root: Thread, older: Conversation, younger: Conversation) -> Conversation:
    """Work that was under way is not buried in a conversation that had ended or sleeps; who waits still waits."""
    if older.state in (State.OPEN, State.SNOOZED) and younger.state in ENDED:
        trigger(scene, root, Reopen(), conversation=younger)
    elif older.state is State.OPEN and younger.state is State.SNOOZED:
        trigger(scene, root, Wake(), conversation=younger)
    younger = scene.find(Conversation, younger.id) or younger
    if not older.needs_reply:
        return younger
    since = [at for at in (older.waiting_since, younger.waiting_since) if at is not None]
    return scene.working.put(replace(younger, needs_reply=True, waiting_since=min(since, default=scene.now)))


def _newest_of(scene: Scene, thread_ids: Iterable[int]) -> Conversation | None:
    """The live conversation of these threads, or the newest that ended for good."""
    threads = set(thread_ids)
    found = [one for one in scene.working.all(Conversation) if one.thread_id in threads]
    return max(found, key=lambda one: (one.state is not State.CLOSED, *_age(one)), default=None)


def _merged_threads(scene: Scene, root: Thread) -> list[Thread]:
    return [one for one in scene.working.all(Thread) if one.merged_into == root.id]


def _age(conversation: Conversation) -> tuple[int, int]:
    return conversation.opened_at, conversation.id


def _tell(scene: Scene, contact: Contact, conversation: Conversation | None, facts: dict[str, int | None]) -> None:
    """A line in the contact's own thread, where both readings show it, and one in the log."""
    thread = thread_of(scene, contact)
    event = EventType.CONTACT_MERGED
    append_fact(scene, thread.id, event, data=facts)
    scene.emit(event, thread=thread_of(scene, contact), conversation=conversation, data=facts)
