"""People, their addresses and what they agreed to."""

from collections.abc import Mapping
from dataclasses import field

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.address import Address
from gateway.domain.model import Contact, ContactAddress
from gateway.domain.record import record


@record
class CreateContact(Command[Contact]):
    """Save somebody with their addresses. An address that belongs to somebody else is refused with who."""

    name: str | None
    addresses: tuple[Address, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None


@record
class UpdateContact(Command[Contact]):
    """Change what is known of a contact; naming one saves it."""

    contact_id: int
    name: str | None = UNCHANGED
    fields: Mapping[str, str] = UNCHANGED
    timezone: str | None = UNCHANGED
    note: str | None = UNCHANGED


@record
class AddAddress(Command[ContactAddress]):
    """One more address of a contact. One that belongs to another live contact is refused: merge them."""

    contact_id: int
    address: Address
    label: str | None = None


@record
class RemoveAddress(Command[None]):
    """An address is no longer this contact's."""

    contact_id: int
    address_id: int


@record
class MergeContacts(Command[Contact]):
    """`contact_id` turns out to be `into`. Nothing moves; the loser's thread points to the winner's."""

    contact_id: int
    into: int


@record
class UnmergeContact(Command[Contact]):
    """Undo a merge."""

    contact_id: int


@record
class ChangeConsent(Command[None]):
    """Somebody of the team records what the contact said: for a purpose, on every sender."""

    contact_id: int
    subscribed: bool
    purpose: str = "marketing"
    words: str | None = None


@record
class DecideWish(Command[Contact]):
    """What the words of `message_id` meant: an opt-out of everything, or nothing of the kind."""

    contact_id: int
    message_id: int
    unsubscribe: bool


@record
class EraseContact(Command[None]):
    """No body, media, raw payload or index entry stays; the opt-out survives as a keyed hash."""

    contact_id: int
