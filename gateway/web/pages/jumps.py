"""The short list behind Jump: pages by their name, conversations and contacts by name or number."""

from collections.abc import Iterator
from typing import Final

from aiohttp import web

from gateway.domain.ids import format_id
from gateway.storage.contact_reads import contact_page
from gateway.storage.inbox import conversation_page
from gateway.storage.ranges import View
from gateway.storage.session import Session
from gateway.web.contact_sight import sees_contact
from gateway.web.language import marked
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.filters import Filters
from gateway.web.pages.formatting import address_text
from gateway.web.pages.nav import VIEWS
from gateway.web.pages.panes import as_id
from gateway.web.pages.questions import asked
from gateway.web.pages.settings.frame import may_open
from gateway.web.pages.settings.sections import SECTIONS
from gateway.web.pages.views_shell import Choice, Person

MOST_JUMPS = 8
MOST_PEOPLE = 5
MOST_PAGES = 6

PAGES: Final = (
    (marked("New conversation"), "/new", "square-pen"),
    *(
        (VIEWS[one][0], f"/conversations?view={one}", VIEWS[one][1])
        for one in VIEWS
        if one not in (View.OPEN, View.ALL)
    ),
    (marked("All conversations"), "/conversations/table", "rows-3"),
    (marked("Contacts"), "/contacts", "users"),
    (marked("Lists"), "/lists", "list-filter"),
    (marked("Campaigns"), "/campaigns", "megaphone"),
    (marked("Statistics"), "/statistics", "chart-column"),
    (marked("Settings"), "/settings", "settings"),
)
"""What every user finds beside the settings: a name, where it is, an icon."""


async def show_jumps(desk: Desk) -> web.StreamResponse:
    """Pages by their names, conversations by their contact, then contacts who have none."""
    q = desk.request.query.get("q", "").replace("\0", "").strip()[:200]
    found: list[Choice] | None = None
    if q:
        found = list(_pages(desk, q.casefold()))[:MOST_PAGES]
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


def _pages(desk: Desk, words: str) -> Iterator[Choice]:
    _ = desk.language.gettext
    for name, address, icon in PAGES:
        if words in _(name).casefold():
            yield Choice(_(name), address, icon)
    for section in SECTIONS:
        if words in _(section.label).casefold() and may_open(desk, section) and not section.installation:
            yield Choice(_(section.label), f"/settings/{section.name}", section.icon, aux=_("Settings"))


def _people(session: Session, desk: Desk, q: str) -> list[Person]:
    page = contact_page(session, desk.workspace_id, q=q, limit=MOST_PEOPLE)
    seen = [one for one in page.items if sees_contact(session, desk, one)]
    return [face_of_contact(one.contact, list(one.addresses), desk.language) for one in seen]
