"""Lists of contacts and tables read in, as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from gateway.domain.record import record
from gateway.web.pages.views_contact import ContactRow
from gateway.web.pages.views_shell import Choice


@record
class ListRow:
    """One list, and how many are on it."""

    id: str
    name: str
    description: str
    members: int


@record
class ListsPage:
    """All lists by name; `faults` are what was wrong with the new one, `typed` what it was to be."""

    rows: Sequence[ListRow]
    may_manage: bool
    faults: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@record
class ListPage:
    """One list and a page of who is on it; `next` is where the rows after it come from."""

    one: ListRow
    rows: Sequence[ContactRow]
    next: str
    may_edit: bool
    may_manage: bool
    may_export: bool
    faults: Mapping[str, str] = field(default_factory=dict)


@record
class Finding:
    """Contacts that could come to a list; those in `there` are on it already."""

    list: str
    q: str
    found: Sequence[ContactRow] = ()
    there: frozenset[str] = frozenset()


@record
class ImportRow:
    """A table that was read in, or is being."""

    id: str
    state: str
    label: str
    when: str
    iso: str
    list: ListRow | None
    total: int
    created: int
    updated: int
    listed: int
    refused: int
    opted_out: int
    errors: Sequence[Mapping[str, object]]
    failure: str

    @property
    def done(self) -> int:
        """Lines that were dealt with."""
        return self.created + self.updated + self.refused


@record
class Column:
    """A column of a table: its cells in the first lines, and what it may hold."""

    number: int
    name: str
    cells: Sequence[str]
    choices: Sequence[Choice]


@record
class TablePage:
    """A table before it is read in."""

    media: str
    columns: Sequence[Column]
    total: int
    good: int
    wrong: Sequence[tuple[int, str]]
    lists: Sequence[Choice]
    purposes: Sequence[Choice]
    words: str
    new_list: str
    faults: Mapping[str, str]
