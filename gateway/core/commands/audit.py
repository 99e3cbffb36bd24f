"""What is told of by itself, because no other command does it: sign-ins that failed, and data taken out."""

from gateway.core.commands.base import Command
from gateway.domain.record import record


@record
class RecordFailedSignIn(Command[None]):
    """A wrong password for somebody's e-mail address; `subject_id` is that user."""

    subject_id: int
    email: str
    reason: str = "password"


@record
class RecordExport(Command[None]):
    """Somebody takes data out: `what` names it (`contact`, `list`, `conversations`, `workspace`, ...).

    `subject_id` is the contact or list of that noun.
    """

    what: str
    subject_id: int | None = None
