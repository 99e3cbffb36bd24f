"""Conversations as a table: its columns, its rows, and where it leads."""

from collections.abc import Mapping, Sequence

from gateway.domain.record import record
from gateway.web.pages.views_list import Bulk, Chip, Saved, TagPill
from gateway.web.pages.views_shell import Choice, Notice, Person


@record
class Column:
    """A column. `field` is what it can be filtered by; `sort` leads to the table in its order, `order` is how it is."""

    key: str
    label: str
    field: str = ""
    filtered: bool = False
    sort: str = ""
    order: str = ""  # ascending, descending, or nothing
    optional: bool = False  # left out where it is narrow
    end: bool = False  # numbers and times stand at the end edge


@record
class TableRow:
    """A conversation. `readonly` is where its dialog comes from; nothing for one that opens as a page."""

    id: str
    href: str
    readonly: str
    person: Person
    named: bool
    number: str
    mailbox: str
    channel_icon: str
    text: str
    owner: Person | None
    group: str
    tags: Sequence[TagPill]
    state: str
    unread: int
    messages: str
    open_for: str
    waiting: str
    last: str
    ended: str
    iso: Mapping[str, str]  # the times, by their columns, as programs read them


@record
class Table:
    """The page. `before` and `after` lead to the pages beside it."""

    view: str
    title: str
    tabs: Sequence[Chip]
    columns: Sequence[Column]
    choosable: Sequence[Chip]
    conditions: Sequence[Chip]
    fields: Sequence[Choice]
    rows: Sequence[TableRow]
    query: str  # the filters without the search
    search: str
    narrowed: bool
    full: str
    list: str  # the same as a list
    range: str
    before: str
    after: str
    export: str
    readonly: bool
    empty: Notice
    bulk: Bulk | None = None
    saved: Saved | None = None
    may_share: bool = False
