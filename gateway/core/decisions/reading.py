"""How far a user has read, and what they have half written. Private facts, no change of the thread."""

from gateway.core.commands.conversations import KeptDraft, MarkRead, MarkUnread, SaveDraft
from gateway.core.errors import forbidden
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.events import EventType
from gateway.domain.model import Entry, ReadCursor, Thread
from gateway.domain.record import replace
from gateway.storage.facts import Draft


def read_needs(command: MarkRead | MarkUnread, needs: Needs) -> None:
    """The thread and the caller's cursor in it."""
    needs.threads.add(command.thread_id)
    if needs.user_id is not None:
        needs.cursors.add((needs.user_id, command.thread_id))
    if isinstance(command, MarkRead) and command.seq is not None:
        needs.entries.add((command.thread_id, command.seq))


def mark_read(command: MarkRead, scene: Scene) -> None:
    """Up to an entry, or all of it."""
    root = scene.root(scene.thread(command.thread_id))
    seq, inbound = root.seq, root.inbound_count
    if command.seq is not None and command.seq < root.seq:
        entry = scene.working.get(Entry, scene.workspace_id, command.thread_id, command.seq)
        if entry is None:
            return
        seq, inbound = entry.seq, entry.inbound_count
    before = _cursor(scene, root)
    if before.read_inbound >= inbound and before.read_seq >= seq:
        return
    _move(
        scene, root, replace(before, read_seq=max(seq, before.read_seq), read_inbound=max(inbound, before.read_inbound))
    )


def mark_unread(command: MarkUnread, scene: Scene) -> None:
    """The newest natural inbound counts again; a thread with none stays read."""
    root = scene.root(scene.thread(command.thread_id))
    before = _cursor(scene, root)
    if root.inbound_count == 0 or _is_unread(scene, root, before):
        return
    _move(scene, root, replace(before, read_inbound=root.inbound_count - 1, read_seq=max(0, root.seq - 1)))


def save_draft(command: SaveDraft, scene: Scene) -> KeptDraft:
    """Kept for its writer alone. Of an emptied one the time stays for a while, so that what is older stays away."""
    scene.thread(command.thread_id)
    user_id = _user(scene)
    known = scene.working.get(Draft, scene.workspace_id, user_id, command.thread_id)
    at, before = (known.at, known.holds_anything) if known else (0, False)
    if command.over is not None and command.over != at and not _wrote(command.tab, known):
        return KeptDraft(at, turned=False)
    draft = known or Draft(scene.workspace_id, user_id, command.thread_id, "", scene.now)
    if command.body is not None:
        draft = replace(draft, body=command.body, subject=command.subject, media_ids=command.media_ids)
    if command.note is not None:
        draft = replace(draft, note=command.note)
    if not draft.holds_anything:
        if not before:
            return KeptDraft(at, turned=False)
        draft = Draft(scene.workspace_id, user_id, command.thread_id, "", scene.now)
    at = max(scene.now, at + 1)
    scene.working.put(replace(draft, at=at, tab=command.tab))
    return KeptDraft(at, turned=draft.holds_anything is not before)


def _wrote(tab: str | None, known: Draft | None) -> bool:
    """Whether a tab wrote the draft that is kept: what it typed since is newer, whatever time it knows."""
    return tab is not None and known is not None and known.tab == tab


def draft_needs(command: SaveDraft, needs: Needs) -> None:
    """The thread and the caller's draft in it."""
    needs.threads.add(command.thread_id)
    needs.record(Draft, "thread_id", [command.thread_id])


def _move(scene: Scene, root: Thread, cursor: ReadCursor) -> None:
    scene.working.put(cursor)
    scene.emit(
        EventType.THREAD_READ,
        thread=root,
        conversation=scene.newest(root),
        data={"user_id": cursor.user_id, "unread": root.inbound_count - cursor.read_inbound},
    )


def _cursor(scene: Scene, root: Thread) -> ReadCursor:
    user_id = _user(scene)
    known = scene.working.get(ReadCursor, scene.workspace_id, user_id, root.id)
    return known or ReadCursor(scene.workspace_id, user_id, root.id, 0, 0)


def _is_unread(scene: Scene, root: Thread, cursor: ReadCursor) -> bool:
    """A user who never opened a thread has read it up to the day they were made."""
    if scene.working.get(ReadCursor, scene.workspace_id, cursor.user_id, root.id) is not None:
        return cursor.read_inbound < root.inbound_count
    user = scene.view.users.get(cursor.user_id)
    return user is not None and user.created_at <= root.created_at


def _user(scene: Scene) -> int:
    if scene.caller.user_id is None:
        raise forbidden("Only a user reads.")
    return scene.caller.user_id
