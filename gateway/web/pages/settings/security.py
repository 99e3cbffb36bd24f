"""How everybody signs in: what the workspace asks for."""

from typing import Final

from aiohttp import web

from gateway.core.commands.settings import UpdateWorkspace
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.forms import DONE, Faults, attempt
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post

HOME: Final = "/settings/security"


async def show(desk: Desk) -> web.StreamResponse:
    """The page as it is."""
    return await _page(desk, {})


async def _page(desk: Desk, faults: Faults) -> web.StreamResponse:
    people = [one for one in desk.view.live(desk.view.users) if one.kind == "person"]
    return await settings_page(
        desk,
        "security",
        "settings/security.html",
        status=422 if faults else 200,
        said=DONE,
        faults=faults,
        required=desk.view.workspace.two_factor_required,
        mine=desk.signed.user.two_factor,
        without=sum(1 for one in people if not one.two_factor),
        people=len(people),
    )


async def save(desk: Desk) -> web.StreamResponse:
    """Whether everybody needs a second step."""
    form = await desk.form()

    async def act() -> None:
        await desk.execute(UpdateWorkspace(two_factor_required=form.get("two_factor_required") == "1"))

    return await attempt(desk, act, lambda faults: _page(desk, faults), HOME)


ROUTES = (get("", show), post("", save))
