"""Lists of contacts: all of them, one with who is on it, and the lists of a contact."""

from typing import Final

from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.commands.lists import ChangeMembers, CreateList, RemoveList, UpdateList
from gateway.domain.ids import format_id
from gateway.domain.lists import ContactList
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import ContactView, contact_page
from gateway.storage.list_reads import member_counts, member_page, on_lists
from gateway.storage.page import BadCursor, Page
from gateway.storage.session import Session
from gateway.web import guard, problems
from gateway.web.contact_sight import find_contact, sees_contact
from gateway.web.pages.contact_list import contact_row
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.message_forms import text
from gateway.web.pages.settings.forms import DONE, Faults, attempt, go_to
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.views_lists import Finding, ListPage, ListRow, ListsPage
from gateway.web.reports.list_table import list_csv

HOME: Final = "/lists"
PAGE = 50
MOST_FOUND = 10
NO_FAULTS: Final[Faults] = {}


async def show_lists(desk: Desk) -> web.StreamResponse:
    """All lists by name."""
    return await _lists(desk, NO_FAULTS, {})


async def create(desk: Desk) -> web.StreamResponse:
    """A new one, empty."""
    form = await desk.form()
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    name, description = text(form.get("name", "")), text(form.get("description", "")).strip()
    return await attempt(
        desk,
        lambda: desk.execute(CreateList(name, description or None)),
        lambda faults: _lists(desk, faults, form),
        HOME,
        "made",
    )


async def show_list(desk: Desk) -> web.StreamResponse:
    """One list; a script that asks for what follows gets the rows alone."""
    return await _list(desk, named_list(desk), NO_FAULTS)


async def change(desk: Desk) -> web.StreamResponse:
    """Another name or description."""
    form = await desk.form()
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    found = named_list(desk)
    name, description = text(form.get("name", "")), text(form.get("description", "")).strip()
    return await attempt(
        desk,
        lambda: desk.execute(UpdateList(found.id, name, description or None)),
        lambda faults: _list(desk, found, faults),
        _address(found),
    )


async def remove(desk: Desk) -> web.StreamResponse:
    """The list goes, its contacts stay."""
    await desk.form()
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    found = named_list(desk)
    await desk.execute(RemoveList(found.id))
    go_to(HOME, "removed")


async def find_people(desk: Desk) -> web.StreamResponse:
    """Contacts by name or number, to be put on the list."""
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    return html(desk.pieces("list_found", finding=await _finding(desk, named_list(desk))))


async def add_member(desk: Desk) -> web.StreamResponse:
    """A contact comes to the list."""
    return await _change_member(desk, added=True)


async def take_member_off(desk: Desk) -> web.StreamResponse:
    """A contact leaves the list."""
    return await _change_member(desk, added=False)


async def export(desk: Desk) -> web.StreamResponse:
    """The list as CSV."""
    guard.require(desk.signed, Permission.EXPORT)
    found = named_list(desk)
    await desk.execute(RecordExport("list", found.id))
    return await list_csv(desk.request, desk.read, desk.workspace_id, found)


def named_list(desk: Desk) -> ContactList:
    """The list in the path. Problem 404 when there is none."""
    return live_list(desk, desk.id("lst"))


def live_list(desk: Desk, list_id: int) -> ContactList:
    """A list that was not removed. Problem 404 when there is none."""
    found = desk.view.lists.get(list_id)
    if found is None or found.removed_at is not None:
        raise problems.not_found("list")
    return found


def list_row(found: ContactList, members: int = 0) -> ListRow:
    """One list as pages show it."""
    return ListRow(format_id("lst", found.id), found.name, found.description or "", members)


async def _lists(desk: Desk, faults: Faults, typed: Faults) -> web.StreamResponse:
    live = sorted(desk.view.live(desk.view.lists), key=lambda one: one.name.casefold())
    counts = await desk.read(lambda session: member_counts(session, desk.workspace_id, [one.id for one in live]))
    rows = [list_row(one, counts[one.id]) for one in live]
    page = ListsPage(rows, desk.signed.may(Permission.MANAGE_OUTREACH), faults, typed)
    said = desk.language.gettext(DONE.get(desk.request.query.get("said", ""), ""))
    shell = await lone_shell(desk, "contacts")
    return desk.page("lists.html", status=422 if faults else 200, shell=shell, lists=page, said=said)


async def _list(desk: Desk, found: ContactList, faults: Faults) -> web.StreamResponse:
    cursor = desk.request.query.get("cursor") or None

    def look(session: Session) -> tuple[Page[ContactView], int]:
        try:
            page = member_page(session, desk.workspace_id, found.id, limit=PAGE, cursor=cursor)
        except BadCursor:
            raise problems.not_found("page") from None
        seen = [one for one in page.items if sees_contact(session, desk, one)]
        return Page(seen, page.next), member_counts(session, desk.workspace_id, [found.id])[found.id]

    page, members = await desk.read(look)
    shown = ListPage(
        list_row(found, members),
        [contact_row(desk, one) for one in page.items],
        f"{_address(found)}?cursor={page.next}" if page.next else "",
        desk.signed.may(Permission.EDIT_CONTACTS),
        desk.signed.may(Permission.MANAGE_OUTREACH),
        desk.signed.may(Permission.EXPORT),
        faults,
    )
    if cursor and desk.by_script:
        return html(desk.pieces("list_rows", shown=shown))
    said = desk.language.gettext(DONE.get(desk.request.query.get("said", ""), ""))
    shell = await lone_shell(desk, "contacts")
    finding = await _finding(desk, found)
    return desk.page("list.html", status=422 if faults else 200, shell=shell, shown=shown, finding=finding, said=said)


async def _finding(desk: Desk, found: ContactList) -> Finding:
    q = desk.request.query.get("q", "").replace("\0", "").strip()[:200]
    if not q:
        return Finding(format_id("lst", found.id), q)

    def look(session: Session) -> tuple[list[ContactView], frozenset[str]]:
        people = contact_page(session, desk.workspace_id, q=q, limit=MOST_FOUND).items
        seen = [one for one in people if sees_contact(session, desk, one)]
        there = on_lists(session, desk.workspace_id, [one.contact.id for one in seen])
        return seen, frozenset(format_id("cnt", one) for one, lists in there.items() if found.id in lists)

    people, there = await desk.read(look)
    return Finding(format_id("lst", found.id), q, [contact_row(desk, one) for one in people], there)


async def _change_member(desk: Desk, *, added: bool) -> web.StreamResponse:
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    found = named_list(desk)
    contact = await find_contact(desk, desk.parse(form.get("contact", ""), "cnt"))
    only = (contact.contact.id,)
    await desk.execute(ChangeMembers(found.id, add=only) if added else ChangeMembers(found.id, remove=only))
    go_to(_address(found))


def _address(found: ContactList) -> str:
    return f"{HOME}/{format_id('lst', found.id)}"
