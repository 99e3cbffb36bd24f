"""The inbox: the whole page, its list pane, further rows, and the rows of conversations that changed."""

from aiohttp import web

from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.inbox import conversation_page, conversation_row
from gateway.storage.page import Page
from gateway.storage.session import Session
from gateway.storage.totals import view_totals
from gateway.web import problems
from gateway.web.pages.desk import Desk, html, notice_of, read_id
from gateway.web.pages.filters import Filters, filters_of
from gateway.web.pages.listing import Loaded, listing_of, load_list, sight
from gateway.web.pages.panes import load_pane, pane_of
from gateway.web.pages.shell import shell_of
from gateway.web.pages.views_list import Listing
from gateway.web.pages.views_shell import Shell

MOST_CHANGED = 50


async def show_home(desk: Desk) -> web.StreamResponse:
    """Everybody lands in the inbox."""
    raise web.HTTPSeeOther("/conversations")


async def show_inbox(desk: Desk) -> web.StreamResponse:
    """The page with a list and no conversation."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    loaded = await load_list(desk, filters)
    listing = listing_of(desk, filters, loaded)
    shell = shell_of(desk, "inbox", listing.unread, loaded.position)
    return desk.page("inbox.html", shell=shell, listing=listing)


async def show_conversation(desk: Desk) -> web.StreamResponse:
    """The page with a conversation beside its list. One that may not be seen is a page that says no more than that."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    loaded = await load_list(desk, filters)
    current = desk.request.match_info["id"]
    listing = listing_of(desk, filters, loaded, current)
    shell = shell_of(desk, "inbox", listing.unread, loaded.position)
    try:
        pane = await pane_of(desk, filters, await load_pane(desk, desk.id("cnv")))
    except problems.Problem as problem:
        notice = notice_of(problem, desk.language)
        return desk.page("inbox.html", status=problem.status, shell=shell, listing=listing, notice=notice)
    return desk.page("inbox.html", shell=shell, listing=listing, me=shell.me, pane=True, **pane)


async def show_list(desk: Desk) -> web.StreamResponse:
    """The list pane alone, when another view is chosen."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    loaded = await load_list(desk, filters)
    listing = listing_of(desk, filters, loaded, desk.request.query.get("current", ""))
    shell = shell_of(desk, "inbox", listing.unread, loaded.position)
    return html(desk.pieces("conv_list", listing=listing) + _around(desk, shell, listing))


async def show_rows(desk: Desk) -> web.StreamResponse:
    """Rows: with a cursor the next page of them, otherwise the box they are in."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    cursor = desk.request.query.get("cursor")
    loaded = await load_list(desk, filters, cursor)
    listing = listing_of(desk, filters, loaded, desk.request.query.get("current", ""))
    if cursor:
        return html(desk.pieces("rows", listing=listing))
    shell = shell_of(desk, "inbox", listing.unread, loaded.position)
    answer = html(desk.pieces("rows_box", listing=listing) + _around(desk, shell, listing))
    if not desk.request.query.get("current"):
        answer.headers["HX-Push-Url"] = filters.page
    return answer


async def show_changed(desk: Desk) -> web.StreamResponse:
    """Of the conversations named those that belong to the list as it is now, and the numbers around it."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    named = desk.request.query.get("ids", "").split(",")[:MOST_CHANGED]
    ids = [read_id(one, "cnv") for one in named if one]

    def read(session: Session) -> Loaded:
        found = (conversation_row(session, sight(desk), one) for one in ids)
        rows = [row for row in found if row is not None and _belongs(session, desk, filters, row)]
        return Loaded(Page(rows, None), view_totals(session, sight(desk)), 0)

    listing = listing_of(desk, filters, await desk.read(read), desk.request.query.get("current", ""))
    shell = shell_of(desk, "inbox", listing.unread, 0)
    return html(desk.pieces("rows", listing=listing) + _around(desk, shell, listing))


def _belongs(session: Session, desk: Desk, filters: Filters, row: ConversationRow) -> bool:
    if not filters.holds(row.conversation, row.tag_ids, desk.viewer) or (filters.unread and not row.unread):
        return False
    if not filters.q:
        return True
    hits = conversation_page(session, filters.asked(sight(desk), limit=200)).items
    return any(hit.conversation.id == row.conversation.id for hit in hits)


def _around(desk: Desk, shell: Shell, listing: Listing) -> str:
    """The numbers that stand elsewhere on the page."""
    return desk.pieces("nav_views", "unread_rail", "limit", shell=shell, listing=listing, oob=True)
