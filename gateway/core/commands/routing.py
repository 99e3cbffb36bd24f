"""A message that waits to leave finds another way."""

from gateway.core.commands.base import Command
from gateway.domain.model import Work
from gateway.domain.record import record


@record
class MoveSend(Command[bool]):
    """A worker holds the lease of a send that can't leave where it waits; `sentence` says why.

    Answers whether another gateway that serves its sender has it now. Otherwise it goes on waiting.
    """

    work: Work
    sentence: str
