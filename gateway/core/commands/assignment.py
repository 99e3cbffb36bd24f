"""Giving a conversation that nobody has to somebody."""

from gateway.core.commands.base import Command
from gateway.domain.model import Conversation
from gateway.domain.record import record


@record
class BeginHours(Command[None]):
    """Somebody's working hours may begin now: those who wait are taken up. Also notes when they begin next."""

    user_id: int


@record
class AssignByRule(Command[Conversation | None]):
    """By the first rule that fits and has somebody. `groups` are those the rules name, None for everybody.

    `leaves` is who just gave it back; `tell` leaves a line in the thread where nobody could be found.
    """

    conversation_id: int
    groups: tuple[int | None, ...]
    leaves: int | None = None
    tell: bool = True
