"""Pieces of the right side: the pane, older lines, what is new, menus, and closed conversations to read."""

from dataclasses import replace

from aiohttp import web

from gateway.storage.message_reads import message_views
from gateway.storage.session import Session
from gateway.storage.thread_reads import LAST, EntryView, Place, entries
from gateway.web import problems
from gateway.web.pages.desk import Desk, html, read_id
from gateway.web.pages.extras import menu_of
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.filters import Filters, filters_in, filters_of
from gateway.web.pages.heads import HeadMaker
from gateway.web.pages.panes import PAGE, find_row, load_pane, of_conversation, older_url, pane_of
from gateway.web.pages.timeline import Timeline, TimelineMaker
from gateway.web.pages.views_shell import Person
from gateway.web.pages.views_thread import Head

MOST_LINES = 200
MOST_STATUSES = 50
_MENUS = {
    "options": "menu_options",
    "snooze": "menu_snooze",
    "tags": "menu_tags",
    "assign": "menu_assign",
    "close": "menu_sure",
    "remove": "menu_sure",
    "unsubscribe": "menu_sure",
}


async def show_pane(desk: Desk) -> web.StreamResponse:
    """A conversation, for the pane."""
    pane = await pane_of(
        desk,
        filters_of(desk.request.query, natural_only=desk.view.policy.natural_only),
        await load_pane(desk, desk.id("cnv")),
    )
    return html(desk.pieces("pane", me=face_of_user(desk.signed.user), **pane))


async def show_older(desk: Desk) -> web.StreamResponse:
    """The lines before a seq."""
    found = await find_row(desk, desk.id("cnv"))
    thread = found.row.thread.id
    before = whole(desk.request.query.get("before", ""))
    lines = await desk.read(
        lambda session: entries(
            session, desk.workspace_id, thread, limit=PAGE + 1, before=before or LAST, above_floor=True
        )
    )
    shown = lines[-PAGE:]
    filters = filters_of(desk.request.query)
    head = HeadMaker(desk.view, desk.viewer, desk.times, filters).head(found.row, ())
    made = TimelineMaker(desk.view, desk.times, head.person, filters.sender_id).lines(shown)
    more = older_url(head.id, shown[0].entry.seq, filters) if len(lines) > PAGE else ""
    return html(desk.pieces("lines", timeline=Timeline(made, 0, more)))


async def show_news(desk: Desk) -> web.StreamResponse:
    """What a page that shows a thread up to `after` needs to show it as it is."""
    query = desk.request.query
    messages = [one for one in query.get("messages", "").split(",") if one][:MOST_STATUSES]
    return html(await news(desk, whole(query.get("after", "")), filters_in(query.get("query", "")), messages))


async def news(desk: Desk, after: int, filters: Filters, messages: list[str]) -> str:
    """New lines at the end, the head anew, statuses and pictures of some messages; the panel when something was
    decided, and From when something was said: it goes by who wrote last.
    """
    loaded = await load_pane(desk, desk.id("cnv"))
    pane = await pane_of(desk, filters, loaded)
    head: Head = pane["head"]
    lines = await _lines(desk, loaded.found.row.thread.id, after, head.person, filters.sender_id)
    pieces = [desk.pieces("news_lines", timeline=lines), desk.pieces("head", head=head, oob=True)]
    if any(line.kind in {"event", "note"} for line in lines.lines):
        pieces.append(desk.pieces("side", side=pane["side"], oob=True))
    if any(line.kind == "event" for line in lines.lines) and not head.sealed:
        me = face_of_user(desk.signed.user)
        pieces.append(desk.pieces("own_dialog", head=head, me=me, oob=True))
    if any(line.kind == "message" for line in lines.lines) and not pane["composer"].sealed:
        pieces.append(desk.pieces("from_news", composer=pane["composer"], oob=True))
    pieces += await _statuses(desk, {one.entry.thread_id for one in loaded.lines}, messages)
    return "\n".join(pieces)


async def _lines(desk: Desk, thread: int, after: int, person: Person, sender_id: int | None) -> Timeline:
    def read(session: Session) -> list[EntryView]:
        place = max(after - 1, 0)
        return entries(session, desk.workspace_id, thread, limit=MOST_LINES, after=place, above_floor=True)

    found = await desk.read(read)
    above = found[0] if found and found[0].entry.seq == after else None
    fresh = found[1:] if above else found
    lines = TimelineMaker(desk.view, desk.times, person, sender_id).lines(fresh, before=above)
    return Timeline(lines, max([after, *(one.entry.seq for one in fresh)]))


async def _statuses(desk: Desk, threads: set[int], messages: list[str]) -> list[str]:
    ids = [read_id(one, "msg") for one in messages]
    if not ids:
        return []
    found = await desk.read(lambda session: message_views(session, desk.workspace_id, ids))
    maker = TimelineMaker(desk.view, desk.times, Person("", "", "", 0))
    lines = [maker.message(one, 0) for one in found.values() if one.message.thread_id in threads]
    pieces = ("message_status", "message_pictures", "message_subject", "message_text")
    return [desk.pieces(*pieces, x=line, oob=True) for line in lines]


async def show_composer(desk: Desk) -> web.StreamResponse:
    """The composer anew, when a contact opted out or in again."""
    pane = await pane_of(desk, Filters(), await load_pane(desk, desk.id("cnv")))
    return html(desk.pieces("composer", composer=pane["composer"]))


async def show_menu(desk: Desk) -> web.StreamResponse:
    """A menu of a row in the list."""
    menu = desk.request.match_info["menu"]
    name = _MENUS.get(menu)
    if name is None:
        raise problems.not_found("page")
    found = await find_row(desk, desk.id("cnv"))
    head = HeadMaker(desk.view, desk.viewer, desk.times, Filters()).head(found.row, ())
    if name == "menu_options":
        head = replace(head, extras=await menu_of(desk, found.row.thread.id))
    return html(desk.pieces(name, head=head, from_row=True, asked=menu))


async def show_readonly(desk: Desk) -> web.StreamResponse:
    """A closed conversation, to be read in a dialog."""
    conversation_id = desk.id("cnv")
    found = await find_row(desk, conversation_id)
    head = HeadMaker(desk.view, desk.viewer, desk.times, Filters()).head(found.row, ())
    one = found.row.conversation
    # Of a long thread, what was said by when it ended: later conversations may have many lines.
    end = LAST if one.ended_at is None else Place(0, 0, one.ended_at + 1, 0)
    lines = await desk.read(
        lambda session: entries(session, desk.workspace_id, found.row.thread.id, limit=200, before=end)
    )
    own = of_conversation(lines, conversation_id)
    made = TimelineMaker(desk.view, desk.times, head.person).lines(own)
    return html(desk.pieces("closed_dialog", head=head, timeline=Timeline(made, 0)))


def whole(text: str) -> int:
    """A whole number out of a query; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
