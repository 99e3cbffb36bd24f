"""Signing in in two steps: one's own, set up with a picture and a code, and turned off with password and code.

These pages stand without the frame of the others: where the workspace asks everybody for two steps, they are all that
somebody without the second one can open.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from aiohttp import web

from gateway.core.errors import Refused
from gateway.domain.record import record
from gateway.web.auth.two_factor import Enrolment
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.forms import answerable, faults_of
from gateway.web.pages.settings.sections import get, post
from gateway.web.problems import Problem

HERE: Final = "/settings/account/two-factor"
HOME: Final = "/settings/account"


@record
class TwoSteps:
    """The page: what it asks for, and what it shows once. `stage` is password, scan, codes or on."""

    stage: str
    required: bool
    enrolment: Enrolment | None = None
    codes: tuple[str, ...] = ()
    left: int = 0
    faults: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""


async def show(desk: Desk) -> web.StreamResponse:
    """What stands: off, with a form to begin; or on, with the ways to change it."""
    return await _page(desk)


async def begin(desk: Desk) -> web.StreamResponse:
    """The password proves who asks; then the picture."""
    form = await desk.form()
    auth = desk.state.auth
    try:
        await auth.confirm_password(desk.signed, form.get("password", ""))
        enrolment = await auth.two_factor.begin(desk.signed)
    except (Refused, Problem) as refused:
        return await _again(desk, refused)
    return _shown(desk, TwoSteps("scan", _required(desk), enrolment))


async def confirm(desk: Desk) -> web.StreamResponse:
    """The first code: on, with a new session here, every other one ended, and the recovery codes shown this once."""
    form = await desk.form()
    auth = desk.state.auth
    try:
        codes = await auth.two_factor.confirm(desk.signed, form.get("code", ""))
    except (Refused, Problem) as refused:
        enrolment = await auth.two_factor.again(desk.signed)
        if enrolment is None or not answerable(refused):
            return await _again(desk, refused)
        faults = faults_of(refused, desk.language)
        return _shown(desk, TwoSteps("scan", _required(desk), enrolment, faults=faults), 422)
    response = _shown(desk, TwoSteps("codes", _required(desk), codes=codes))
    await auth.renew(desk.request, response, desk.signed.user)
    return response


async def renew_codes(desk: Desk) -> web.StreamResponse:
    """Other recovery codes."""
    form = await desk.form()
    auth = desk.state.auth
    try:
        await _prove(desk, form)
        codes = await auth.two_factor.renew_codes(desk.signed)
    except (Refused, Problem) as refused:
        return await _again(desk, refused, "codes")
    return _shown(desk, TwoSteps("codes", _required(desk), codes=codes))


async def remove(desk: Desk) -> web.StreamResponse:
    """Off."""
    form = await desk.form()
    try:
        await _prove(desk, form)
        await desk.state.auth.two_factor.remove(desk.signed)
    except (Refused, Problem) as refused:
        return await _again(desk, refused, "remove")
    raise web.HTTPSeeOther(f"{HOME}?said=two-factor-off")


async def _prove(desk: Desk, form: Mapping[str, str]) -> None:
    auth = desk.state.auth
    await auth.confirm_password(desk.signed, form.get("password", ""))
    await auth.two_factor.check(desk.signed.user, form.get("code", ""), desk.caller.address)


async def _again(desk: Desk, refused: Refused | Problem, asked: str = "") -> web.StreamResponse:
    if not answerable(refused) and not (isinstance(refused, Problem) and refused.status == 429):
        raise refused
    status = refused.status if isinstance(refused, Problem) else 422
    headers = refused.headers if isinstance(refused, Problem) else {}
    response = await _page(desk, faults_of(refused, desk.language), asked, status)
    response.headers.update(headers)
    return response


async def _page(
    desk: Desk, faults: Mapping[str, str] | None = None, asked: str = "", status: int = 200
) -> web.StreamResponse:
    user = desk.signed.user
    if not user.two_factor:
        return _shown(desk, TwoSteps("password", _required(desk), faults=faults or {}), status)
    left = await desk.state.auth.two_factor.recovery_left(user)
    return _shown(desk, TwoSteps("on", _required(desk), left=left, faults=faults or {}, asked=asked), status)


def _required(desk: Desk) -> bool:
    return desk.view.workspace.two_factor_required


def _shown(desk: Desk, page: TwoSteps, status: int = 200) -> web.Response:
    return desk.page("two_factor.html", status=status, page=page, email=desk.signed.user.email or "")


ROUTES = (
    get("/two-factor", show),
    post("/two-factor/begin", begin),
    post("/two-factor/confirm", confirm),
    post("/two-factor/codes", renew_codes),
    post("/two-factor/remove", remove),
)
