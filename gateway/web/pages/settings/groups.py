"""Groups: some of the team who share work."""

from typing import Final

from aiohttp import web

from gateway.core.commands.people import CreateGroup, RemoveGroup, UpdateGroup
from gateway.domain.ids import format_id
from gateway.domain.people import Group
from gateway.domain.record import record
from gateway.web import guard, problems
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.settings.forms import Faults, attempt, go_to
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.views_shell import Choice, Person

HOME: Final = "/settings/people"


@record
class GroupCard:
    """A group with its members."""

    id: str
    name: str
    members: tuple[Person, ...]


def cards(desk: Desk) -> list[GroupCard]:
    """All groups."""
    return [_card(desk, one) for one in desk.view.live(desk.view.groups)]


async def show_new(desk: Desk) -> web.StreamResponse:
    """The form for a group."""
    return await _page(desk, None, {}, {})


async def show_one(desk: Desk) -> web.StreamResponse:
    """One group."""
    return await _page(desk, _group(desk), {}, {})


async def create(desk: Desk) -> web.StreamResponse:
    """One more group."""
    form, members = await desk.form(), await _members(desk)
    return await attempt(
        desk,
        lambda: desk.execute(CreateGroup(form.get("name", ""), members)),
        lambda faults: _page(desk, None, form, faults),
        HOME,
        "made",
    )


async def change(desk: Desk) -> web.StreamResponse:
    """Another name, other members."""
    group, form, members = _group(desk), await desk.form(), await _members(desk)
    return await attempt(
        desk,
        lambda: desk.execute(UpdateGroup(group.id, form.get("name", ""), members)),
        lambda faults: _page(desk, group, form, faults),
        HOME,
    )


async def remove(desk: Desk) -> web.StreamResponse:
    """Its conversations stay with who holds them, else nobody's."""
    group = _group(desk)
    await desk.form()
    await desk.execute(RemoveGroup(group.id))
    go_to(HOME, "removed")


async def _page(desk: Desk, group: Group | None, typed: Faults, faults: Faults) -> web.StreamResponse:
    people = [
        Choice(one.name, format_id("usr", one.id), pressed=group is not None and group.id in one.group_ids)
        for one in desk.view.live(desk.view.users)
        if one.kind == "person"
    ]
    return await settings_page(
        desk,
        "people",
        "settings/group.html",
        status=422 if faults else 200,
        faults=faults,
        group=_card(desk, group) if group else None,
        name=typed.get("name", group.name if group else ""),
        people=sorted(people, key=lambda one: one.label.casefold()),
    )


async def _members(desk: Desk) -> tuple[int, ...]:
    """Those who are ticked, and the tokens' users, whom no form shows and none takes out."""
    fields = await guard.posted(desk.request)
    ticked = [desk.parse(str(one), "usr") for one in fields.getall("member", ())]
    wanted = desk.request.match_info.get("id")
    group_id = desk.parse(wanted, "grp") if wanted else None
    machines = (one for one in desk.view.live(desk.view.users) if one.kind != "person" and group_id in one.group_ids)
    return (*ticked, *(one.id for one in machines))


def _group(desk: Desk) -> Group:
    found = desk.view.groups.get(desk.id("grp"))
    if found is None or found.removed_at is not None:
        raise problems.not_found("group")
    return found


def _card(desk: Desk, group: Group) -> GroupCard:
    members = [one for one in desk.view.live(desk.view.users) if group.id in one.group_ids and one.kind == "person"]
    return GroupCard(format_id("grp", group.id), group.name, tuple(face_of_user(one) for one in members))


ROUTES = (
    get("/groups/new", show_new),
    post("/groups/new", create),
    get("/groups/{id}", show_one),
    post("/groups/{id}", change),
    post("/groups/{id}/remove", remove),
)
