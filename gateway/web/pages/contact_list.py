"""The contacts, by name or by search, a page at a time."""

from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from gateway.core.commands.contacts import CreateContact
from gateway.core.errors import invalid
from gateway.domain.address import InvalidAddress, typed_address
from gateway.domain.ids import format_id
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import ContactView, contact_page
from gateway.storage.page import BadCursor, Page
from gateway.storage.session import Session
from gateway.web import guard, problems
from gateway.web.contact_sight import sees_contact
from gateway.web.language import marked
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.formatting import address_text
from gateway.web.pages.message_forms import text
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.sides import icon_of
from gateway.web.pages.views_contact import ContactBook, ContactRow
from gateway.web.pages.views_shell import Choice
from gateway.web.pages.views_thread import Field

PAGE = 50
MOST_SHOWN = 2
_SAVED: Final = {"yes": True, "no": False}
_CHIPS: Final = ((marked("Everybody"), ""), (marked("Saved"), "yes"), (marked("Not saved"), "no"))


async def show_contacts(desk: Desk) -> web.StreamResponse:
    """The page; a script that asks for what follows, or for other rows, gets the rows alone."""
    query = desk.request.query
    q = query.get("q", "").replace("\0", "").strip()[:200]
    saved = query.get("saved", "")
    saved = saved if saved in _SAVED else ""
    cursor = query.get("cursor") or None
    page = await desk.read(lambda session: _load(session, desk, q, saved, cursor))
    book = _book(desk, page, q, saved)
    if not desk.by_script:
        return desk.page("contacts.html", shell=await lone_shell(desk, "contacts"), book=book)
    if cursor:
        return html(desk.pieces("contact_rows", book=book))
    address = _address(q=q, saved=saved)
    return html(desk.pieces("contact_table", book=book), headers={"HX-Push-Url": address})


async def create(desk: Desk) -> web.StreamResponse:
    """Somebody new, by a name and a number or e-mail address."""
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    name, written = text(form.get("name", "")).strip(), text(form.get("address", "")).strip()
    try:
        addresses = (typed_address(written, desk.view.policy.default_country),) if written else ()
    except InvalidAddress as error:
        raise invalid("address", str(error)) from None
    made = await desk.execute(CreateContact(name or None, addresses))
    target = f"/contacts/{format_id('cnt', made.id)}"
    if desk.by_script:
        return html("", headers={"HX-Redirect": target})
    raise web.HTTPSeeOther(target)


def _load(session: Session, desk: Desk, q: str, saved: str, cursor: str | None) -> Page[ContactView]:
    try:
        page = contact_page(session, desk.workspace_id, q=q, saved=_SAVED.get(saved), limit=PAGE, cursor=cursor)
    except BadCursor:
        raise problems.not_found("page") from None
    return Page([one for one in page.items if sees_contact(session, desk, one)], page.next)


def _book(desk: Desk, page: Page[ContactView], q: str, saved: str) -> ContactBook:
    return ContactBook(
        q=q,
        rows=[contact_row(desk, one) for one in page.items],
        next=_address(q=q, saved=saved, cursor=page.next) if page.next else "",
        chips=[
            Choice(desk.language.gettext(label), _address(q=q, saved=value), pressed=value == saved)
            for label, value in _CHIPS
        ],
        saved=saved,
        may_edit=desk.signed.may(Permission.EDIT_CONTACTS),
        may_import=desk.signed.may(Permission.MANAGE_OUTREACH),
    )


def contact_row(desk: Desk, one: ContactView) -> ContactRow:
    """One contact as lists show it."""
    last = one.thread.last_at if one.thread else None
    return ContactRow(
        id=format_id("cnt", one.contact.id),
        person=face_of_contact(one.contact, list(one.addresses), desk.language),
        saved=one.contact.saved,
        addresses=[
            Field(address.kind, address_text(address.kind, address.value), icon_of(address.kind))
            for address in one.addresses[:MOST_SHOWN]
        ],
        more=max(0, len(one.addresses) - MOST_SHOWN),
        last=desk.times.short(last) if last else "",
        last_iso=desk.times.iso(last) if last else "",
    )


def _address(**fields: str | None) -> str:
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"/contacts?{query}" if query else "/contacts"
