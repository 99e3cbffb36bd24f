"""What a template becomes for one contact, and what is wrong with it."""

from typing import Final

from gateway.core.errors import Refused
from gateway.core.templates import check, render, values_of
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.segments import split
from gateway.storage.contact_reads import ContactView, contact_page
from gateway.storage.session import Session
from gateway.web.contact_sight import find_contact, sees_contact
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import address_text
from gateway.web.pages.views_shell import Choice
from gateway.web.told import told

OFFERED: Final = 50


@record
class TemplatePreview:
    """The text as it would be sent, with its parts; or the sentence why it can't be."""

    text: str
    counted: str = ""
    fault: str = ""


async def contacts_to_try(desk: Desk) -> list[Choice]:
    """Saved contacts one may see, by name."""

    def look(session: Session) -> list[ContactView]:
        page = contact_page(session, desk.workspace_id, saved=True, limit=OFFERED)
        return [one for one in page.items if sees_contact(session, desk, one)]

    return [
        Choice(one.contact.name or "", format_id("cnt", one.contact.id), aux=_first_address(one))
        for one in await desk.read(look)
    ]


async def preview_of(desk: Desk, body: str, contact: str) -> TemplatePreview:
    """The body for that contact, or for nobody in particular."""
    if not body.strip():
        return TemplatePreview("")
    found = await find_contact(desk, desk.parse(contact, "cnt")) if contact else None
    values = values_of(found.contact, list(found.addresses), desk.signed.user.name) if found else {}
    if not found:
        values = values_of(None, [], desk.signed.user.name)
    try:
        check(body)
        text = render(body, values)
    except Refused as refused:
        return TemplatePreview("", fault=told(desk.language, refused.detail))
    parts = split(text)
    counted = desk.language.ngettext(
        "%(units)s characters, %(num)s part", "%(units)s characters, %(num)s parts", len(parts.parts), units=parts.units
    )
    return TemplatePreview(text, counted)


def _first_address(one: ContactView) -> str:
    return address_text(one.addresses[0].kind, one.addresses[0].value) if one.addresses else ""
