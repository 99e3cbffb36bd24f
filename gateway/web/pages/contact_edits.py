"""Forms of a contact's page: what is known, addresses, notes, consent. Without script the page comes again."""

from collections.abc import Mapping

from aiohttp import web

from gateway.core.commands.contacts import AddAddress, ChangeConsent, DecideWish, RemoveAddress, UpdateContact
from gateway.core.commands.conversations import AddNote
from gateway.core.commands.lists import ChangeMembers
from gateway.core.errors import invalid
from gateway.domain.address import Address, InvalidAddress, typed_address
from gateway.domain.consent import Purpose
from gateway.domain.ids import format_id
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import ContactView
from gateway.web import guard, problems
from gateway.web.contact_sight import find_contact
from gateway.web.pages.action_pages import done
from gateway.web.pages.contact_card import card_of
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.message_forms import text
from gateway.web.pages.panes import find_row

LONGEST_NAME = 200
MOST_FIELDS = 100


async def settled(desk: Desk, contact_id: int, said: str) -> web.StreamResponse:
    """The page as it is now: all of it for a browser, its content for a script."""
    if not desk.by_script:
        raise web.HTTPSeeOther(f"/contacts/{format_id('cnt', contact_id)}")
    return html(desk.pieces("contact_card", card=await card_of(desk, contact_id)), 200, said)


async def _edited(desk: Desk) -> tuple[ContactView, Mapping[str, str]]:
    """The contact in the path, which the person may see and change, and the form."""
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    return await find_contact(desk, desk.id("cnt")), form


async def save(desk: Desk) -> web.StreamResponse:
    """A name, which saves the contact; on the page also the time zone and what to know about them."""
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    conversation = form.get("conversation", "")
    contact_id = (
        await _beside(desk, conversation) if conversation else (await find_contact(desk, desk.id("cnt"))).contact.id
    )
    name = text(form.get("name", "")).strip()
    if not name or len(name) > LONGEST_NAME:
        raise invalid("name", f"A name has 1 to {LONGEST_NAME} characters.")
    if conversation:
        await desk.execute(UpdateContact(contact_id, name=name))
        if not desk.by_script:
            raise web.HTTPSeeOther(f"/conversations/{conversation}")
        return html("", 200, desk.language.gettext("Contact saved"))
    zone, about = form.get("timezone", "").strip(), text(form.get("about", "")).strip()
    await desk.execute(UpdateContact(contact_id, name=name, timezone=zone or None, note=about or None))
    return await settled(desk, contact_id, desk.language.gettext("Contact saved"))


async def _beside(desk: Desk, conversation: str) -> int:
    """The contact in the path, which must be the one of a conversation the person may see."""
    found = await find_row(desk, desk.parse(conversation, "cnv"))
    if found.row.contact.id != desk.id("cnt"):
        raise problems.not_found("contact")
    return found.row.contact.id


async def save_fields(desk: Desk) -> web.StreamResponse:
    """All custom fields as the form has them; one without a name or a value goes."""
    found, form = await _edited(desk)
    fields: dict[str, str] = {}
    for number in range(MOST_FIELDS + 5):
        name, value = text(form.get(f"name_{number}", "")).strip(), text(form.get(f"value_{number}", "")).strip()
        if value and not name:
            raise invalid(f"name_{number}", f"What is “{value[:40]}”? Give the field a name.")
        if name and value:
            fields[name] = value
    await desk.execute(UpdateContact(found.contact.id, fields=fields))
    return await settled(desk, found.contact.id, desk.language.gettext("Fields saved"))


async def add_address(desk: Desk) -> web.StreamResponse:
    """One more number or e-mail address."""
    found, form = await _edited(desk)
    try:
        address = typed_address(form.get("value", "").strip(), desk.view.policy.default_country)
    except InvalidAddress as error:
        raise invalid("value", str(error)) from None
    await desk.execute(AddAddress(found.contact.id, address, text(form.get("label", "")).strip() or None))
    return await settled(desk, found.contact.id, desk.language.gettext("Address added"))


