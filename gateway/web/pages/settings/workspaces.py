"""The workspaces of the installation, for administrators of its first one."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.core.caller import Caller
from gateway.core.errors import Refused
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.ids import format_id
from gateway.domain.presets import PRESETS
from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.forms import DONE, Faults, answerable, attempt, faults_of
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post

HOME: Final = "/settings/workspaces"


@record
class Business:
    """One workspace in the list."""

    id: str
    name: str
    since: str
    people: int
    gateways: int
    suspended: bool
    home: bool


async def show(desk: Desk) -> web.StreamResponse:
    """All of them."""
    return await _page(desk, {}, {})


async def _page(
    desk: Desk, typed: Mapping[str, str], faults: Faults, about: str = "", url: str = "", status: int = 200
) -> web.StreamResponse:
    businesses = await desk.state.auth.workspaces.all()
    home = await desk.state.auth.workspaces.home()
    return await settings_page(
        desk,
        "workspaces",
        "settings/workspaces.html",
        status=422 if faults else status,
        said=DONE,
        faults=faults,
        about=about,
        url=url,
        name=typed.get("name", ""),
        email=typed.get("email", ""),
        presets=list(PRESETS),
        preset=typed.get("preset", next(iter(PRESETS))),
        businesses=[_business(desk, one, home) for one in businesses],
    )


def _business(desk: Desk, view: WorkspaceView, home: int) -> Business:
    one = view.workspace
    people = sum(user.kind == "person" for user in view.live(view.users))
    gateways = sum(1 for _ in view.live(view.gateways))
    since = desk.times.full(one.created_at)
    suspended = one.suspended_at is not None
    return Business(format_id("wsp", one.id), one.name, since, people, gateways, suspended, one.id == home)


async def create(desk: Desk) -> web.StreamResponse:
    """A workspace, and the link by which its first administrator comes in, shown this once."""
    form = await desk.form()
    try:
        workspaces = desk.state.auth.workspaces
        made = await workspaces.create(desk.caller, form.get("name", ""), form.get("preset", ""))
        there = Caller(made.id, desk.caller.actor, None, desk.caller.name, address=desk.caller.address)
        email = form.get("email", "").strip() or None
        invited = await desk.state.auth.invitations.invite(there, Role.ADMINISTRATOR, email)
    except Refused as refused:
        if not answerable(refused):
            raise
        return await _page(desk, form, faults_of(refused, desk.language), "new")
    return await _page(desk, {}, {}, "new", invited.url)


async def rename(desk: Desk) -> web.StreamResponse:
    """Another name."""
    form = await desk.form()
    made = desk.id("wsp")

    async def act() -> None:
        await desk.state.auth.workspaces.rename(desk.caller, made, form.get("name", ""))

    return await attempt(desk, act, lambda faults: _page(desk, {}, faults, format_id("wsp", made)), HOME)


async def suspend(desk: Desk) -> web.StreamResponse:
    """Shut, or open again."""
    form = await desk.form()
    made = desk.id("wsp")

    async def act() -> None:
        await desk.state.auth.workspaces.suspend(desk.caller, made, suspended=form.get("suspended") == "1")

    return await attempt(desk, act, lambda faults: _page(desk, {}, faults, format_id("wsp", made)), HOME)


async def remove(desk: Desk) -> web.StreamResponse:
    """Gone, once its name was typed."""
    form = await desk.form()
    made = desk.id("wsp")

    async def act() -> None:
        await desk.state.auth.workspaces.remove(desk.caller, made, form.get("name", ""))

    return await attempt(desk, act, lambda faults: _page(desk, {}, faults, format_id("wsp", made)), HOME, "removed")


ROUTES = (
    get("", show),
    post("", create),
    post("/{id}", rename),
    post("/{id}/suspend", suspend),
    post("/{id}/remove", remove),
)
