"""The verbs of a conversation. They are literal: `CloseConversation` always seals."""

from gateway.core.commands.base import Command
from gateway.domain.model import Conversation, Note
from gateway.domain.record import record


@record
class ClaimConversation(Command[Conversation]):
    """Become its owner, if nobody is: compare-and-set. Refused with who has it."""

    conversation_id: int


@record
class ReleaseConversation(Command[Conversation]):
    """Give it back to its group, or to nobody."""

    conversation_id: int


@record
class AssignConversation(Command[Conversation]):
    """Give it to a user, a group, or a user within a group (checked)."""

    conversation_id: int
    user_id: int | None = None
    group_id: int | None = None


@record
class SnoozeConversation(Command[Conversation]):
    """Out of sight until a time."""

    conversation_id: int
    until: int


@record
class WakeConversation(Command[Conversation]):
    """Back before its time."""

    conversation_id: int


@record
class CompleteConversation(Command[Conversation]):
    """Done; fires `conversation_completed` once for each completion. `message` is sent as part of the same step."""

    conversation_id: int
    message: str | None = None


@record
class ArchiveConversation(Command[Conversation]):
    """Put away. `remove` also hides the history so far from the inbox; the contact stays."""

    conversation_id: int
    remove: bool = False


@record
class CloseConversation(Command[Conversation]):
    """Seal it for good. `message` is sent as part of the same step."""

    conversation_id: int
    message: str | None = None


@record
class ReopenConversation(Command[Conversation]):
    """A user brings a completed, archived or snoozed one back."""

    conversation_id: int


@record
class MarkRead(Command[None]):
    """Everything up to `seq` (default: the newest entry) is read by the caller."""

    thread_id: int
    seq: int | None = None


@record
class MarkUnread(Command[None]):
    """The newest natural inbound counts as unread again for the caller."""

    thread_id: int


@record
class ChangeTags(Command[Conversation]):
    """Add and remove tags by name; unknown names to add are created by those who may."""

    conversation_id: int
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@record
class AddNote(Command[Note]):
    """Words for the team, on the thread's conversation or on the contact."""

    thread_id: int
    body: str
    on_contact: bool = False


@record
class FireTimer(Command[None]):
    """A snooze or idle timer has run out; decided anew against the state as it is."""

    conversation_id: int


@record
class KeptDraft:
    """What became of a draft: when it was last changed, and whether there is one now where was none, or the reverse."""

    at: int  # 0 where there never was one
    turned: bool


@record
class SaveDraft(Command[KeptDraft]):
    """What the caller has typed in a thread and not sent, with the uploads to go along, and a note half written.

    Empty forgets it; None leaves the reply, or the note, as it is. What a browser kept while nobody could be reached
    says by its time, `over`, which draft it was typed over: one that was changed or sent elsewhere since stays. What
    the same `tab` of a browser wrote last is its own, even if the answer, and with it the time, never came there.
    """

    thread_id: int
    body: str | None = None
    subject: str | None = None
    media_ids: tuple[int, ...] = ()
    note: str | None = None
    over: int | None = None
    tab: str | None = None
