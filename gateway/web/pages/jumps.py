"""The short list behind Jump: conversations, and contacts, whose names or numbers match."""

from aiohttp import web

from gateway.domain.ids import format_id
from gateway.storage.contact_reads import contact_page
from gateway.storage.inbox import conversation_page
from gateway.storage.ranges import View
from gateway.storage.session import Session
from gateway.web.contact_sight import sees_contact
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.filters import Filters
from gateway.web.pages.formatting import address_text
from gateway.web.pages.panes import as_id
from gateway.web.pages.questions import asked
from gateway.web.pages.views_shell import Choice, Person

MOST_JUMPS = 8
MOST_PEOPLE = 5


async def show_jumps(desk: Desk) -> web.StreamResponse:
    """Conversations whose contact matches what was typed, then contacts who have none."""
    q = desk.request.query.get("q", "").replace("\0", "").strip()[:200]
    found: list[Choice] = []
    if q:
        query = asked(desk, Filters(View.ALL, q=q), limit=MOST_JUMPS)
        page = await desk.read(lambda session: conversation_page(session, query))
        for row in page.items:
            person = face_of_contact(row.contact, list(row.addresses), desk.language)
            known = row.addresses[0] if row.addresses else None
            shown = address_text(known.kind, known.value) if known and row.contact.saved else row.conversation.state
            found.append(
                Choice(person.name, f"/conversations/{as_id(row.conversation.id)}", "message-square", aux=shown)
            )
        listed = {format_id("cnt", row.contact.id) for row in page.items}
        people = [one for one in await desk.read(lambda session: _people(session, desk, q)) if one.id not in listed]
        found += [
            Choice(one.name, f"/contacts/{one.id}", "user", aux=desk.language.gettext("Contact")) for one in people
        ]
    return html(desk.pieces("jump_list", jumps=found))


def _people(session: Session, desk: Desk, q: str) -> list[Person]:
    page = contact_page(session, desk.workspace_id, q=q, limit=MOST_PEOPLE)
    seen = [one for one in page.items if sees_contact(session, desk, one)]
    return [face_of_contact(one.contact, list(one.addresses), desk.language) for one in seen]
