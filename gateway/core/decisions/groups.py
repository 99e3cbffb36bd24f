"""Groups: some of the team who share work. Members are named by the users themselves."""

from collections.abc import Collection

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.people import CreateGroup, RemoveGroup, UpdateGroup
from gateway.core.decisions.leaving import release_group
from gateway.core.decisions.names import checked_name, require_free, require_live
from gateway.core.errors import not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.people import Group, User
from gateway.domain.record import replace
from gateway.domain.visibility import Permission


def group_needs(command: CreateGroup | UpdateGroup, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def create(command: CreateGroup, scene: Scene) -> Group:
    """One more group."""
    require(scene.caller, Permission.MANAGE_USERS)
    name = checked_name(command.name)
    require_free("group", name, scene.view.groups.values())
    members = require_live("user_ids", "user", command.user_ids, scene.view.users)
    group = scene.working.put(Group(scene.workspace_id, scene.new_id(), name, scene.now))
    _set_members(scene, group.id, members)
    scene.settings_changed("group", group.id)
    return group


def update(command: UpdateGroup, scene: Scene) -> Group:
    """Another name, or other members."""
    require(scene.caller, Permission.MANAGE_USERS)
    before = _live(scene, command.group_id)
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
        require_free("group", after.name, scene.view.groups.values(), before.id)
    moved = False
    if command.user_ids is not UNCHANGED:
        members = require_live("user_ids", "user", command.user_ids, scene.view.users)
        moved = _set_members(scene, before.id, members)
    if after != before:
        scene.working.load(before)
        scene.working.put(after)
    if moved or after != before:
        scene.settings_changed("group", before.id)
    return after


def remove_needs(command: RemoveGroup, needs: Needs) -> None:
    """The settings, locked, and what the group owns."""
    needs.settings = True
    needs.owner_groups.add(command.group_id)


def remove(command: RemoveGroup, scene: Scene) -> None:
    """Nobody is in it any more, and its conversations are nobody's, or stay with the user who holds one."""
    require(scene.caller, Permission.MANAGE_USERS)
    group = _live(scene, command.group_id)
    _set_members(scene, group.id, ())
    scene.working.load(group)
    scene.working.put(replace(group, removed_at=scene.now))
    release_group(scene, group.id)
    scene.settings_changed("group", group.id)


def _set_members(scene: Scene, group_id: int, members: Collection[int]) -> bool:
    """Makes exactly these users members; whether anybody came or went."""
    moved = False
    for user in scene.view.live(scene.view.users):
        is_in, shall_be = group_id in user.group_ids, user.id in members
        if is_in != shall_be:
            scene.working.load(user)
            scene.working.put(_moved(user, group_id))
            moved = True
    return moved


def _moved(user: User, group_id: int) -> User:
    """In if they were out, out if they were in."""
    if group_id in user.group_ids:
        return replace(user, group_ids=tuple(one for one in user.group_ids if one != group_id))
    return replace(user, group_ids=(*user.group_ids, group_id))


def _live(scene: Scene, group_id: int) -> Group:
    group = scene.view.groups.get(group_id)
    if group is None or group.removed_at is not None:
        raise not_found("group")
    return group
