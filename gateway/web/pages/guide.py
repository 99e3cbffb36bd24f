"""The first minutes: what is connected, a text to oneself, its answer, then a gateway that reaches real phones.

Each step is done when it is a fact, whoever did it; with the last one the guide is gone. Who knows it all skips it,
which this browser remembers.
"""

from collections.abc import Sequence
from typing import Final

from aiohttp import web

from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.storage.first_run import progress
from gateway.storage.session import Session
from gateway.web.pages.desk import Desk, html

COOKIE: Final = "guide"
_SKIPPED: Final = "skipped"
_YEAR_S: Final = 365 * 86_400
SIMULATOR: Final = "simulator"


@record
class Step:
    """One thing to do; `href` is where, and `now` whether it is the next one."""

    title: str
    words: str
    done: bool
    href: str = ""
    label: str = ""
    now: bool = False


@record(gc=True)
class Guide:
    """What is left to do, as a bar above the page."""

    steps: Sequence[Step]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done for step in self.steps)

    @property
    def current(self) -> Step:
        """The next one."""
        return next(step for step in self.steps if not step.done)


async def guide_of(desk: Desk) -> Guide | None:
    """The guide, for an administrator of an installation that is new; None once all is done, or was skipped."""
    if desk.signed.user.role is not Role.ADMINISTRATOR or desk.request.cookies.get(COOKIE) == _SKIPPED:
        return None
    gateways = desk.view.live(desk.view.gateways)
    simulated = any(one.plugin == SIMULATOR for one in gateways)
    real = any(one.plugin != SIMULATOR for one in gateways)

    def read(session: Session) -> tuple[bool, bool]:
        return progress(session, desk.workspace_id)

    received, answered = await desk.read(read)
    if real and received and answered:
        return None
    return Guide(_steps(desk, simulated=simulated, real=real, received=received, answered=answered))


def _steps(desk: Desk, *, simulated: bool, real: bool, received: bool, answered: bool) -> list[Step]:
    _ = desk.language.gettext
    names = ", ".join(one.name for one in desk.view.live(desk.view.gateways))
    steps = [
        Step(
            _("Connected"), names or _("Nothing yet"), simulated or real, "/settings/gateways", _("Connect a gateway")
        ),
        Step(
            _("Text yourself"),
            _("The phone simulator is a telephone that costs nothing: send a text from it."),
            received,
            "/phone" if simulated else "",
            _("Open the phone"),
        ),
        Step(
            _("Answer it"),
            _("The text waits in the Inbox: open it, write an answer, press Send."),
            answered,
            "/conversations",
            _("Open the Inbox"),
        ),
        Step(
            _("Connect a gateway"),
            _("That was it. To reach real phones and mailboxes, connect a provider of yours."),
            real,
            "/settings/gateways",
            _("Connect a gateway"),
        ),
    ]
    at = next(number for number, step in enumerate(steps) if not step.done)
    return [
        Step(step.title, step.words, step.done, step.href, step.label, number == at)
        for number, step in enumerate(steps)
    ]


async def show_guide(desk: Desk) -> web.StreamResponse:
    """The bar as it is now; asked for whenever something happened."""
    return html(desk.pieces("guide", guide=await guide_of(desk)))


async def skip(desk: Desk) -> web.StreamResponse:
    """Not again in this browser."""
    await desk.form()
    response: web.StreamResponse
    if desk.by_script:
        response = html(desk.pieces("guide", guide=None))
    else:
        response = web.Response(status=303, headers={"Location": "/conversations"})
    response.set_cookie(COOKIE, _SKIPPED, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=desk.state.site.secure)
    return response
