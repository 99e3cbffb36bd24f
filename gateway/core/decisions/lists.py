"""Lists of contacts and who is on them. A contact who was merged is on the lists of both; nothing moves."""

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.lists import ChangeMembers, CreateList, RemoveList, UpdateList
from gateway.core.decisions.names import checked_name, checked_text, require_free
from gateway.core.errors import not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.lists import ContactList, ListMember
from gateway.domain.model import Contact
from gateway.domain.record import replace
from gateway.domain.visibility import Permission

LONGEST_DESCRIPTION = 2_000


def list_needs(command: CreateList | UpdateList | RemoveList, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def create(command: CreateList, scene: Scene) -> ContactList:
    """A name to mean many by."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    name = checked_name(command.name)
    require_free("list", name, scene.view.lists.values())
    description = checked_text("description", command.description, LONGEST_DESCRIPTION)
    made = scene.working.put(ContactList(scene.workspace_id, scene.new_id(), name, scene.now, description))
    scene.settings_changed("list", made.id)
    return made


def update(command: UpdateList, scene: Scene) -> ContactList:
    """Another name or description."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = live_list(scene, command.list_id)
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
        require_free("list", after.name, scene.view.lists.values(), before.id)
    if command.description is not UNCHANGED:
        description = checked_text("description", command.description, LONGEST_DESCRIPTION)
        after = replace(after, description=description)
    return before if after == before else _put(scene, before, after)


def remove(command: RemoveList, scene: Scene) -> None:
    """Nobody is on it any more, however many rows still say so."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = live_list(scene, command.list_id)
    _put(scene, before, replace(before, removed_at=scene.now))


def member_needs(command: ChangeMembers, needs: Needs) -> None:
    """The contacts, those merged with them, and their lists."""
    needs.contacts.update(command.add, command.remove)
    needs.merges = True
    needs.memberships = True


def change_members(command: ChangeMembers, scene: Scene) -> int:
    """Who is there already, or isn't, changes nothing. Taken off is everybody the contact was merged from, too."""
    require(scene.caller, Permission.EDIT_CONTACTS)
    found = live_list(scene, command.list_id)
    changes = 0
    for contact_id in command.add:
        changes += join(scene, found.id, scene.contact(contact_id))
    for contact_id in command.remove:
        contact = scene.contact(contact_id)
        rows = [ListMember(scene.workspace_id, found.id, one, 0) for one in _family(scene, contact)]
        there = [known for row in rows if (known := _known(scene, row)) is not None]
        for row in there:
            scene.working.remove(row)
        changes += bool(there)
    return changes


def join(scene: Scene, list_id: int, contact: Contact) -> bool:
    """Puts a contact on a list, whose memberships are loaded; whether that is new."""
    row = ListMember(scene.workspace_id, list_id, contact.id, scene.now, scene.caller.actor)
    if _known(scene, row) is not None:
        return False
    scene.working.put(row)
    return True


def live_list(scene: Scene, list_id: int) -> ContactList:
    """A list that was not removed, or 404."""
    found = scene.view.lists.get(list_id)
    if found is None or found.removed_at is not None:
        raise not_found("list")
    return found


def _family(scene: Scene, contact: Contact) -> list[int]:
    return [contact.id, *(one.id for one in scene.working.all(Contact) if one.merged_into == contact.id)]


def _known(scene: Scene, row: ListMember) -> ListMember | None:
    return scene.working.get(ListMember, row.workspace_id, row.list_id, row.contact_id)


def _put(scene: Scene, before: ContactList, after: ContactList) -> ContactList:
    scene.working.load(before)
    scene.working.put(after)
    scene.settings_changed("list", after.id)
    return after
