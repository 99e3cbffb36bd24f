"""Contacts: the list of them, and the page of one."""

from collections.abc import Sequence

from gateway.domain.record import record
from gateway.web.pages.views_shell import Choice, Person
from gateway.web.pages.views_thread import EventLine, Field, NoteLine


@record
class ContactRow:
    """One contact of the list; `more` is how many addresses there are beside the first ones."""

    id: str
    person: Person
    saved: bool
    addresses: Sequence[Field]
    more: int
    last: str
    last_iso: str


@record
class ContactBook:
    """A page of contacts; `next` is where the rows after it come from."""

    q: str
    rows: Sequence[ContactRow]
    next: str
    chips: Sequence[Choice]
    saved: str  # yes, no, or nothing: as the address says
    may_edit: bool
    may_import: bool = False


@record
class AddressLine:
    """One address of a contact, and whether it was used last."""

    id: str
    value: str
    icon: str
    label: str
    last_used: bool


@record
class Proof:
    """One line of the ledger: what was said of which address, by whom, when, in which words.

    `stands` is False for what a later line replaced.
    """

    address: str
    state: str
    said: str
    scope: str
    source: str
    words: str
    when: str
    iso: str
    stands: bool


@record(gc=True)
class Episode:
    """A conversation with the contact that the reader may open."""

    href: str
    title: str
    state: str
    when: str
    live: bool


@record
class Merged:
    """Somebody who was merged into this contact."""

    id: str
    name: str
    addresses: str


@record
class Activity:
    """Lines of what happened, newest first; `older` is where the ones before come from."""

    lines: Sequence[EventLine]
    older: str = ""


@record(gc=True)
class ContactCard:
    """The page of one contact. `fields` are name and value; `into` is who it was merged into."""

    id: str
    person: Person
    name: str
    saved: bool
    since: str
    timezone: str
    local_time: str
    about: str
    addresses: Sequence[AddressLine]
    fields: Sequence[Choice]
    proofs: Sequence[Proof]
    opted_out: str
    episodes: Sequence[Episode]
    notes: Sequence[NoteLine]
    activity: Activity
    merged: Sequence[Merged]
    into: Merged | None
    write: str  # where a message to them is written
    thread: str
    may_edit: bool
    may_erase: bool
    lists: Sequence[Choice] = ()  # those the contact is on
    other_lists: Sequence[Choice] = ()
    purposes: Sequence[Choice] = ()
    zones: Sequence[str] = ()


@record
class MergePage:
    """Choosing who a contact is the same person as."""

    id: str
    person: Person
    q: str
    found: Sequence[ContactRow]


@record
class ErasePage:
    """The last question before a contact is erased; `word` is what must be typed."""

    id: str
    person: Person
    word: str
    counts: Sequence[Field]
    problem: str = ""
