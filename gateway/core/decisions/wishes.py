"""A person says what a contact's words meant."""

from gateway.core import consents
from gateway.core.access import require
from gateway.core.belongings import with_merged
from gateway.core.commands.contacts import DecideWish
from gateway.core.decisions import talks
from gateway.core.errors import conflict
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.wishes import Decided, settle
from gateway.domain.address import Address
from gateway.domain.consent import ALL_SENDERS, ConsentEntry, ConsentSource, ConsentState, Purpose
from gateway.domain.model import Contact, ContactAddress, Message, Thread
from gateway.domain.visibility import Permission


def wish_needs(command: DecideWish, needs: Needs) -> None:
    """The contact's addresses and ledger, the words, and what is held because of them."""
    needs.contacts.add(command.contact_id)
    needs.messages.add(command.message_id)
    needs.ledger = True
    needs.held = True
    needs.talkers = True


def decide(command: DecideWish, scene: Scene) -> Contact:
    """A line of the ledger with the words as proof, for each address of the contact; machines wait no longer.

    409 when somebody was first, or the contact has spoken for themselves since.
    """
    require(scene.caller, Permission.EDIT_CONTACTS)
    contact = scene.contact(command.contact_id)
    thread = scene.working.thread_of(scene.workspace_id, contact.id)
    root = scene.root(thread) if thread else None
    message = scene.find(Message, command.message_id)
    if root is None or message is None or root.wish_message_id != message.id:
        raise conflict("nothing-to-decide", "There is nothing to decide here any more: somebody was first.")
    state = ConsentState.UNSUBSCRIBED if command.unsubscribe else ConsentState.UNKNOWN
    source = ConsentSource.API if scene.caller.actor.startswith("api:") else ConsentSource.AGENT
    words = message.body or message.subject
    for address in _meant(scene, root, message, command.unsubscribe):
        entry = ConsentEntry(address, ALL_SENDERS, Purpose.ANY, state, source, words, scene.now)
        consents.record(scene, entry)
        if command.unsubscribe:
            consents.announce(scene, contact, entry)
    settle(scene, root, Decided.UNSUBSCRIBE if command.unsubscribe else Decided.KEEP)
    if command.unsubscribe:
        talks.stop(scene, root)
    return contact


def _meant(scene: Scene, root: Thread, message: Message, everywhere: bool) -> list[Address]:
    """Who wants no more of us means all of their addresses; to keep says something of the one they wrote from."""
    own = Address(message.their_kind, message.their_address)
    if not everywhere:
        return [own]
    family = with_merged(scene.working, [root.contact_id])
    found = [one for one in scene.working.all(ContactAddress) if one.contact_id in family and one.removed_at is None]
    return list(dict.fromkeys([own, *(Address(one.kind, one.value) for one in sorted(found, key=lambda one: one.id))]))
