"""Who has read how much, when two threads become one and when they part again. Unread is a thread's count of natural
inbound messages less the reader's; merging adds both up, so that nobody's unread changes by it.

Parting: both threads keep the count of the whole and every reader their unread on both. Which of the two an unread
message stands in is not known without reading the thread; showing it once too often loses nothing.
"""

from gateway.core.scene import Scene
from gateway.domain.model import ReadCursor, Thread
from gateway.domain.people import User
from gateway.domain.record import replace


def add_readers(scene: Scene, ours: Thread, theirs: Thread) -> None:
    """Before the merge: each user who has read any of the two has read that much of the whole."""
    for user in scene.view.live(scene.view.users):
        mine, other = _cursor(scene, user, ours), _cursor(scene, user, theirs)
        if mine is None and other is None and user.created_at <= min(ours.created_at, theirs.created_at):
            continue
        read = _read_of(user, ours, mine) + _read_of(user, theirs, other)
        seq = mine.read_seq if mine else ours.seq if user.created_at > ours.created_at else 0
        scene.working.put(ReadCursor(scene.workspace_id, user.id, ours.id, seq, read))


def part_readers(scene: Scene, former: Thread, theirs: Thread) -> None:
    """Before they part: the thread that goes takes the count of the whole along, and its readers theirs."""
    count = max(former.inbound_count, theirs.inbound_count)
    theirs = scene.working.put(replace(theirs, inbound_count=count))
    for user in scene.view.live(scene.view.users):
        whole = _cursor(scene, user, former)
        if whole is not None:
            unread = max(0, former.inbound_count - whole.read_inbound)
            seq = theirs.seq if unread == 0 else max(0, theirs.seq - 1)
            scene.working.put(ReadCursor(scene.workspace_id, user.id, theirs.id, seq, count - unread))


def _cursor(scene: Scene, user: User, thread: Thread) -> ReadCursor | None:
    return scene.working.get(ReadCursor, scene.workspace_id, user.id, thread.id)


def _read_of(user: User, thread: Thread, cursor: ReadCursor | None) -> int:
    """Without a cursor, a thread older than the user counts as read, a younger one as unread."""
    if cursor is not None:
        return cursor.read_inbound
    return thread.inbound_count if user.created_at > thread.created_at else 0
