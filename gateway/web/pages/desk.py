"""One request for a page, as a handler sees it: who asks, the workspace, the moment, and how to answer."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from aiohttp import web
from multidict import MultiMapping

from gateway.core.caller import Caller
from gateway.core.commands.base import Command
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.ids import format_id, parse_id
from gateway.domain.record import record
from gateway.domain.visibility import Viewer
from gateway.storage.session import Session
from gateway.web import guard, problems
from gateway.web.guard import Signed
from gateway.web.language import Language
from gateway.web.pages.formatting import Times, zone_of_browser
from gateway.web.pages.templates import Templates
from gateway.web.pages.views_shell import Choice, Notice
from gateway.web.problems import Problem
from gateway.web.state import AppState, state_of
from gateway.web.told import told

R = TypeVar("R")
T = TypeVar("T")
THEMES = frozenset({"light", "dark"})
Handler = Callable[["Desk"], Awaitable[web.StreamResponse]]
_READER: web.RequestKey[Signed] = web.RequestKey("reader", Signed)


@record(gc=True)
class Desk:
    """A signed-in person's request. `others` are workspaces they can switch to."""

    request: web.Request
    state: AppState
    signed: Signed
    view: WorkspaceView
    times: Times
    templates: Templates
    others: Sequence[Choice] = ()

    @property
    def caller(self) -> Caller:
        """For commands and reads."""
        return self.signed.caller

    @property
    def viewer(self) -> Viewer:
        """For P4."""
        return self.signed.viewer

    @property
    def language(self) -> Language:
        """What the reader reads."""
        return self.times.language

    @property
    def workspace_id(self) -> int:
        """The workspace of whoever asks."""
        return self.signed.workspace_id

    @property
    def by_script(self) -> bool:
        """Whether a script of ours asked, which takes pieces; else a browser, which takes pages."""
        return is_by_script(self.request)

    def id(self, prefix: str, name: str = "id") -> int:
        """An id in the path. Problem 404 for what is none."""
        return read_id(self.request.match_info[name], prefix)

    def parse(self, text: str, prefix: str) -> int:
        """An id in a form or a query. Problem 404 for what is none."""
        return read_id(text, prefix)

    async def read(self, function: Callable[[Session], T]) -> T:
        """Runs a read model."""
        return await self.state.database.read(function)

    async def execute(self, command: Command[R]) -> R:
        """Issues a command."""
        return await self.state.writer.execute(command, self.caller)

    async def form(self) -> Mapping[str, str]:
        """The text fields of a post, checked to be ours. Of several values of a name the last counts."""
        fields = await checked(self.request, self.signed)
        return {name: value for name, value in fields.items() if isinstance(value, str)}

    def render(self, name: str, /, **context: Any) -> str:
        """A template, with what every one of them may use."""
        return self.templates.render(name, token=self.signed.csrf, **context, **common(self.request, self.times))

    def pieces(self, *names: str, **context: Any) -> str:
        """Partials one after the other, each for its own place in the page."""
        shared = {**common(self.request, self.times), "token": self.signed.csrf}
        return "\n".join(self.templates.render(f"partials/{name}.html", **shared, **context) for name in names)

    def page(self, name: str, /, *, status: int = 200, **context: Any) -> web.Response:
        """A whole page."""
        return html(self.render(name, **context), status)


def html(text: str, status: int = 200, toast: str = "", headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer in HTML; `toast` is a sentence that shows at the bottom of the page."""
    told = {"HX-Trigger": json.dumps({"toast": toast})} if toast else {}
    return web.Response(text=text, status=status, content_type="text/html", headers={**told, **(headers or {})})


def common(request: web.Request, times: Times) -> dict[str, Any]:
    """The reader's language and keys; theme and zone, which come from cookies that scripts of ours set."""
    theme = request.cookies.get("theme")
    reader = request.get(_READER)
    known = {
        "theme": theme if theme in THEMES else None,
        "zone": times.zone.key,
        "single_keys": reader is None or reader.user.single_keys,
    }
    return {**times.language.in_templates, **known}


def times_of(request: web.Request, templates: Templates, signed: Signed | None = None) -> Times:
    """Now, in the reader's zone and language: what they chose, else what their browser asks for."""
    signed = signed or request.get(_READER)
    if signed is not None:
        request[_READER] = signed  # a page that is refused later on is refused in their language
    chosen = signed.user.language if signed else None
    language = templates.languages.choose(chosen, request.headers.get("Accept-Language", ""))
    return Times(state_of(request).clock(), zone_of_browser(request.cookies.get("zone")), language)


def is_by_script(request: web.Request) -> bool:
    """Whether htmx or a script of ours asks."""
    return request.headers.get("HX-Request") == "true"


def read_id(text: str, prefix: str) -> int:
    """An id from a URL or a form. Problem 404 for what is none."""
    try:
        return parse_id(text, prefix)
    except ValueError:
        raise problems.not_found("page") from None


def signed_page(handler: Handler, templates: Templates) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A handler for people who are signed in; everybody else goes to the login page."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if is_by_script(request) and await guard.session_user(request) is None:
            raise problems.unauthorized("You are signed out. Load the page again.")
        signed = await guard.page_user(request)
        state = state_of(request)
        state.auth.page_rate.check(signed.user.id)
        view = await state.directory.get(signed.workspace_id)
        others = await _others(request, state)
        return await handler(
            Desk(request, state, signed, view, times_of(request, templates, signed), templates, others)
        )

    return handle


async def _others(request: web.Request, state: AppState) -> list[Choice]:
    """The workspaces that this browser can switch to; nothing is asked where there are none."""
    users = [user for user, _ in await state.auth.sessions.parked(request.cookies)]
    names = [(one.workspace_id, (await state.directory.get(one.workspace_id)).workspace.name) for one in users]
    return [Choice(name, format_id("wsp", workspace_id)) for workspace_id, name in names]


def show_problem(templates: Templates) -> Callable[[web.Request, Problem], Awaitable[web.StreamResponse]]:
    """What the server asks for when a page was refused: a page of its own, or a sentence for the script that asked."""

    async def show(request: web.Request, problem: Problem) -> web.StreamResponse:
        headers = {**problem.headers, "X-Problem": problem.code}
        times = times_of(request, templates)
        if is_by_script(request):
            return html("", problem.status, told(times.language, problem.detail), headers)
        page = templates.render("notice.html", notice=notice_of(problem, times.language), **common(request, times))
        return html(page, problem.status, headers=headers)

    return show


def notice_of(problem: Problem, language: Language) -> Notice:
    """What a page says about a refusal. Absent and hidden are told alike."""
    _ = language.gettext
    detail, home = told(language, problem.detail), _("Go to the Inbox")
    if problem.status == 404:
        words = _("It does not exist, or it belongs to somebody else. A supervisor can tell.")
        return Notice("search-x", _("Not found, or not yours to see"), words, "/conversations", home)
    if problem.status == 403:
        return Notice("lock", _("Not allowed"), detail, "/conversations", home)
    if problem.status == 429:
        return Notice("clock", _("Not so fast"), detail, "/conversations", _("Try again"))
    if problem.status == 503:
        return Notice("cloud-off", _("Not now"), detail, "/conversations", _("Try again"))
    return Notice("circle-alert", _("That did not work"), detail, "/conversations", home)


async def checked(request: web.Request, signed: Signed) -> MultiMapping[Any]:
    """The fields of a post: a script sends the token in a header, a form in a field."""
    if guard.CSRF_HEADER in request.headers:
        guard.check_browser(request, signed)
        return await guard.posted(request)
    return await guard.checked_form(request, signed)
