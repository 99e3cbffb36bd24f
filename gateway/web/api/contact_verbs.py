"""What can be done with a contact: merge and unmerge, addresses, consent, export."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from gateway.core.commands.audit import RecordExport
from gateway.core.commands.contacts import (
    AddAddress,
    ChangeConsent,
    DecideWish,
    MergeContacts,
    RemoveAddress,
    UnmergeContact,
)
from gateway.domain.consent import Purpose
from gateway.domain.model import ContactAddress
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import consent_ledger, wish_of
from gateway.storage.thread_reads import Place, entries
from gateway.web.api.call import Call
from gateway.web.api.contacts import NewAddress, read_address, read_contact
from gateway.web.api.inputs import Id
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.contact import (
    AddressShape,
    ConsentShape,
    ContactShape,
    address_shape,
    consent_shape,
)
from gateway.web.api.shapes.entry import EntryShape, entry_shape
from gateway.web.api.times import id_in_field, to_id, to_time
from gateway.web.contact_sight import find_contact, standing_lines

routes = Routes("Contacts")

_MOST_EXPORTED = 100_000


class Merge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contact that stays."""

    into: Id


class ConsentChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the contact said, and to what purpose."""

    purpose: Purpose = Purpose.MARKETING
    words: Annotated[str, msgspec.Meta(max_length=1000)] | None = None


class Suggestion(msgspec.Struct, frozen=True):
    """Words that may mean "no more messages". What goes out by itself is held until somebody decides."""

    message_id: str
    words: str
    at: datetime


class ConsentLedger(msgspec.Struct, frozen=True):
    """What stands for each address, purpose and sender; and what is to be decided, or null."""

    items: list[ConsentShape]
    suggestion: Suggestion | None
    next: str | None = None


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the suggestion's words meant."""

    message_id: Id
    decision: Literal["unsubscribe", "keep"]


class ContactExport(msgspec.Struct, frozen=True):
    """All that is kept of a contact. `consent` is the whole ledger with its proofs, the newest line first."""

    contact: ContactShape
    consent: list[ConsentShape]
    entries: list[EntryShape]
    exported_at: datetime


@routes.post("/contacts/{contact_id}/merge", permission=Permission.EDIT_CONTACTS)
async def merge_contact(call: Call, contact_id: int, body: Merge) -> ContactShape:
    """Merge a contact into another; nothing moves, and it can be undone."""
    into = id_in_field("contact", body.into, "into")
    await find_contact(call, contact_id)
    await find_contact(call, into)
    await call.execute(MergeContacts(contact_id, into))
    return await read_contact(call, into)


@routes.post("/contacts/{contact_id}/unmerge", permission=Permission.EDIT_CONTACTS)
async def unmerge_contact(call: Call, contact_id: int) -> ContactShape:
    """Undo a merge."""
    await find_contact(call, contact_id)
    await call.execute(UnmergeContact(contact_id))
    return await read_contact(call, contact_id)


@routes.post("/contacts/{contact_id}/addresses", permission=Permission.EDIT_CONTACTS, status=201)
async def add_address(call: Call, contact_id: int, body: NewAddress) -> AddressShape:
    """Add an address. One of another contact is a conflict: merge them."""
    await find_contact(call, contact_id)
    command = AddAddress(contact_id, read_address(call, body, "value"), body.label)

    def answer(address: ContactAddress) -> AddressShape:
        return address_shape(address)

    return answer(await call.execute(command, answer))


@routes.delete("/contacts/{contact_id}/addresses/{address_id}", permission=Permission.EDIT_CONTACTS)
async def remove_address(call: Call, contact_id: int, address_id: int) -> None:
    """Take an address off a contact."""
    await find_contact(call, contact_id)
    await call.execute(RemoveAddress(contact_id, address_id))


