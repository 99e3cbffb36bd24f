"""A contact, their addresses and what they agreed to."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gateway.domain.model import ConsentRecord, Contact, ContactAddress
from gateway.web.api.times import to_id, to_id_or_none, to_time


class AddressShape(msgspec.Struct, frozen=True):
    """A phone number (E.164), short code or e-mail address."""

    id: str
    kind: str
    value: str
    label: str | None


class ContactBrief(msgspec.Struct, frozen=True):
    """A contact beside something else. `name` is null unless somebody saved the contact."""

    id: str
    name: str | None
    saved: bool
    addresses: list[AddressShape]


class ContactShape(msgspec.Struct, frozen=True):
    """A person."""

    id: str
    name: str | None
    saved: bool
    addresses: list[AddressShape]
    fields: dict[str, str]
    timezone: str | None
    note: str | None
    thread_id: str | None
    merged_into: str | None
    created_at: datetime


class ConsentShape(msgspec.Struct, frozen=True):
    """What one address said about one purpose, with its proof. `state` is unknown while nothing was said."""

    address: str
    state: str
    purpose: str
    sender_scope: str
    source: str | None
    words: str | None
    at: datetime | None


def address_shape(address: ContactAddress) -> AddressShape:
    """One address."""
    return AddressShape(to_id("address", address.id), address.kind, address.value, address.label)


def contact_brief(contact: Contact, addresses: Sequence[ContactAddress]) -> ContactBrief:
    """A contact as conversations show it."""
    name = contact.name if contact.saved else None
    return ContactBrief(to_id("contact", contact.id), name, contact.saved, [address_shape(one) for one in addresses])


def contact_shape(contact: Contact, addresses: Sequence[ContactAddress], thread_id: int | None) -> ContactShape:
    """A contact in full."""
    return ContactShape(
        id=to_id("contact", contact.id),
        name=contact.name if contact.saved else None,
        saved=contact.saved,
        addresses=[address_shape(one) for one in addresses],
        fields=dict(contact.fields),
        timezone=contact.timezone,
        note=contact.note,
        thread_id=to_id_or_none("thread", thread_id),
        merged_into=to_id_or_none("contact", contact.merged_into),
        created_at=to_time(contact.created_at),
    )


def consent_shape(record: ConsentRecord) -> ConsentShape:
    """One line of the ledger."""
    return ConsentShape(
        record.value, record.state, record.purpose, record.sender_scope, record.source, record.words, to_time(record.at)
    )
