"""The inbox's left side: views with their counts, and rows of conversations."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.web.pages.views_shell import Choice, Notice, Person

_CHANNELS = {"mms": "image", "email": "mail", "whatsapp": "message-circle"}


@dataclass(frozen=True, slots=True)
class TagPill:
    """A tag; `colour` is one of the palette's names."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list. `at` orders rows, newest first; `ours` are the initials before what we wrote."""

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
    tags: Sequence[TagPill] = ()
    owner: Person | None = None
    close: Choice | None = None  # what the x does here; None where nothing is left to do

    @property
    def channel_icon(self) -> str:
        """The sign of the channel the last message took."""
        return _CHANNELS.get(self.channel, "message-square")


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Views of one kind; the first groups have no title and never fold."""

    key: str
    title: str
    items: Sequence[NavItem]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on or off."""

    key: str
    label: str
    href: str
    fragment: str
    on: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
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
