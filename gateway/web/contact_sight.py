"""Contacts as whoever asks may see them, for the API and the pages alike."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

from gateway.core.access import sees_thread
from gateway.core.caller import Caller
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.consent import ConsentState
from gateway.domain.model import ConsentRecord, Conversation, Thread
from gateway.storage.contact_reads import ContactView, contact_view
from gateway.storage.records import CONVERSATIONS, THREADS
from gateway.storage.session import Session
from gateway.web import problems

T = TypeVar("T")
_MOST_MERGES = 8


class Asker(Protocol):
    """A request, to the API or for a page."""

    @property
    def view(self) -> WorkspaceView:
        """The workspace's settings."""

    @property
    def caller(self) -> Caller:
        """Who asks."""

    @property
    def workspace_id(self) -> int:
        """Whose contacts these are."""

    @property
    def read(self) -> Callable[[Callable[[Session], T]], Awaitable[T]]:
        """Runs a read model."""


def sees_contact(session: Session, asker: Asker, found: ContactView) -> bool:
    """Whoever may not see a contact's live conversation doesn't learn that the contact is there."""
    if found.thread is None:
        return True
    return sees_thread(asker.view, asker.caller, newest_conversation(session, asker.workspace_id, found.thread.id))


async def find_contact(asker: Asker, contact_id: int) -> ContactView:
    """A contact the asker may see. Problem 404 otherwise, and for one that was erased."""

    def look(session: Session) -> ContactView | None:
        found = contact_view(session, asker.workspace_id, contact_id)
        return found if found and found.contact.erased_at is None and sees_contact(session, asker, found) else None

    found = await asker.read(look)
    if found is None:
        raise problems.not_found("contact")
    return found


def standing_lines(ledger: Iterable[ConsentRecord]) -> list[ConsentRecord]:
    """Of a ledger, newest first, the last word on each address, purpose and sender.

    Words that were looked at and meant nothing are the last word only where there is no other.
    """
    newest: dict[tuple[str, str, str], ConsentRecord] = {}
    lines = list(ledger)
    for line in sorted(lines, key=lambda one: one.state == ConsentState.UNKNOWN):
        newest.setdefault((line.value, line.purpose, line.sender_scope), line)
    return list(newest.values())


def newest_conversation(session: Session, workspace_id: int, thread_id: int) -> Conversation | None:
    """The newest conversation of a thread, or of the one it was merged into."""
    thread: Thread | None = None
    wanted: int | None = thread_id
    for _ in range(_MOST_MERGES):
        found = THREADS.by(session, workspace_id, "id", [] if wanted is None else [wanted])
        if not found:
            break
        thread, wanted = found[0], found[0].merged_into
        if wanted is None:
            break
    if thread is None or thread.conversation_id is None:
        return None
    known = CONVERSATIONS.by(session, workspace_id, "id", [thread.conversation_id])
    return known[0] if known else None
