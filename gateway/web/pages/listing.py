"""The list pane, made from the read models: views with counts, chips, and a page of rows."""

from dataclasses import dataclass

from gateway.storage import event_log
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.inbox import conversation_page
from gateway.storage.page import BadCursor, Page
from gateway.storage.ranges import View
from gateway.storage.session import Session
from gateway.storage.sight import Sight, sight_of
from gateway.storage.totals import ViewTotals, view_totals
from gateway.web import problems
from gateway.web.pages.desk import Desk
from gateway.web.pages.filters import Filters
from gateway.web.pages.nav import VIEWS, Nav
from gateway.web.pages.rows import row_of
from gateway.web.pages.views_list import Listing
from gateway.web.pages.views_shell import Notice

PAGE = 50


def sight(desk: Desk) -> Sight:
    """What the person sees, as the read models take it."""
    return sight_of(desk.viewer, desk.workspace_id, desk.view.policy)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one read transaction brought for a list; `position` is where the log stood."""

    page: Page[ConversationRow]
    totals: ViewTotals
    position: int


async def load_list(desk: Desk, filters: Filters, cursor: str | None = None) -> Loaded:
    """A page of rows with the totals, at one moment of the log."""

    def read(session: Session) -> Loaded:
        position = event_log.head(session, desk.workspace_id)
        asked = filters.asked(sight(desk), limit=PAGE, cursor=cursor)
        return Loaded(conversation_page(session, asked), view_totals(session, sight(desk)), position)

    try:
        return await desk.read(read)
    except BadCursor:
        raise problems.not_found("page") from None


def listing_of(desk: Desk, filters: Filters, loaded: Loaded, current: str = "") -> Listing:
    """The list pane."""
    totals, more = loaded.totals, loaded.page.next
    nav = Nav(desk, filters, totals)
    next_page = f"/inbox/rows?{filters.query(search=True)}&cursor={more}" if more else ""
    return Listing(
        title=nav.title(),
        view=filters.view.value,
        query=filters.query(),
        search=filters.q,
        rows=[row_of(one, desk.view, desk.times, filters) for one in loaded.page.items],
        next=next_page,
        nav=nav.groups(),
        chips=nav.chips(),
        senders=nav.senders(),
        unread=totals.unread_messages,
        open_count=totals.views.get(View.OPEN) or 0,
        cap=desk.view.policy.open_cap,
        natural=nav.natural(),
        current=current,
        empty=_empty(desk, filters),
    )


def _empty(desk: Desk, filters: Filters) -> Notice:
    """What an empty list says, and the next step it offers."""
    if filters.q or filters.unread:
        words = "Try a shorter name or the last digits of the number."
        return Notice("search-x", "No conversations match", words, Filters(filters.view).page, "Clear search")
    if not any(desk.view.live(desk.view.gateways)):
        words = "Messages come in once a gateway is there. The command line adds one."
        return Notice("radio-tower", "No gateway yet", words)
    if filters.view is View.INBOX:
        phone = any(one.plugin == "simulator" for one in desk.view.live(desk.view.gateways))
        words = "New messages appear here by themselves."
        return Notice("inbox", "All clear", words, "/phone" if phone else "", "Try the phone simulator")
    return Notice(VIEWS[filters.view][1], "Nothing here", "Conversations appear here as they get to this state.")
