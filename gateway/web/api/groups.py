"""Groups of users."""

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.people import CreateGroup, RemoveGroup, UpdateGroup
from gateway.domain.people import Group
from gateway.domain.visibility import Permission
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Id, Name, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import GroupShape, group_shape
from gateway.web.api.times import ids_in_field, to_id

routes = Routes("Groups")


class NewGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some of the team who share work."""

    name: Name
    user_ids: list[Id] = []


class GroupChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; `user_ids` replaces all members."""

    name: Name | Unset = UNSET
    user_ids: list[Id] | Unset = UNSET


@routes.get("/groups")
async def list_groups(call: Call, query: PageQuery) -> Page[GroupShape]:
    """List groups with their members."""
    groups = call.view.live(call.view.groups)
    return page_of(groups, query, lambda group: group_shape(group, call.view), lambda group: group.id)


@routes.post("/groups", permission=Permission.MANAGE_USERS, status=201)
async def create_group(call: Call, body: NewGroup) -> GroupShape:
    """Make a group."""
    members = ids_in_field("user", body.user_ids, "user_ids")

    def answer(group: Group) -> GroupShape:
        return GroupShape(to_id("group", group.id), group.name, [to_id("user", one) for one in members])

    return answer(await call.execute(CreateGroup(body.name.strip(), members), answer))


@routes.get("/groups/{group_id}")
async def get_group(call: Call, group_id: int) -> GroupShape:
    """Read a group."""
    return group_shape(live_record(call.view.groups, group_id, "group"), call.view)


@routes.patch("/groups/{group_id}", permission=Permission.MANAGE_USERS)
async def update_group(call: Call, group_id: int, body: GroupChange) -> GroupShape:
    """Change a group."""
    members = UNCHANGED if body.user_ids is UNSET else ids_in_field("user", body.user_ids, "user_ids")
    group = await call.execute(UpdateGroup(group_id, changed(body.name), members))
    return group_shape(group, await call.state.directory.get(call.workspace_id))


@routes.delete("/groups/{group_id}", permission=Permission.MANAGE_USERS)
async def remove_group(call: Call, group_id: int) -> None:
    """Remove a group; its conversations go to nobody."""
    await call.execute(RemoveGroup(group_id))
