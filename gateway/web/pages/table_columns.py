"""Which columns a table of conversations has, in which order, and what each is filtered and ordered by."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.domain.conditions import Field
from gateway.domain.record import record
from gateway.storage.orders import Sort
from gateway.storage.ranges import OPEN_VIEWS, View
from gateway.web.language import marked
from gateway.web.pages.condition_words import Translate
from gateway.web.pages.filters import Filters
from gateway.web.pages.views_table import Column


@record(gc=True)
class Kind:
    """A column before it is shown. `sorts` are its two orders, the first one first."""

    label: str
    field: Field | None = None
    sorts: tuple[Sort, Sort] | None = None
    optional: bool = True
    end: bool = False


KINDS: Mapping[str, Kind] = {
    "contact": Kind(marked("Contact"), Field.CONTACT, (Sort.CONTACT, Sort.CONTACT_DOWN), optional=False),
    "number": Kind(marked("Number"), Field.NUMBER),
    "mailbox": Kind(marked("Mailbox"), Field.SENDER),
    "text": Kind(marked("Last message"), Field.TEXT, optional=False),
    "state": Kind(marked("State"), Field.STATE),
    "owner": Kind(marked("Owner"), Field.OWNER, (Sort.OWNER, Sort.OWNER_DOWN)),
    "group": Kind(marked("Group"), Field.GROUP),
    "tags": Kind(marked("Tags"), Field.TAG),
    "messages": Kind(marked("Messages"), Field.MESSAGES, end=True),
    "unread": Kind(marked("Unread"), end=True),
    "waiting": Kind(marked("Waiting since"), Field.WAITING, (Sort.WAITING, Sort.NEWEST), end=True),
    "open_for": Kind(marked("Open for"), end=True),
    "last": Kind(marked("Last activity"), Field.LAST, (Sort.NEWEST, Sort.OLDEST), optional=False, end=True),
    "ended": Kind(marked("Ended"), Field.ENDED, (Sort.ENDED_DOWN, Sort.ENDED), optional=False, end=True),
}
_OPEN = ("contact", "number", "mailbox", "text", "owner", "group", "tags", "unread", "messages", "waiting", "last")
_ENDED = ("contact", "number", "mailbox", "text", "owner", "group", "tags", "messages", "open_for", "last", "ended")
_HIDDEN_AT_FIRST = frozenset({"open.mailbox", "open.group", "open.messages", "ended.last"})
ENDED_VIEWS: Mapping[View, str] = {
    View.COMPLETED: marked("Completed"),
    View.CLOSED: marked("Closed"),
    View.ARCHIVED: marked("Archived"),
}


def group_of(view: View) -> str:
    """Views of one group have the same columns, and one choice of them."""
    return "open" if view in OPEN_VIEWS or view is View.SNOOZED else "ended" if view in ENDED_VIEWS else "all"


def available(view: View) -> tuple[str, ...]:
    """The keys of the columns a view can show."""
    group = group_of(view)
    if group == "all":
        return (*_OPEN[:4], "state", *_OPEN[4:7], "messages", "last", "ended")
    return _OPEN if group == "open" else _ENDED


def usual_sort(view: View) -> Sort:
    """What ended is shown by when it ended; everything else by its last message."""
    return Sort.ENDED_DOWN if view in ENDED_VIEWS else Sort.NEWEST


def chosen(view: View, kept: str) -> tuple[str, ...]:
    """The columns somebody chose (`kept`: the group's name, a colon, keys with dots between), else the usual ones."""
    group, _, keys = kept.partition(":")
    wanted = set(keys.split(".")) if group == group_of(view) else None
    return tuple(key for key in available(view) if not is_optional(key) or _is_wanted(key, view, wanted))


def _is_wanted(key: str, view: View, wanted: set[str] | None) -> bool:
    return f"{group_of(view)}.{key}" not in _HIDDEN_AT_FIRST if wanted is None else key in wanted


def is_optional(key: str) -> bool:
    """Whether a column may be left out."""
    return KINDS[key].optional or key == "last"


def label_of(key: str, view: View) -> str:
    """What a column is called, untranslated: when something ended is when it was closed, in Closed."""
    return ENDED_VIEWS.get(view, KINDS[key].label) if key == "ended" else KINDS[key].label


def columns_of(filters: Filters, keys: Sequence[str], _: Translate) -> list[Column]:
    """The columns as they are shown over a list that is filtered and ordered so."""
    return [_column(key, filters, _) for key in keys]


def _column(key: str, filters: Filters, _: Translate) -> Column:
    kind = KINDS[key]
    order, link = _order(kind, filters.sort)
    return Column(
        key,
        _(label_of(key, filters.view)),
        field=kind.field.value if kind.field else "",
        filtered=any(one.field is kind.field for one in filters.conditions),
        sort=replace(filters, sort=link).table if link else "",
        order=order,
        optional=kind.optional,
        end=kind.end,
    )


def _order(kind: Kind, now: Sort) -> tuple[str, Sort | None]:
    """How a table is ordered by a column now, and what a click on its head makes of it."""
    if kind.sorts is None:
        return "", None
    first, other = kind.sorts
    if now is first or (now is other and first is not Sort.WAITING):
        return ("descending" if now.descending else "ascending"), other if now is first else first
    return "", first
