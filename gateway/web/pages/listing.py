"""The list pane, made from the read models: views with counts, chips, and a page of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from gateway.domain.record import record
from gateway.domain.settings import SavedView
from gateway.domain.visibility import Permission
from gateway.storage import event_log
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.inbox import conversation_page
from gateway.storage.page import BadCursor, Page
from gateway.storage.ranges import View
from gateway.storage.records import GATEWAY_HEALTH
from gateway.storage.saved_views import visible_views
from gateway.storage.session import Session
from gateway.storage.totals import ViewTotals, view_totals
from gateway.web import problems
from gateway.web.looking import whole_page
from gateway.web.pages.bulks import bulk_of
from gateway.web.pages.condition_words import FIELDS
from gateway.web.pages.desk import Desk
from gateway.web.pages.elsewhere import elsewhere_of, hits_elsewhere
from gateway.web.pages.filters import Filters
from gateway.web.pages.nav import VIEWS, Nav
from gateway.web.pages.questions import asked, sight
from gateway.web.pages.rows import row_of
from gateway.web.pages.views_list import Listing
from gateway.web.pages.views_shell import Choice, Notice

PAGE = 50
_NEAR = 5  # how few are left to the cap when the banner appears
_CAPPED = (View.INBOX, View.OPEN)


def views_of(session: Session, desk: Desk) -> Sequence[SavedView]:
    """The saved views of who asks."""
    return visible_views(session, desk.workspace_id, desk.signed.user.id)


def health_of(session: Session, desk: Desk) -> Mapping[int, str]:
    """How each gateway does that ever said so, by id."""
    gateways = [one.id for one in desk.view.live(desk.view.gateways)]
    return {one.gateway_id: one.state for one in GATEWAY_HEALTH.by(session, desk.workspace_id, "gateway_id", gateways)}


def is_capped(filters: Filters) -> bool:
    """Whether the list shows no more than the workspace's cap: what is open, as it comes, not what one looks for."""
    return filters.view in _CAPPED and filters == Filters(filters.view)


@record(gc=True)
class Loaded:
    """What one read transaction brought for a list; `position` is where the log stood."""

    page: Page[ConversationRow]
    totals: ViewTotals
    position: int
    views: Sequence[SavedView] = ()
    elsewhere: Sequence[ConversationRow] = ()
    health: Mapping[int, str] = field(default_factory=dict)


async def load_list(desk: Desk, filters: Filters, cursor: str | None = None, shown: int = 0) -> Loaded:
    """A page of rows with the totals, at one moment of the log. `shown` rows stand above it already."""
    room = max(desk.view.policy.open_cap - shown, 1) if is_capped(filters) else PAGE
    query = asked(desk, filters, limit=min(room, PAGE), cursor=cursor)

    def read(session: Session) -> Loaded:
        position = event_log.head(session, desk.workspace_id)
        totals, page = view_totals(session, sight(desk)), conversation_page(session, query)
        elsewhere = hits_elsewhere(session, desk, filters) if cursor is None else ()
        return Loaded(page, totals, position, views_of(session, desk), elsewhere, health_of(session, desk))

    try:
        loaded = await desk.read(read)
        return replace(loaded, page=await whole_page(desk.read, query, loaded.page))
    except BadCursor:
        raise problems.not_found("page") from None


def listing_of(desk: Desk, filters: Filters, loaded: Loaded, current: str = "", shown: int = 0) -> Listing:
    """The list pane. `shown` rows stand above this page of it already."""
    totals, more, cap = loaded.totals, loaded.page.next, desk.view.policy.open_cap
    nav = Nav(desk, filters, totals, loaded.views, loaded.health)
    shown += len(loaded.page.items)
    last = is_capped(filters) and shown >= cap
    next_page = f"/inbox/rows?{filters.query(search=True)}&cursor={more}&shown={shown}" if more and not last else ""
    open_count = (totals.views.get(filters.view) if is_capped(filters) else 0) or 0
    return Listing(
        title=nav.title(),
        view=filters.view.value,
        query=filters.query(),
        search=filters.q,
        rows=[row_of(one, desk.view, desk.times, filters) for one in loaded.page.items],
        next=next_page,
        nav=nav.groups(),
        chips=nav.chips(),
        senders=nav.numbers(),
        unread=totals.unread_messages,
        open_count=open_count,
        cap=cap,
        natural=nav.natural(),
        current=current,
        empty=_empty(desk, filters),
        conditions=nav.conditions(),
        fields=[Choice(desk.language.gettext(label), field.value) for field, label in FIELDS.items()],
        sorts=nav.sorts(),
        sort=filters.sort.value,
        narrowed=filters.narrowed,
        full=filters.plain.page,
        table=filters.table,
        capped=is_capped(filters) and open_count >= cap - _NEAR,
        last=last and open_count > cap,
        pick_oldest=min(max(open_count - cap, _NEAR), PAGE),
        bulk=bulk_of(desk),
        saved=nav.saved(),
        elsewhere=[elsewhere_of(desk, one) for one in loaded.elsewhere],
        may_share=desk.signed.may(Permission.MANAGE_CONTENT),
    )


def _empty(desk: Desk, filters: Filters) -> Notice:
    """What an empty list says, and the next step it offers."""
    _ = desk.language.gettext
    if filters.q:
        words = _("Try a shorter name or the last digits of the number.")
        left = replace(filters, q="").page
        return Notice("search-x", _("No conversations match"), words, left, _("Clear search"))
    if filters.narrowed:
        words = _("Try fewer filters.")
        return Notice("search-x", _("No conversations match"), words, filters.plain.page, _("Clear filters"))
    if not any(desk.view.live(desk.view.gateways)):
        if desk.signed.may(Permission.MANAGE_GATEWAYS):
            words = _("Messages come in once a gateway is there.")
            return Notice("radio-tower", _("No gateway yet"), words, "/settings/gateways/new", _("Add gateway"))
        words = _("Messages come in once an administrator has connected a gateway.")
        return Notice("radio-tower", _("No gateway yet"), words)
    if filters.view is View.INBOX:
        phone = any(one.plugin == "simulator" for one in desk.view.live(desk.view.gateways))
        words = _("New messages appear here by themselves.")
        return Notice("inbox", _("All clear"), words, "/phone" if phone else "", _("Try the phone simulator"))
    words = _("Conversations appear here as they get to this state.")
    return Notice(VIEWS[filters.view][1], _("Nothing here"), words, "/conversations", _("Go to the Inbox"))
