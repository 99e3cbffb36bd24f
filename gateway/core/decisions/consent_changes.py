"""What the team records of a contact's wishes, on every sender. Nobody starts what the contact stopped."""

from gateway.core import consents
from gateway.core.access import require
from gateway.core.belongings import with_merged
from gateway.core.commands.contacts import ChangeConsent
from gateway.core.decisions import talks
from gateway.core.decisions.names import checked_text
from gateway.core.errors import conflict, invalid
from gateway.core.needs import Needs
from gateway.core.questions import forget_question
from gateway.core.scene import Scene
from gateway.core.wishes import Decided, settle
from gateway.domain.address import Address
from gateway.domain.consent import (
    ALL_SENDERS,
    OWN_SOURCES,
    ConsentEntry,
    ConsentSource,
    ConsentState,
    Purpose,
    standing,
)
from gateway.domain.model import Contact, ContactAddress
from gateway.domain.visibility import Permission

LONGEST_WORDS = 2_000


def consent_needs(command: ChangeConsent, needs: Needs) -> None:
    """The contact's addresses, those of who was merged into them, and the ledger."""
    needs.contacts.add(command.contact_id)
    needs.ledger = True
    needs.held = True
    needs.talkers = True


def change(command: ChangeConsent, scene: Scene) -> None:
    """A line of the ledger for each address of the contact; told to others where something else stands now."""
    require(scene.caller, Permission.EDIT_CONTACTS)
    contact = scene.contact(command.contact_id)
    purpose = _checked_purpose(command.purpose)
    words = checked_text("words", command.words, LONGEST_WORDS)
    addresses = _addresses(scene, contact)
    if not addresses:
        raise invalid("contact_id", "This contact has no number and no e-mail address to speak of.", "no-address")
    if command.subscribed:
        for address in addresses:
            _require_not_stopped(scene, address, purpose)
    state = ConsentState.SUBSCRIBED if command.subscribed else ConsentState.UNSUBSCRIBED
    source = ConsentSource.API if scene.caller.actor.startswith("api:") else ConsentSource.AGENT
    for address in addresses:
        before = standing(consents.ledger(scene, address.value), ALL_SENDERS, purpose)
        entry = ConsentEntry(address, ALL_SENDERS, purpose, state, source, words, scene.now)
        consents.record(scene, entry)
        if before is None or before.state is not state:
            consents.announce(scene, contact, entry)
    thread = scene.working.thread_of(scene.workspace_id, contact.id)
    if command.subscribed or purpose is Purpose.ANY:  # whatever their words may have meant is known now
        settle(scene, thread, Decided.KEEP if command.subscribed else Decided.UNSUBSCRIBE)
    if thread is not None and not command.subscribed and purpose in (Purpose.ANY, Purpose.CONVERSATIONAL):
        talks.stop(scene, thread)
        forget_question(scene, scene.root(thread))


def _require_not_stopped(scene: Scene, address: Address, purpose: Purpose) -> None:
    """On whichever sender it was: what somebody stopped in their own words, only they start again."""
    entries = consents.ledger(scene, address.value)
    for scope in dict.fromkeys([*(entry.sender_scope for entry in entries), ALL_SENDERS]):
        stands = standing(entries, scope, purpose)
        if stands is not None and stands.state is ConsentState.UNSUBSCRIBED and stands.source in OWN_SOURCES:
            said = f" with the words “{stands.words}”" if stands.words else ""
            sentence = (
                f"The contact unsubscribed {address.value}{said}. Only they can start it again, by writing START."
            )
            raise conflict("stopped-by-contact", sentence)


def _addresses(scene: Scene, contact: Contact) -> list[Address]:
    """The live addresses of the contact and of everybody merged into them, oldest first."""
    family = with_merged(scene.working, [contact.id])
    found = [one for one in scene.working.all(ContactAddress) if one.contact_id in family and one.removed_at is None]
    return [Address(one.kind, one.value) for one in sorted(found, key=lambda one: one.id)]


def _checked_purpose(purpose: str) -> Purpose:
    if purpose not in list(Purpose):
        raise invalid("purpose", f"A purpose is one of {', '.join(Purpose)}.")
    return Purpose(purpose)
