"""Contacts: people and what is known of them."""

from typing import Annotated

import msgspec

from gateway.core.commands.contacts import CreateContact, EraseContact, UpdateContact
from gateway.core.errors import invalid
from gateway.domain.address import Address, AddressKind
from gateway.domain.model import Contact
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import ContactView, contact_page
from gateway.storage.page import BadCursor
from gateway.storage.session import Session
from gateway.web.api.call import Call
from gateway.web.api.compose import address_in_field
from gateway.web.api.inputs import UNSET, AddressText, Name, Unset
from gateway.web.api.lookup import changed
from gateway.web.api.paging import DEFAULT, Cursor, Limit
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.contact import ContactShape, contact_shape
from gateway.web.contact_sight import find_contact, sees_contact

routes = Routes("Contacts")

Fields = Annotated[
    dict[Annotated[str, msgspec.Meta(min_length=1, max_length=100)], Annotated[str, msgspec.Meta(max_length=2000)]],
    msgspec.Meta(max_length=100),
]
Timezone = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class NewAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phone number or e-mail address, as people write it. Its `kind` shows; said, it must be right."""

    value: AddressText
    kind: AddressKind | None = None
    label: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class NewContact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody to save. Each of `addresses` is a text, or `{"value", "kind", "label"}`."""

    name: Name | None = None
    addresses: Annotated[list[AddressText | NewAddress], msgspec.Meta(max_length=50)] = []
    fields: Fields = {}
    timezone: Timezone | None = None


class ContactChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; giving a name saves the contact. `fields` replaces them all."""

    name: Name | Unset | None = UNSET
    fields: Fields | Unset = UNSET
    timezone: Timezone | Unset | None = UNSET
    note: Annotated[str, msgspec.Meta(max_length=10_000)] | Unset | None = UNSET


class ContactsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`q` matches any fragment of a name or number; `saved` leaves only those somebody saved, or only the others."""

    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    saved: bool | None = None
    limit: Limit = DEFAULT
    cursor: Cursor | None = None


@routes.get("/contacts")
async def list_contacts(call: Call, query: ContactsQuery) -> Page[ContactShape]:
    """List contacts by name, or those that `q` finds."""

    def look(session: Session) -> tuple[list[ContactView], str | None]:
        page = contact_page(
            session,
            call.workspace_id,
            q=query.q.strip(),
            saved=query.saved,
            limit=query.limit,
            cursor=query.cursor,
        )
        return [one for one in page.items if sees_contact(session, call, one)], page.next

    try:
        found, following = await call.read(look)
    except BadCursor as error:
        raise invalid("cursor", f"{error}.") from None
    return Page([shape(one) for one in found], following)


@routes.post("/contacts", permission=Permission.EDIT_CONTACTS, status=201)
async def create_contact(call: Call, body: NewContact) -> ContactShape:
    """Save a contact. An address that belongs to somebody else is a conflict."""
    addresses = tuple(_address(call, one, index) for index, one in enumerate(body.addresses))
    made = await call.execute(CreateContact(body.name, addresses, body.fields, body.timezone))
    return await read_contact(call, made.id)


@routes.get("/contacts/{contact_id}")
async def get_contact(call: Call, contact_id: int) -> ContactShape:
    """Read a contact."""
    return await read_contact(call, contact_id)


@routes.patch("/contacts/{contact_id}", permission=Permission.EDIT_CONTACTS)
async def update_contact(call: Call, contact_id: int, body: ContactChange) -> ContactShape:
    """Change a contact."""
    await find_contact(call, contact_id)
    command = UpdateContact(
        contact_id, changed(body.name), changed(body.fields), changed(body.timezone), changed(body.note)
    )
    await call.execute(command)
    return await read_contact(call, contact_id)


@routes.delete("/contacts/{contact_id}", permission=Permission.ERASE_CONTACTS)
async def erase_contact(call: Call, contact_id: int) -> None:
    """Erase a contact with all that was exchanged; an opt-out survives as a keyed hash."""
    await find_contact(call, contact_id)
    await call.execute(EraseContact(contact_id))


async def read_contact(call: Call, contact_id: int) -> ContactShape:
    """The same, as the API says it."""
    return shape(await find_contact(call, contact_id))


def shape(found: ContactView) -> ContactShape:
    """A contact as the API says it."""
    contact: Contact = found.contact
    return contact_shape(contact, found.addresses, found.thread.id if found.thread else None)


def _address(call: Call, given: str | NewAddress, index: int) -> Address:
    given = NewAddress(given) if isinstance(given, str) else given
    return read_address(call, given, f"addresses[{index}]")


def read_address(call: Call, given: NewAddress, field: str) -> Address:
    """The address meant. Refused (422) when it is none, or not of the kind said."""
    address = address_in_field(call, given.value, field)
    if given.kind is not None and given.kind is not address.kind:
        raise invalid(field, f"This is an address of the kind {address.kind}, not {given.kind}.")
    return address
