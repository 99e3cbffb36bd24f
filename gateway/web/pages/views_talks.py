"""What the page shows on which somebody asks a contact a form or a poll."""

from collections.abc import Sequence

from gateway.domain.record import record
from gateway.web.pages.views_shell import Choice, Person


@record
class AskPage:
    """The conversation's address, its contact, what can be asked, and why the last try was refused."""

    href: str
    person: Person
    forms: Sequence[Choice]
    polls: Sequence[Choice]
    faults: Sequence[str]