@routes.post("/contacts/{contact_id}/subscribe", permission=Permission.EDIT_CONTACTS)
async def subscribe_contact(call: Call, contact_id: int, body: ConsentChange | None = None) -> Page[ConsentShape]:
    """Record that a contact wants messages again."""
    return await _change_consent(call, contact_id, body or ConsentChange(), subscribed=True)


@routes.post("/contacts/{contact_id}/unsubscribe", permission=Permission.EDIT_CONTACTS)
async def unsubscribe_contact(call: Call, contact_id: int, body: ConsentChange | None = None) -> Page[ConsentShape]:
    """Record that a contact wants no more messages."""
    return await _change_consent(call, contact_id, body or ConsentChange(), subscribed=False)


@routes.get("/contacts/{contact_id}/consent")
async def get_consent(call: Call, contact_id: int) -> ConsentLedger:
    """Read what each address of a contact said last, with its proof."""
    await find_contact(call, contact_id)
    return await _ledger(call, contact_id)


@routes.post("/contacts/{contact_id}/decide", permission=Permission.EDIT_CONTACTS)
async def decide_wish(call: Call, contact_id: int, body: Decision) -> ConsentLedger:
    """Decide what a suggestion's words meant; what was held goes on, or is refused. 409 when somebody was first."""
    await find_contact(call, contact_id)
    message_id = id_in_field("message", body.message_id, "message_id")
    await call.execute(DecideWish(contact_id, message_id, unsubscribe=body.decision == "unsubscribe"))
    return await _ledger(call, contact_id)


async def _ledger(call: Call, contact_id: int) -> ConsentLedger:
    words = await call.read(lambda session: wish_of(session, call.workspace_id, contact_id))
    suggestion = None
    if words is not None:
        said = words.body or words.subject or ""
        suggestion = Suggestion(to_id("message", words.id), said, to_time(words.created_at))
    return ConsentLedger(await consent_of(call, contact_id), suggestion)


@routes.get("/contacts/{contact_id}/export")
async def export_contact(call: Call, contact_id: int) -> ContactExport:
    """Export all that is kept of a contact whom the caller may see."""
    found = await find_contact(call, contact_id)
    await call.execute(RecordExport("contact", contact_id))
    lines: list[EntryShape] = []
    place: Place | None = None
    while found.thread is not None and len(lines) < _MOST_EXPORTED:
        thread_id, after = found.thread.id, place
        views = await call.read(
            lambda session, thread_id=thread_id, after=after: entries(  # type: ignore[misc]
                session, call.workspace_id, thread_id, limit=200, after=after
            )
        )
        lines += [entry_shape(view, call.view) for view in views]
        if len(views) < 200:
            break
        place = views[-1].place
    ledger = await call.read(lambda session: consent_ledger(session, call.workspace_id, contact_id))
    said = {line.value for line in ledger}
    silent = [one for one in await consent_of(call, contact_id) if one.address not in said]
    proofs = [*map(consent_shape, ledger), *silent]
    return ContactExport(await read_contact(call, contact_id), proofs, lines, to_time(call.state.clock()))


async def consent_of(call: Call, contact_id: int) -> list[ConsentShape]:
    """The newest line of the ledger for each address, purpose and sender; `unknown` where nothing was said."""
    found = await find_contact(call, contact_id)
    ledger = await call.read(lambda session: consent_ledger(session, call.workspace_id, contact_id))
    newest = standing_lines(ledger)
    said = {line.value for line in newest}
    silent = [address.value for address in found.addresses if address.value not in said]
    unknown = [ConsentShape(value, "unknown", Purpose.MARKETING, "all", None, None, None) for value in silent]
    return [consent_shape(line) for line in newest] + unknown


async def _change_consent(call: Call, contact_id: int, body: ConsentChange, *, subscribed: bool) -> Page[ConsentShape]:
    await find_contact(call, contact_id)
    await call.execute(ChangeConsent(contact_id, subscribed, body.purpose, body.words))
    return Page(await consent_of(call, contact_id))
