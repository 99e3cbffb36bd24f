"""Contacts: saved, changed, given addresses. An address is one contact's; who finds it taken is told to merge."""

from collections.abc import Mapping

from gateway.core.access import require, sees_thread
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.contacts import AddAddress, CreateContact, RemoveAddress, UpdateContact
from gateway.core.commands.messages import FindOrCreateThread, FoundThread
from gateway.core.decisions.names import LONGEST, checked_name, checked_text
from gateway.core.errors import Refused, conflict, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.threads import add_address, new_place, place_for, place_of
from gateway.domain.model import Contact, ContactAddress
from gateway.domain.record import replace
from gateway.domain.time_zones import zone_named
from gateway.domain.visibility import Permission

MOST_FIELDS = 100
LONGEST_VALUE = 2_000
LONGEST_NOTE = 10_000


def create_needs(command: CreateContact, needs: Needs) -> None:
    """Whose its addresses are."""
    needs.addresses.update(address.value for address in command.addresses)


def create(command: CreateContact, scene: Scene) -> Contact:
    """Somebody saved by hand, with their thread."""
    require(scene.caller, Permission.EDIT_CONTACTS)
    name = None if command.name is None else checked_name(command.name)
    addresses = tuple(dict.fromkeys(command.addresses))
    if name is None and not addresses:
        raise invalid("name", "Give a name, or at least one number or e-mail address.", "empty")
    fields, timezone = _checked_fields(command.fields), _checked_timezone(command.timezone)
    for address in addresses:
        owner = scene.working.address(scene.workspace_id, address.value)
        if owner is not None:
            raise _taken(scene, owner)
    contact = scene.working.put(Contact(scene.workspace_id, scene.new_id(), scene.now, name, True, fields, timezone))
    new_place(scene, contact, addresses)
    return contact


def update_needs(command: UpdateContact, needs: Needs) -> None:
    """The contact."""
    needs.contacts.add(command.contact_id)


def update(command: UpdateContact, scene: Scene) -> Contact:
    """What is named changes. Naming somebody saves them."""
    require(scene.caller, Permission.EDIT_CONTACTS)
    before = scene.contact(command.contact_id)
    after = before
    if command.name is not UNCHANGED:
        name = None if command.name is None else checked_name(command.name)
        after = replace(after, name=name, saved=before.saved or name is not None)
    if command.fields is not UNCHANGED:
        after = replace(after, fields=_checked_fields(command.fields))
    if command.timezone is not UNCHANGED:
        after = replace(after, timezone=_checked_timezone(command.timezone))
    if command.note is not UNCHANGED:
        after = replace(after, note=checked_text("note", command.note, LONGEST_NOTE))
    return before if after == before else scene.working.put(after)


def add_needs(command: AddAddress, needs: Needs) -> None:
    """The contact, and whose the address is."""
    needs.contacts.add(command.contact_id)
    needs.addresses.add(command.address.value)


def add(command: AddAddress, scene: Scene) -> ContactAddress:
    """One more address. One that is this contact's already only takes the label."""
    require(scene.caller, Permission.EDIT_CONTACTS)
    contact = scene.contact(command.contact_id)
    label = checked_text("label", command.label, LONGEST)
    known = scene.working.address(scene.workspace_id, command.address.value)
    if known is None:
        return add_address(scene, contact, command.address, label)
    if known.contact_id != contact.id:
        raise _taken(scene, known)
    return known if label is None or label == known.label else scene.working.put(replace(known, label=label))


def remove_needs(command: RemoveAddress, needs: Needs) -> None:
    """The contact and the address."""
    needs.contacts.add(command.contact_id)
    needs.record(ContactAddress, "id", [command.address_id])


def remove(command: RemoveAddress, scene: Scene) -> None:
    """No longer this contact's: whoever writes from it next is somebody new. What was said stays."""
    require(scene.caller, Permission.EDIT_CONTACTS)
    contact = scene.contact(command.contact_id)
    address = scene.need(ContactAddress, command.address_id, "address")
    if address.contact_id != contact.id:
        raise not_found("address")
    scene.working.put(replace(address, removed_at=scene.now))
    thread = scene.working.thread_of(scene.workspace_id, contact.id)
    if thread is None:
        return
    for one in (thread, scene.root(thread)):
        if one.sticky_address == address.value:
            scene.working.put(replace(one, sticky_address=None))


def find_needs(command: FindOrCreateThread, needs: Needs) -> None:
    """Whose the address is."""
    needs.addresses.add(command.address.value)


def find_or_create(command: FindOrCreateThread, scene: Scene) -> FoundThread:
    """The thread of an address; a contact nobody has heard of is made, unsaved, with nothing in its thread."""
    require(scene.caller, Permission.REPLY)
    place = place_of(scene, command.address) or place_for(scene, command.address)
    newest = scene.newest(place.root)
    if not sees_thread(scene.view, scene.caller, newest):
        raise conflict("conversation-elsewhere", "Somebody else is talking with this contact at the moment.")
    return FoundThread(place.root, newest.id if newest else None, place.created)


def _taken(scene: Scene, address: ContactAddress) -> Refused:
    """Says whose it is only to those who may know."""
    owner = scene.find(Contact, address.contact_id)
    thread = scene.working.thread_of(scene.workspace_id, address.contact_id)
    visible = thread is None or sees_thread(scene.view, scene.caller, scene.newest(thread))
    who = owner.name if owner is not None and owner.name and visible else "another contact"
    return conflict(
        "address-taken", f"{address.value} belongs to {who}. If they are one person, merge the two contacts."
    )


def _checked_fields(fields: Mapping[str, str]) -> dict[str, str]:
    if len(fields) > MOST_FIELDS:
        raise invalid("fields", f"A contact has at most {MOST_FIELDS} fields.")
    for name, value in fields.items():
        if not 1 <= len(name.strip()) <= LONGEST:
            raise invalid("fields", f"The name of a field has 1 to {LONGEST} characters.")
        if len(value) > LONGEST_VALUE:
            raise invalid(f"fields.{name}", f"At most {LONGEST_VALUE} characters; this has {len(value)}.")
    return dict(fields)


def _checked_timezone(timezone: str | None) -> str | None:
    if timezone is not None and zone_named(timezone) is None:
        raise invalid("timezone", f"“{timezone}” is not a time zone; use a name like Europe/Paris.")
    return timezone
