"""Lists of contacts, who is on them, and tables of people read in."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.contact_table import Person
from gateway.domain.lists import ContactImport, ContactList
from gateway.domain.record import record


@record
class CreateList(Command[ContactList]):
    """A new list, with nobody on it."""

    name: str
    description: str | None = None


@record
class UpdateList(Command[ContactList]):
    """Call it otherwise, or describe it."""

    list_id: int
    name: str = UNCHANGED
    description: str | None = UNCHANGED


@record
class RemoveList(Command[None]):
    """The list goes; its contacts stay."""

    list_id: int


@record
class ChangeMembers(Command[int]):
    """Put contacts on a list and take others off it. Answers how many of them that changed."""

    list_id: int
    add: tuple[int, ...] = ()
    remove: tuple[int, ...] = ()


@record
class NoteTable(Command[None]):
    """An upload is a table of people that somebody looks at: not read in within a day, it is forgotten."""

    media_id: int


@record
class ForgetTable(Command[None]):
    """The day is over."""

    media_id: int


@record
class StartImport(Command[ContactImport]):
    """Read the table in an uploaded file in, `total` lines of it, in the background."""

    media_id: int
    total: int
    columns: Mapping[str, str] = field(default_factory=dict)
    list_id: int | None = None
    purpose: str | None = None
    words: str | None = None


@record
class ImportLines(Command[ContactImport]):
    """The next lines of an import, up to and with line `to`: people by line, and what was wrong with the others.

    Lines that were dealt with before are passed over, so that a piece that comes twice counts once. `last` ends it.
    """

    import_id: int
    media_id: int
    to: int
    people: Sequence[tuple[int, Person]] = ()
    wrong: Sequence[tuple[int, str]] = ()
    last: bool = False


@record
class FailImport(Command[None]):
    """The table can't be read (any further); what was read in stays."""

    import_id: int
    media_id: int
    failure: str
