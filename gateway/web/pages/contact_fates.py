"""What changes whose a thread is: two contacts turn out to be one, or not after all; and the erasing of one."""

from typing import Final

from aiohttp import web

from gateway.core.commands.contacts import EraseContact, MergeContacts, UnmergeContact
from gateway.core.errors import invalid
from gateway.domain.ids import format_id
from gateway.domain.model import EntryKind
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import ContactView, contact_page
from gateway.storage.session import Session
from gateway.storage.thread_reads import entry_counts
from gateway.web import guard
from gateway.web.contact_sight import find_contact, sees_contact
from gateway.web.language import marked
from gateway.web.pages.contact_list import contact_row
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.message_forms import text
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.views_contact import ErasePage, MergePage
from gateway.web.pages.views_thread import Field

MOST_FOUND = 20
_COUNTED: Final = (
    (EntryKind.MESSAGE, marked("message"), marked("messages")),
    (EntryKind.NOTE, marked("note"), marked("notes")),
)


async def show_merge(desk: Desk) -> web.StreamResponse:
    """Who this contact is the same person as."""
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    found = await find_contact(desk, desk.id("cnt"))
    q = desk.request.query.get("q", "").replace("\0", "").strip()[:200]
    others = await desk.read(lambda session: _others(session, desk, q, found.contact.id)) if q else []
    person = face_of_contact(found.contact, list(found.addresses), desk.language)
    merging = MergePage(person.id, person, q, [contact_row(desk, one) for one in others])
    if desk.by_script:
        return html(desk.pieces("merge_found", merging=merging))
    return desk.page("contact_merge.html", shell=await lone_shell(desk, "contacts"), merging=merging)


def _others(session: Session, desk: Desk, q: str, contact_id: int) -> list[ContactView]:
    page = contact_page(session, desk.workspace_id, q=q, limit=MOST_FOUND)
    return [one for one in page.items if one.contact.id != contact_id and sees_contact(session, desk, one)]


async def merge(desk: Desk) -> web.StreamResponse:
    """The contact is another one from now on."""
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    found = await find_contact(desk, desk.id("cnt"))
    into = await find_contact(desk, desk.parse(form.get("into", ""), "cnt"))
    await desk.execute(MergeContacts(found.contact.id, into.contact.id))
    raise web.HTTPSeeOther(_page(into.contact.id))


async def unmerge(desk: Desk) -> web.StreamResponse:
    """Two people after all."""
    await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    found = await find_contact(desk, desk.id("cnt"))
    await desk.execute(UnmergeContact(found.contact.id))
    raise web.HTTPSeeOther(_page(found.contact.id))


async def show_erase(desk: Desk) -> web.StreamResponse:
    """What would be gone, and the question."""
    guard.require(desk.signed, Permission.ERASE_CONTACTS)
    erasing = await _erasing(desk, await find_contact(desk, desk.id("cnt")))
    return desk.page("contact_erase.html", shell=await lone_shell(desk, "contacts"), erasing=erasing)


async def erase(desk: Desk) -> web.StreamResponse:
    """Gone, once the name was typed."""
    form = await desk.form()
    guard.require(desk.signed, Permission.ERASE_CONTACTS)
    found = await find_contact(desk, desk.id("cnt"))
    erasing = await _erasing(desk, found)
    typed = "".join(text(form.get("word", "")).split()).casefold()
    if typed != "".join(erasing.word.split()).casefold():
        raise invalid("word", f"Type {erasing.word} to erase this contact; nothing was erased.")
    await desk.execute(EraseContact(found.contact.id))
    raise web.HTTPSeeOther("/contacts")


async def _erasing(desk: Desk, found: ContactView) -> ErasePage:
    person = face_of_contact(found.contact, list(found.addresses), desk.language)
    thread_id = found.thread.id if found.thread else 0
    totals = await desk.read(lambda session: entry_counts(session, desk.workspace_id, thread_id))
    counts = [
        Field(desk.language.gettext(one if totals.get(kind) == 1 else many), str(totals.get(kind, 0)))
        for kind, one, many in _COUNTED
    ]
    return ErasePage(person.id, person, person.name, counts)


def _page(contact_id: int) -> str:
    return f"/contacts/{format_id('cnt', contact_id)}"
