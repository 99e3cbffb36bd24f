"""Signing in and out, using an invitation, and one's own availability."""

from dataclasses import replace
from urllib.parse import quote, urlsplit

from aiohttp import web

from gateway.core.commands.people import UpdateUser
from gateway.core.errors import Refused
from gateway.domain.ids import format_id
from gateway.domain.visibility import Role
from gateway.web import guard, origin
from gateway.web.auth.oidc_provider import ProviderError
from gateway.web.language import Language, marked
from gateway.web.pages.desk import Desk, common, html, read_id, times_of
from gateway.web.pages.templates import Templates
from gateway.web.pages.views_shell import Invited, SignedOut, SignIn
from gateway.web.problems import Problem
from gateway.web.state import state_of
from gateway.web.told import told

HOME = "/conversations"
SHORTEST_PASSWORD = 10
_GONE = marked("It was used already, it has expired, or it was copied incompletely. Ask for a new one.")
_WELCOMES = {
    Role.ADMINISTRATOR: marked("You are invited to %(workspace)s as an administrator."),
    Role.SUPERVISOR: marked("You are invited to %(workspace)s as a supervisor."),
    Role.AGENT: marked("You are invited to %(workspace)s as an agent."),
}


def safe_next(target: str) -> str:
    """Where to go after signing in: a page of ours, never an address somebody slipped in."""
    parts = urlsplit(target)
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if ours and "\n" not in target and "\\" not in target else HOME


