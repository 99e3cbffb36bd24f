"""The inbox: the whole page, its list pane, further rows, and the rows of conversations that changed."""

import re

from aiohttp import web

from gateway.storage.inbox import rows_among
from gateway.storage.page import Page
from gateway.storage.session import Session
from gateway.storage.totals import view_totals
from gateway.web import problems
from gateway.web.pages.desk import Desk, html, notice_of, read_id
from gateway.web.pages.filters import Filters, filters_of
from gateway.web.pages.guide import guide_of
from gateway.web.pages.listing import Loaded, health_of, listing_of, load_list, views_of
from gateway.web.pages.panes import load_pane, pane_of
from gateway.web.pages.questions import asked, sight
from gateway.web.pages.shell import shell_of
from gateway.web.pages.thread_pages import whole
from gateway.web.pages.views_list import Listing
from gateway.web.pages.views_shell import Shell

MOST_CHANGED = 50
_THREAD = re.compile(r"^https?://[^/?#]+/conversations/(cnv_\w+)(?:[?#]|$)", re.ASCII)


async def show_home(desk: Desk) -> web.StreamResponse:
    """Everybody lands in the inbox."""
    raise web.HTTPSeeOther("/conversations")


async def show_inbox(desk: Desk) -> web.StreamResponse:
    """The page with a list and no conversation."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    loaded = await load_list(desk, filters)
    listing = listing_of(desk, filters, loaded)
    shell = shell_of(desk, "inbox", listing.unread, loaded.position)
    return desk.page("inbox.html", guide=await guide_of(desk), shell=shell, listing=listing)


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
    return desk.page(
        "inbox.html", guide=await guide_of(desk), shell=shell, listing=listing, me=shell.me, pane=True, **pane
    )


async def show_list(desk: Desk) -> web.StreamResponse:
    """The list pane alone, when another view is chosen."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    return await list_fragment(desk, filters)


async def list_fragment(desk: Desk, filters: Filters) -> web.Response:
    """The list pane, and the numbers around it. Its address comes into the browser's line."""
    loaded = await load_list(desk, filters)
    listing = listing_of(desk, filters, loaded, desk.request.query.get("current", ""))
    shell = shell_of(desk, "inbox", listing.unread, loaded.position)
    answer = html(desk.pieces("conv_list", listing=listing) + _around(desk, shell, listing))
    answer.headers.update(pushed(desk, _beside(desk, filters)))
    return answer


def _beside(desk: Desk, filters: Filters) -> str:
    """The address of a list, with the thread that is open beside it: the one the browser's line names."""
    thread = _THREAD.search(desk.request.headers.get("HX-Current-URL", ""))
    return filters.conversation(thread[1]) if thread else filters.page


def pushed(desk: Desk, address: str) -> dict[str, str]:
    """Puts an address into the browser's line, unless it stands there: Back must lead to something else."""
    shown = desk.request.headers.get("HX-Current-URL", "")
    return {} if shown.endswith(address) else {"HX-Push-Url": address}


async def show_rows(desk: Desk) -> web.StreamResponse:
    """Rows: with a cursor the next page of them, otherwise the box they are in."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    cursor = desk.request.query.get("cursor")
    shown = whole(desk.request.query.get("shown", "")) if cursor else 0
    loaded = await load_list(desk, filters, cursor, shown)
    listing = listing_of(desk, filters, loaded, desk.request.query.get("current", ""), shown)
    if cursor:
        return html(desk.pieces("rows", listing=listing))
    shell = shell_of(desk, "inbox", listing.unread, loaded.position)
    answer = html(desk.pieces("rows_box", listing=listing) + _around(desk, shell, listing))
    if not desk.request.query.get("current"):
        answer.headers.update(pushed(desk, _beside(desk, filters)))
    return answer


async def show_changed(desk: Desk) -> web.StreamResponse:
    """Of the conversations named those that belong to the list as it is now, and the numbers around it."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    named = desk.request.query.get("ids", "").split(",")[:MOST_CHANGED]
    ids = [read_id(one, "cnv") for one in named if one]

    query = asked(desk, filters, limit=MOST_CHANGED)

    def read(session: Session) -> Loaded:
        rows = rows_among(session, query, ids)
        return Loaded(
            Page(rows, None),
            view_totals(session, sight(desk)),
            0,
            views_of(session, desk),
            (),
            health_of(session, desk),
        )

    listing = listing_of(desk, filters, await desk.read(read), desk.request.query.get("current", ""))
    shell = shell_of(desk, "inbox", listing.unread, 0)
    return html(desk.pieces("rows", listing=listing) + _around(desk, shell, listing))


def _around(desk: Desk, shell: Shell, listing: Listing) -> str:
    """The numbers that stand elsewhere on the page."""
    return desk.pieces("nav_views", "unread_rail", "limit", shell=shell, listing=listing, oob=True)
