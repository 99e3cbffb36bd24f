"""The table of conversations, made from the read models."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from babel.dates import format_timedelta

from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.settings import SavedView
from gateway.domain.visibility import Permission
from gateway.storage import event_log
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.inbox import conversation_page, cursor_before
from gateway.storage.message_counts import message_counts
from gateway.storage.orders import Sort
from gateway.storage.page import BadCursor, Page
from gateway.storage.ranges import View
from gateway.storage.session import Session
from gateway.storage.totals import ViewTotals, view_totals
from gateway.web import problems
from gateway.web.looking import whole_page
from gateway.web.pages.bulks import bulk_of
from gateway.web.pages.condition_words import FIELDS, STATES, Translate
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_contact, face_of_user
from gateway.web.pages.filters import Filters
from gateway.web.pages.formatting import address_text, sender_text
from gateway.web.pages.listing import views_of
from gateway.web.pages.nav import VIEWS, Nav
from gateway.web.pages.questions import asked, sight
from gateway.web.pages.rows import pills
from gateway.web.pages.table_columns import available, columns_of, group_of, is_optional, label_of, usual_sort
from gateway.web.pages.views_list import CHANNEL_ICONS, Chip
from gateway.web.pages.views_shell import Choice, Notice
from gateway.web.pages.views_table import Table, TableRow

PAGE = 50
TABS = (View.OPEN, View.SNOOZED, View.COMPLETED, View.CLOSED, View.ARCHIVED, View.ALL)


@record
class Shown:
    """Which page of which table: its columns, its cursor (None: the first), and how many rows stand before it."""

    filters: Filters
    columns: tuple[str, ...]
    cursor: str | None = None
    at: int = 0


@record(gc=True)
class LoadedTable:
    """A page of a table at one moment of the log. `before` is the cursor of the page before; None on the second."""

    page: Page[ConversationRow]
    totals: ViewTotals
    counts: dict[int, int]
    before: str | None
    position: int
    views: Sequence[SavedView]


async def load_table(desk: Desk, shown: Shown) -> LoadedTable:
    """A page of rows with the totals. Problem 404 for a cursor of another order."""
    query = asked(desk, shown.filters, limit=PAGE, cursor=shown.cursor)

    def read(session: Session) -> LoadedTable:
        position = event_log.head(session, desk.workspace_id)
        page, totals = conversation_page(session, query), view_totals(session, sight(desk))
        return LoadedTable(page, totals, {}, cursor_before(session, query), position, views_of(session, desk))

    try:
        loaded = await desk.read(read)
        page, counts = await load_rows(desk, shown, begun=loaded.page)
    except BadCursor:
        raise problems.not_found("page") from None
    return replace(loaded, page=page, counts=counts)


async def load_rows(
    desk: Desk, shown: Shown, *, limit: int = PAGE, begun: Page[ConversationRow] | None = None
) -> tuple[Page[ConversationRow], dict[int, int]]:
    """A page of rows alone, and how many messages each has where that is shown. BadCursor as `conversation_page`."""
    page = await whole_page(desk.read, asked(desk, shown.filters, limit=limit, cursor=shown.cursor), begun)
    if "messages" not in shown.columns:
        return page, {}
    counted = [row.conversation for row in page.items]
    return page, await desk.read(lambda session: message_counts(session, desk.workspace_id, counted))


def table_of(desk: Desk, shown: Shown, loaded: LoadedTable) -> Table:
    """The table."""
    _, filters, more = desk.language.gettext, shown.filters, loaded.page.next
    nav, address = Nav(desk, filters, loaded.totals, loaded.views), filters.table
    back = f"&cursor={loaded.before}&at={max(shown.at - PAGE, 0)}" if loaded.before else ""
    after = f"{address}&cursor={more}&at={shown.at + len(loaded.page.items)}" if more else ""
    return Table(
        view=filters.view.value,
        title=nav.title(),
        tabs=_tabs(desk, filters, loaded.totals),
        columns=columns_of(filters, shown.columns, _),
        choosable=_choosable(shown, _),
        conditions=nav.conditions(table=True),
        fields=[Choice(_(label), field.value) for field, label in FIELDS.items()],
        rows=[row_of(desk, row, loaded.counts, filters) for row in loaded.page.items],
        query=filters.query(),
        search=filters.q,
        narrowed=filters.narrowed,
        full=filters.plain.table,
        list=filters.page,
        range=_range(desk, shown, loaded),
        before="" if shown.cursor is None else address + back,
        after=after,
        export=address.replace("/table?", "/table.csv?") if desk.signed.may(Permission.EXPORT) else "",
        readonly=filters.view is View.CLOSED,
        empty=_looked_so_far(after, _) if after else _empty(filters, _),
        bulk=None if filters.view is View.CLOSED else bulk_of(desk),
        saved=nav.saved(),
        may_share=desk.signed.may(Permission.MANAGE_CONTENT),
    )


def _tabs(desk: Desk, filters: Filters, totals: ViewTotals) -> list[Chip]:
    _ = desk.language.gettext
    made = []
    for view in TABS:
        other = Filters(view, q=filters.q, sort=usual_sort(view)).table
        made.append(Chip(view.value, _(VIEWS[view][0]), other, other, view is filters.view, totals.views.get(view)))
    return made


def _choosable(shown: Shown, _: Translate) -> list[Chip]:
    """Every column one may leave out, as a link to the table with it or without it."""
    view, made = shown.filters.view, []
    for key in available(view):
        if not is_optional(key):
            continue
        keys = [one for one in available(view) if (one in shown.columns) != (one == key)]
        link = f"{shown.filters.table}&columns={group_of(view)}:{'.'.join(keys)}"
        made.append(Chip(key, _(label_of(key, view)), link, link, key in shown.columns))
    return made


def row_of(desk: Desk, found: ConversationRow, counts: dict[int, int], filters: Filters) -> TableRow:
    """One row, in words."""
    one, view, times = found.conversation, desk.view, desk.times
    made = format_id("cnv", one.id)
    owner = view.users.get(one.user_id) if one.user_id is not None else None
    group = view.groups.get(one.group_id) if one.group_id is not None else None
    sender = view.senders.get(one.last_sender_id) if one.last_sender_id is not None else None
    known = found.addresses[0] if found.addresses else None
    moments = {"waiting": one.waiting_since, "last": one.last_at, "ended": one.ended_at}
    return TableRow(
        id=made,
        href=filters.conversation(made),
        readonly=f"/conversations/{made}/readonly" if one.state is State.CLOSED else "",
        person=face_of_contact(found.contact, list(found.addresses), desk.language),
        named=found.contact.saved,
        number=address_text(known.kind, known.value) if known else "",
        mailbox=(sender.label or sender_text(sender.value)) if sender else "",
        channel_icon=CHANNEL_ICONS.get(one.last_channel or "", "message-square"),
        text=one.preview,
        owner=face_of_user(owner) if owner else None,
        group=group.name if group else "",
        tags=pills(found.tag_ids, view),
        state=desk.language.gettext(STATES[one.state]),
        unread=found.unread,
        messages=desk.language.number(counts.get(one.id, 0)),
        open_for=_duration(desk, one.ended_at - one.opened_at) if one.ended_at is not None else "",
        **{key: "" if at is None else times.full(at) for key, at in moments.items()},
        iso={key: "" if at is None else times.iso(at) for key, at in moments.items()},
    )


def _duration(desk: Desk, ms: int) -> str:
    """`2 days`, `40 min`, as the language writes it."""
    return str(format_timedelta(timedelta(milliseconds=max(ms, 0)), format="short", locale=desk.language.locale))


def _range(desk: Desk, shown: Shown, loaded: LoadedTable) -> str:
    """`51-100 of 2,318`; of how many only where that is known without counting."""
    _, number = desk.language.gettext, desk.language.number
    rows = len(loaded.page.items)
    if not rows:
        return ""
    first, last = number(shown.at + 1), number(shown.at + rows)
    whole = replace(shown.filters, sort=Sort.NEWEST) == Filters(shown.filters.view)
    total = loaded.totals.views.get(shown.filters.view) if whole else None
    if total is None:
        return f"{first}\N{EN DASH}{last}"
    last_of_all = number(max(total, shown.at + rows))
    return _("%(first)s to %(last)s of %(total)s", first=first, last=last, total=last_of_all)


def _looked_so_far(further: str, _: Translate) -> Notice:
    """Nothing in a second: what there may be lies far down."""
    words = _("Nothing matches among those looked at so far. There are more.")
    return Notice("search-x", _("Nothing found yet"), words, further, _("Look further"))


def _empty(filters: Filters, _: Translate) -> Notice:
    if filters.narrowed or filters.q:
        words = _("Try fewer letters, or remove a column filter.")
        return Notice("search-x", _("Nothing matches"), words, filters.plain.table, _("Clear filters"))
    words = _("Conversations appear here as they get to this state.")
    return Notice(VIEWS[filters.view][1], _("Nothing here"), words)
