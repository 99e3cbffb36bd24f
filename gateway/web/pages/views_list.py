"""The inbox's left side: views with their counts, and rows of conversations."""

from collections.abc import Sequence

from gateway.domain.record import record
from gateway.web.pages.views_shell import Choice, Notice, Person

CHANNEL_ICONS = {"mms": "image", "email": "mail", "whatsapp": "message-circle"}


@record
class TagPill:
    """A tag; `colour` is one of the palette's names."""

    name: str
    colour: str


@record
class Tick:
    """What became of the last message, if it is ours: a sign, its words, the colour it stands out in."""

    icon: str
    label: str
    tone: str = ""


@record
class Row:
    """One conversation in the list. `at` orders rows, newest first; `ours` are the initials before what we wrote.

    `drafted` is whether the one who looks has something half written there.
    """

    id: str
    href: str
    pane: str
    person: Person
    named: bool
    channel: str
    time: str
    iso: str
    at: int
    preview: str
    ours: str
    unread: int
    mark: str  # failed, reopened, woken, or nothing
    state: str
    tags: tuple[TagPill, ...] = ()
    owner: Person | None = None
    close: Choice | None = None  # what the x does here; None where nothing is left to do
    tick: Tick | None = None
    drafted: bool = False

    @property
    def channel_icon(self) -> str:
        """The sign of the channel the last message took."""
        return CHANNEL_ICONS.get(self.channel, "message-square")


@record
class NavItem:
    """A view in the navigation. `unread` counts stand out, `count` is quiet; None shows nothing."""

    key: str
    label: str
    icon: str
    href: str
    fragment: str
    count: int | None = None
    unread: int | None = None
    current: bool = False
    tip: str = ""
    colour: str = ""
    person: Person | None = None
    health: str = ""
    health_words: str = ""


@record
class NavGroup:
    """Views of one kind; the first groups have no title and never fold."""

    key: str
    title: str
    items: Sequence[NavItem]


@record
class Chip:
    """A filter that is on or off."""

    key: str
    label: str
    href: str
    fragment: str
    on: bool
    count: int | None = None
    value: str = ""


@record
class FilterForm:
    """A column to filter by. `kind` says what its value is: words, choice, time or number.

    `query` is the list as it is, `before` the condition that this one replaces, `ago` a time in days before now.
    """

    field: str
    label: str
    kind: str
    operators: Sequence[Choice]
    choices: Sequence[Choice]
    value: str
    ago: str
    query: str
    before: str
    table: bool = False  # of a table, not of a list


@record
class Bulk:
    """What may be done to selected conversations. `close` is what the workspace's Close button does."""

    close: Choice
    verbs: Sequence[Choice]
    agents: Sequence[Choice]
    groups: Sequence[Choice]
    tags: Sequence[TagPill]
    snooze: Sequence[Choice]


@record
class Elsewhere:
    """A hit of a search that is not in this view, and why: it has ended, or somebody else has it."""

    href: str
    person: Person
    named: bool
    words: str


@record
class Saved:
    """A list that has a name. `may_change` is whether it may be renamed and removed."""

    id: str
    name: str
    shared: bool
    may_change: bool


@record
class Listing:
    """The list pane: which view, filtered how, and the rows of its first page."""

    title: str
    view: str
    query: str  # the filters as a query string, without the search
    search: str
    rows: Sequence[Row]
    next: str  # address of the next page of rows, or nothing
    nav: Sequence[NavGroup]
    chips: Sequence[Chip]
    senders: Sequence[NavItem]
    unread: int
    open_count: int
    cap: int
    natural: Chip
    current: str = ""  # the conversation in the pane
    empty: Notice | None = None
    conditions: Sequence[Chip] = ()  # each with the list it leaves when it is taken away
    fields: Sequence[Choice] = ()  # what can be filtered by
    sorts: Sequence[Chip] = ()
    sort: str = "newest"
    narrowed: bool = False  # there is something to keep as a view
    full: str = ""  # the same list without search and filters
    table: str = ""
    capped: bool = False  # the list shows no more than `cap`
    last: bool = False  # nothing more is shown because of it
    pick_oldest: int = 0
    bulk: Bulk | None = None  # None for whom bulk actions are not
    saved: Saved | None = None  # the saved view that this is
    may_share: bool = False
    elsewhere: Sequence[Elsewhere] = ()