async def label_address(desk: Desk) -> web.StreamResponse:
    """What an address is for."""
    found, form = await _edited(desk)
    wanted = desk.id("adr", "address")
    known = next((one for one in found.addresses if one.id == wanted), None)
    if known is None:
        raise problems.not_found("address")
    label = text(form.get("label", "")).strip()
    await desk.execute(AddAddress(found.contact.id, Address(known.kind, known.value), label or None))
    return await settled(desk, found.contact.id, desk.language.gettext("Label saved"))


async def remove_address(desk: Desk) -> web.StreamResponse:
    """An address is no longer theirs."""
    found, _ = await _edited(desk)
    await desk.execute(RemoveAddress(found.contact.id, desk.id("adr", "address")))
    return await settled(desk, found.contact.id, desk.language.gettext("Address removed"))


async def join_list(desk: Desk) -> web.StreamResponse:
    """The contact comes to a list."""
    found, form = await _edited(desk)
    await desk.execute(ChangeMembers(desk.parse(form.get("list", ""), "lst"), add=(found.contact.id,)))
    return await settled(desk, found.contact.id, desk.language.gettext("Put on the list"))


async def leave_list(desk: Desk) -> web.StreamResponse:
    """The contact leaves a list."""
    found, _ = await _edited(desk)
    await desk.execute(ChangeMembers(desk.id("lst", "list"), remove=(found.contact.id,)))
    return await settled(desk, found.contact.id, desk.language.gettext("Taken off the list"))


async def add_note(desk: Desk) -> web.StreamResponse:
    """A note on the contact, whatever happens to conversations."""
    form = await desk.form()
    guard.require(desk.signed, Permission.NOTE)
    found = await find_contact(desk, desk.id("cnt"))
    if found.thread is None:
        raise problems.not_found("thread")
    await desk.execute(AddNote(found.thread.id, text(form.get("body", "")), on_contact=True))
    return await settled(desk, found.contact.id, desk.language.gettext("Note saved"))


async def subscribe(desk: Desk) -> web.StreamResponse:
    """Somebody of the team was told that the contact wants messages."""
    return await _consent(desk, subscribed=True)


async def unsubscribe(desk: Desk) -> web.StreamResponse:
    """The contact wants no more of them; a conversation goes on."""
    return await _consent(desk, subscribed=False)


async def decide(desk: Desk) -> web.StreamResponse:
    """What words that may have been an opt-out were, says somebody who read them."""
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    conversation, contact_id = form.get("conversation", ""), desk.id("cnt")
    if conversation:
        await _beside(desk, conversation)
    else:
        await find_contact(desk, contact_id)
    decision = form.get("decision", "")
    if decision not in {"unsubscribe", "keep"}:
        raise invalid("decision", "Decide: unsubscribe, or keep.")
    message_id = desk.parse(form.get("message", ""), "msg")
    await desk.execute(DecideWish(contact_id, message_id, unsubscribe=decision == "unsubscribe"))
    _ = desk.language.gettext
    told = _("Unsubscribed; the proof is kept") if decision == "unsubscribe" else _("Kept; what waited goes out")
    if conversation:
        return done(desk, told, f"/conversations/{conversation}")
    return await settled(desk, contact_id, told)


async def _consent(desk: Desk, *, subscribed: bool) -> web.StreamResponse:
    form = await desk.form()
    guard.require(desk.signed, Permission.EDIT_CONTACTS)
    conversation, contact_id = form.get("conversation", ""), desk.id("cnt")
    if conversation:
        await _beside(desk, conversation)
    else:
        await find_contact(desk, contact_id)
    purpose = form.get("purpose", "") or Purpose.MARKETING
    words = text(form.get("words", "")).strip() or None
    await desk.execute(ChangeConsent(contact_id, subscribed, purpose, words))
    _ = desk.language.gettext
    if conversation:
        told = _("Subscribed to campaigns") if subscribed else _("Unsubscribed from campaigns")
        return done(desk, told, f"/conversations/{conversation}")
    told = _("Subscribed; the proof is kept") if subscribed else _("Unsubscribed; the proof is kept")
    return await settled(desk, contact_id, told)
