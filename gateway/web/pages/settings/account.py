"""One's own account: name, language, keys, password, and where one is signed in. Nobody else's business."""

import re
from typing import Final

from aiohttp import web

from gateway.core.commands.people import EndSession, EndSessions, UpdateUser
from gateway.core.errors import invalid
from gateway.domain.people import LoginSession
from gateway.domain.record import record
from gateway.storage import credentials
from gateway.web import problems
from gateway.web.language import Language
from gateway.web.pages.desk import THEMES, Desk
from gateway.web.pages.settings.forms import DONE, Faults, attempt, go_to
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.shell import ROLES

HOME: Final = "/settings/account"
YEAR: Final = 31_536_000
# The first that is found names it: Edge and Opera call themselves Chrome too, and everybody Safari.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@record
class SignedIn:
    """A browser in which one is signed in."""

    id: int
    name: str
    since: str
    iso: str
    here: bool


async def show(desk: Desk) -> web.StreamResponse:
    """The page as it is."""
    return await _page(desk, {}, {})


async def _page(desk: Desk, typed: Faults, faults: Faults) -> web.StreamResponse:
    user = desk.view.users.get(desk.signed.user.id, desk.signed.user)
    now = desk.times.now
    sessions = await desk.read(lambda session: credentials.live_sessions(session, desk.workspace_id, user.id, now))
    return await settings_page(
        desk,
        "account",
        "settings/account.html",
        status=422 if faults else 200,
        said=DONE,
        faults=faults,
        name=typed.get("name", user.name),
        email=user.email or "",
        role=desk.language.gettext(ROLES[user.role]),
        chosen=user.language or "",
        languages=list(desk.templates.languages.all.values()),
        keys=user.single_keys,
        two_factor=user.two_factor,
        hours=user.working_hours is not None,
        sessions=[_signed_in(desk, one) for one in sessions],
    )


async def save(desk: Desk) -> web.StreamResponse:
    """Name, language and keys."""
    form = await desk.form()

    async def act() -> None:
        language = form.get("language") or None
        if language is not None and language not in desk.templates.languages.all:
            raise invalid("language", "There is no such language.")
        keys = form.get("single_keys") == "1"
        me = desk.signed.user.id
        await desk.execute(UpdateUser(me, name=form.get("name", ""), language=language, single_keys=keys))
        desk.state.auth.sessions.forget()

    return await attempt(desk, act, lambda faults: _page(desk, form, faults), HOME)


async def set_theme(desk: Desk) -> web.StreamResponse:
    """Of this browser alone: the same person may sit in the sun elsewhere."""
    theme = (await desk.form()).get("theme", "")
    response = web.Response(status=303, headers={"Location": f"{HOME}?said=saved"})
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR, path="/", samesite="Lax")
    else:
        response.del_cookie("theme", path="/")
    return response


async def set_keys(desk: Desk) -> web.StreamResponse:
    """Whether letters alone are shortcuts, from the list of shortcuts."""
    on = (await desk.form()).get("on") == "1"
    await desk.execute(UpdateUser(desk.signed.user.id, single_keys=on))
    desk.state.auth.sessions.forget()
    if desk.by_script:
        return web.Response(status=204)
    raise web.HTTPSeeOther(f"{HOME}?said=saved")


async def change_password(desk: Desk) -> web.StreamResponse:
    """The old one proves who asks; every other browser is signed out."""
    form = await desk.form()

    async def act() -> None:
        await desk.state.auth.change_password(desk.signed, form.get("old", ""), form.get("password", ""))

    return await attempt(desk, act, lambda faults: _page(desk, {}, faults), HOME, "password")


async def end_session(desk: Desk) -> web.StreamResponse:
    """Signs one browser out, or every other one."""
    form = await desk.form()
    me, here = desk.signed.user.id, desk.signed.session
    if form.get("session") == "others":
        await desk.execute(EndSessions(me, keep_session=here.id if here else None))
    else:
        now = desk.times.now
        mine = await desk.read(lambda session: credentials.live_sessions(session, desk.workspace_id, me, now))
        wanted = next((one for one in mine if str(one.id) == form.get("session")), None)
        if wanted is None:
            raise problems.not_found("session")
        await desk.execute(EndSession(wanted.id))
    desk.state.auth.sessions.forget()
    go_to(HOME, "saved")


def _signed_in(desk: Desk, one: LoginSession) -> SignedIn:
    here = desk.signed.session is not None and desk.signed.session.id == one.id
    since = desk.times.full(one.created_at)
    return SignedIn(one.id, browser_name(one.browser, desk.language), since, desk.times.iso(one.created_at), here)


def browser_name(called: str | None, language: Language) -> str:
    """`Firefox on Windows`, from what a browser calls itself."""
    browser = next((name for pattern, name in _BROWSERS if re.search(rf"\b{pattern}", called or "")), "")
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, called or "")), "")
    if browser and system:
        return language.gettext("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or language.gettext("A browser")


ROUTES = (
    get("", show),
    post("", save),
    post("/theme", set_theme),
    post("/keys", set_keys),
    post("/password", change_password),
    post("/sessions", end_session),
)
