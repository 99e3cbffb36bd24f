"""The contact behind a thread: naming and saving, unsubscribing, and the short list behind Jump."""

from aiohttp import web

from gateway.core.commands.contacts import ChangeConsent, UpdateContact
from gateway.core.errors import invalid
from gateway.domain.visibility import Permission
from gateway.storage.inbox import conversation_page
from gateway.storage.ranges import View
from gateway.web import guard, problems
from gateway.web.pages.action_pages import done
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.filters import Filters
from gateway.web.pages.formatting import address_text
from gateway.web.pages.message_forms import text
from gateway.web.pages.panes import as_id, find_row
from gateway.web.pages.questions import asked
from gateway.web.pages.views_shell import Choice

MOST_JUMPS = 8
LONGEST_NAME = 200


async def _contact_of(desk: Desk, conversation: str) -> int:
    """The contact in the path, which must be the one of a conversation the person may see."""
    found = await find_row(desk, desk.parse(conversation, "cnv"))
    if found.row.contact.id != desk.id("cnt"):
        raise problems.not_found("contact")
    return found.row.contact.id


async def save(desk: Desk) -> web.StreamResponse:
    """Gives a contact a name, which saves it."""
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    contact_id = await _contact_of(desk, form.get("conversation", ""))
    name = text(form.get("name", "")).strip()
    if not name or len(name) > LONGEST_NAME:
        raise invalid("name", f"A name has 1 to {LONGEST_NAME} characters.")
    await desk.execute(UpdateContact(contact_id, name=name))
    target = f"/conversations/{form['conversation']}"
    if not desk.by_script:
        raise web.HTTPSeeOther(target)
    return html("", 200, "Contact saved")


async def unsubscribe(desk: Desk) -> web.StreamResponse:
    """No campaigns for this contact any more; the conversation goes on."""
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    contact_id = await _contact_of(desk, form.get("conversation", ""))
    await desk.execute(ChangeConsent(contact_id, subscribed=False))
    return done(desk, "Unsubscribed from campaigns", f"/conversations/{form['conversation']}")


async def show_jumps(desk: Desk) -> web.StreamResponse:
    """Conversations whose contact matches what was typed."""
    q = desk.request.query.get("q", "").replace("\0", "").strip()[:200]
    found: list[Choice] = []
    if q:
        query = asked(desk, Filters(View.ALL, q=q), limit=MOST_JUMPS)
        page = await desk.read(lambda session: conversation_page(session, query))
        for row in page.items:
            person = face_of_contact(row.contact, list(row.addresses))
            known = row.addresses[0] if row.addresses else None
            shown = address_text(known.kind, known.value) if known and row.contact.saved else row.conversation.state
            found.append(Choice(person.name, f"/conversations/{as_id(row.conversation.id)}", "user", aux=shown))
    return html(desk.pieces("jump_list", jumps=found))