class Doors:
    """The ways in and out."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    async def show_login(self, request: web.Request) -> web.StreamResponse:
        """The login page; somebody who is signed in goes on."""
        target = safe_next(request.query.get("next", HOME))
        if "another" not in request.query and await guard.page_session(request) is not None:
            raise web.HTTPSeeOther(target)
        return await self._login(request, SignIn(next=target))

    async def leave_for_provider(self, request: web.Request) -> web.StreamResponse:
        """Off to the identity provider of a workspace; whom another site sent here chooses for themselves first."""
        target = safe_next(request.query.get("next", HOME))
        if origin.sent_by_another_site(request):
            raise web.HTTPSeeOther(f"/login?next={quote(target, safe='')}")
        try:
            return await state_of(request).auth.oidc.leave(read_id(request.match_info["workspace"], "wsp"), target)
        except ProviderError as error:
            return self._refused(request, str(error), 502)

    async def come_back(self, request: web.Request) -> web.StreamResponse:
        """Back from it: signed in, or told why not."""
        auth = state_of(request).auth
        try:
            back = await auth.oidc.come_back(request, read_id(request.match_info["workspace"], "wsp"))
        except ProviderError as error:
            response = self._refused(request, str(error), 403)
        except Refused as refused:
            response = self._refused(request, refused.detail, 403)
        else:
            response = web.Response(status=303, headers={"Location": safe_next(back.next)})
            await auth.begin_by_provider(request, response, back.user)
            auth.provider_door.keep(response, back.user.workspace_id, back.id_token)
        auth.oidc.clear(response)
        return response

    def _refused(self, request: web.Request, sentence: str, status: int) -> web.Response:
        said = told(self._language(request), sentence)
        return self._render(request, "login_refused.html", SignIn(problem=said), status)

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """Signs in; a refusal comes back in the form, with the e-mail kept."""
        form = await guard.posted(request)
        email, password = str(form.get("email", "")), str(form.get("password", ""))
        target = safe_next(str(form.get("next", HOME)))
        response = web.Response(status=303, headers={"Location": target})
        try:
            if not await state_of(request).auth.sign_in(request, response, email, password):
                response.headers["Location"] = _code_page(target)
        except Problem as problem:
            if problem.status not in {422, 429}:
                raise
            said = told(self._language(request), problem.detail)
            again = SignIn(email=email[:320], problem=said, next=target)
            return await self._login(request, again, problem.status, problem.headers)
        return response

    async def show_code(self, request: web.Request) -> web.StreamResponse:
        """The second step, for who is half-way in; everybody else begins at the first."""
        target = safe_next(request.query.get("next", HOME))
        if await state_of(request).auth.two_factor.halfway(request) is None:
            raise web.HTTPSeeOther("/login")
        return self._render(request, "login_code.html", SignIn(next=target))

    async def give_code(self, request: web.Request) -> web.StreamResponse:
        """Takes the code; a wrong one is asked for again."""
        form = await guard.posted(request)
        target = safe_next(str(form.get("next", HOME)))
        response = web.Response(status=303, headers={"Location": target})
        try:
            await state_of(request).auth.give_code(request, response, str(form.get("code", ""))[:100])
        except Problem as problem:
            if problem.status == 401:
                raise web.HTTPSeeOther("/login") from None
            if problem.status not in {422, 429}:
                raise
            again = SignIn(problem=told(self._language(request), problem.detail), next=target)
            return self._render(request, "login_code.html", again, problem.status, dict(problem.headers))
        return response

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """Signs out; who came in through a provider goes on to be signed out there.

        By a page that leads on: browsers let no form of ours end at another site (`form-action`).
        """
        signed = await guard.page_user(request)
        await guard.checked_form(request, signed)
        auth = state_of(request).auth
        through = signed.session is not None and signed.session.method == "oidc"
        onward = await auth.provider_door.leads_to(request, signed.user.workspace_id) if through else None
        response = web.Response(status=303, headers={"Location": "/login"})
        if onward is not None:
            page, headers = SignedOut(*onward), {"Refresh": f"0; url={onward[0]}", "Cache-Control": "no-store"}
            response = self._render(request, "signed_out.html", page, headers=headers)
        await auth.sign_out(request, response)
        return response

    async def show_invitation(self, request: web.Request) -> web.StreamResponse:
        """The page behind a one-time link."""
        return await self._invitation(request, {}, {})

    async def accept_invitation(self, request: web.Request) -> web.StreamResponse:
        """Makes the user and signs them in."""
        form = {name: str(value) for name, value in (await guard.posted(request)).items()}
        faults = _faults(form, self._language(request))
        if faults:
            return await self._invitation(request, form, faults, 422)
        response = web.Response(status=303, headers={"Location": HOME})
        secret = request.match_info["secret"]
        try:
            auth = state_of(request).auth
            if not await auth.accept_invitation(
                request, response, secret, form["name"], form["email"], form["password"]
            ):
                response.headers["Location"] = _code_page(HOME)
        except Refused as refused:
            language = self._language(request)
            found = {error.field: told(language, error.message) for error in refused.errors}
            known = {name: text for name, text in found.items() if name in {"name", "email", "password"}}
            return await self._invitation(request, form, known or {"form": told(language, refused.detail)}, 422)
        return response

    async def _invitation(
        self, request: web.Request, form: dict[str, str], problems: dict[str, str], status: int = 200
    ) -> web.Response:
        state = state_of(request)
        found = await state.auth.invitations.find(request.match_info["secret"])
        _ = self._language(request).gettext
        if found is None:
            shown = Invited("", gone=_(_GONE))
            return self._render(request, "invitation.html", shown, 404)
        view = await state.directory.get(found.workspace_id)
        welcome = _(_WELCOMES[found.role], workspace=view.workspace.name)
        shown = Invited(
            f"{welcome} {_('Choose how you sign in from now on.')}",
            email=found.email or form.get("email", ""),
            name=form.get("name", ""),
            fixed_email=found.email is not None,
            problems=problems,
        )
        return self._render(request, "invitation.html", shown, status)

    def _language(self, request: web.Request) -> Language:
        return times_of(request, self._templates).language

    async def _login(
        self, request: web.Request, form: SignIn, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.Response:
        state = state_of(request)
        offered = await state.auth.oidc.offered()
        views = [await state.directory.get(one) for one in await state.directory.workspace_ids()]
        more = f"?next={quote(form.next, safe='')}" if form.next not in ("", HOME) else ""
        links = [(f"/login/oidc/{format_id('wsp', one.workspace_id)}{more}", one.label) for one in offered]
        passwords = any(view.workspace.password_login for view in views)
        form = replace(form, providers=links, passwords=passwords)
        return self._render(request, "login.html", form, status, headers)

    def _render(
        self,
        request: web.Request,
        name: str,
        form: SignIn | Invited | SignedOut,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> web.Response:
        shared = common(request, times_of(request, self._templates))
        return html(self._templates.render(name, form=form, **shared), status, headers=headers)


def _code_page(target: str) -> str:
    return "/login/code" if target == HOME else f"/login/code?next={quote(target, safe='')}"


def _faults(form: dict[str, str], language: Language) -> dict[str, str]:
    _ = language.gettext
    faults = {}
    if not form.get("name", "").strip():
        faults["name"] = _("Tell your team who you are.")
    if "@" not in form.get("email", ""):
        faults["email"] = _("That is not an e-mail address.")
    if len(form.get("password", "")) < SHORTEST_PASSWORD:
        faults["password"] = _("At least %(count)s characters.", count=SHORTEST_PASSWORD)
    return faults


async def set_availability(desk: Desk) -> web.StreamResponse:
    """Whether new conversations may be given to me."""
    form = await desk.form()
    await desk.execute(UpdateUser(desk.signed.user.id, available=form.get("available") == "1"))
    desk.state.auth.sessions.forget()
    raise web.HTTPSeeOther(HOME)


async def switch_workspace(desk: Desk) -> web.StreamResponse:
    """Into another workspace that this browser is signed in to; else to its door."""
    form = await desk.form()
    response = web.Response(status=303, headers={"Location": HOME})
    wanted = desk.parse(form.get("workspace", ""), "wsp")
    if not await desk.state.auth.switch(desk.request, response, desk.signed, wanted):
        response.headers["Location"] = "/login?another=1"
    return response
