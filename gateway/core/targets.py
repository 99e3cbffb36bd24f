"""Who a message goes to: the address, the place it belongs to, and whether the caller may write there."""

from gateway.core.access import sees_thread
from gateway.core.belongings import with_merged
from gateway.core.commands.messages import SendMessage
from gateway.core.compose import Composition, compose
from gateway.core.errors import FieldError, Reason, Refused, conflict, invalid
from gateway.core.routing import find_named
from gateway.core.scene import Scene
from gateway.core.threads import Place, place_of, place_of_contact
from gateway.domain.address import Address, AddressKind
from gateway.domain.model import Contact, ContactAddress
from gateway.domain.record import record
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Sender


@record
class Target:
    """Who a message goes to: an address, and the place it belongs to if it is known."""

    address: Address
    place: Place | None


def somebody_elses() -> Refused:
    """What is told of a contact whose live conversation the caller may not see: no name, and nothing of theirs."""
    return conflict("conversation-elsewhere", "Somebody else is talking with this contact at the moment.")


def find_target(scene: Scene, command: SendMessage) -> Target:
    """Who is meant; 404 or 409 for what the caller may not see."""
    if command.to is not None:
        place = place_of(scene, command.to)
        if place is not None and not sees_thread(scene.view, scene.caller, scene.newest(place.root)):
            raise somebody_elses()
        return Target(command.to, place)
    if command.thread_id is not None:
        thread = scene.thread(command.thread_id)
        contact_id = scene.root(thread).contact_id
    else:
        assert command.contact_id is not None, "one of to, contact_id and thread_id is set"
        contact = scene.find(Contact, command.contact_id)
        if contact is None or contact.erased_at is not None:
            raise invalid("contact_id", "There is no such contact.", "not-found")
        while contact.merged_into is not None and (winner := scene.find(Contact, contact.merged_into)) is not None:
            contact = winner
        contact_id = contact.id
    found = place_of_contact(scene, contact_id)
    if found is None:
        raise invalid("contact_id", "This contact has no thread.", "not-found")
    if not sees_thread(scene.view, scene.caller, scene.newest(found.root)):
        raise somebody_elses()
    return Target(_address_of(scene, command, found), found)


def compose_for(scene: Scene, command: SendMessage, target: Target) -> Composition:
    """The message as it would leave to that target."""
    root = target.place.root if target.place else None
    return compose(scene, command, target.address, root, scene.newest(root) if root else None)


def _address_of(scene: Scene, command: SendMessage, place: Place) -> Address:
    """The contact's address for a channel or a chosen sender: the one last used if it fits, else the newest."""
    wants_mail = _wants_mail(scene, command)
    email = bool(wants_mail)
    mine = [
        one
        for one in scene.working.all(ContactAddress)
        if one.contact_id in _family(scene, place) and one.removed_at is None
    ]
    fitting = [one for one in mine if (one.kind is AddressKind.EMAIL) == email]
    if command.channel is None and not fitting:
        fitting, wants_mail = mine, None
    if not fitting:
        wanted = "e-mail address" if email else "phone number"
        raise Refused(
            Reason.INVALID,
            "no-address",
            f"This contact has no {wanted}.",
            (FieldError("to", f"This contact has no {wanted}.", "no-address"),),
        )
    sticky = place.root.sticky_address
    everything = mine if wants_mail is None else fitting
    chosen = next((one for one in everything if one.value == sticky), None) or max(fitting, key=lambda one: one.id)
    return Address(chosen.kind, chosen.value)


def _wants_mail(scene: Scene, command: SendMessage) -> bool | None:
    """Whether it goes to an e-mail address, as the channel says or else the chosen sender; nothing if neither does."""
    if command.channel is not None:
        return command.channel == "email"
    named = find_named(scene, command.from_) if command.from_ is not None else None
    return named.kind is SenderKind.EMAIL if isinstance(named, Sender) else None


def _family(scene: Scene, place: Place) -> set[int]:
    """Whoever leads the thread and everybody merged into them."""
    return with_merged(scene.working, [place.root.contact_id])
