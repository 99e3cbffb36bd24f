"""Who asks, and may they: the one place where every page and every API route finds out.

For pages::

    signed = await guard.page_user(request)             # a browser session, else 303 to /login?next=...
    guard.require(signed, Permission.MANAGE_GATEWAYS)   # 403 unless the role allows it
    form = await guard.checked_form(request, signed)    # a form post: same site and csrf token, else 403
    html = render(..., csrf=signed.csrf)                # <input type="hidden" name="csrf" value="{{ csrf }}">

Requests made by scripts (htmx, fetch) carry the token in the header `X-CSRF-Token` instead of a form field;
`guard.check_browser(request, signed)` checks such a request before anything is read.

`signed.caller` goes into every command and every read. What a caller may not see is answered as if it did not exist
(404), which the read models and the writer see to; a role that is too small is 403 here.

Everything raises `problems.Problem`, which the server turns into an answer: problem+json for the API, a page for
pages.
"""

import hmac
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import MultiDict, MultiMapping

from gateway.core.caller import Caller
from gateway.domain.people import LoginSession, User
from gateway.domain.record import record
from gateway.domain.visibility import Permission, Viewer, may
from gateway.web import origin, problems
from gateway.web.auth.secret import digest_of
from gateway.web.state import state_of

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
ENROL_PAGE = "/settings/account/two-factor"
ENROL_CODE = "two-factor-required"
# All that is open to who has yet to set up their second step, where the workspace asks for one.
_ENROLLING = (ENROL_PAGE, "/logout")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What aiohttp lets through of a form that is none: boundaries, charsets, codings and lengths that don't fit.
_NO_FORM = (ValueError, LookupError, RuntimeError, AssertionError, HttpProcessingError)


@record
class Signed:
    """Who is behind a request. `session` is None for an API token, which is a user of its own.

    `credential` names what they signed in with, so that a stream can ask again (`Auth.viewers_of`).
    """

    caller: Caller
    user: User
    session: LoginSession | None = None
    credential: str = ""

    @property
    def viewer(self) -> Viewer:
        """User, role and groups, as P4 asks for them."""
        return viewer_of(self.user)

    @property
    def workspace_id(self) -> int:
        """The workspace of the user."""
        return self.user.workspace_id

    @property
    def csrf(self) -> str:
        """What forms and scripts of this session send back; empty for a token, which no browser sends by itself."""
        return self.session.csrf if self.session else ""

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it."""
        return may(self.user.role, permission)


_SIGNED: web.RequestKey[Signed | None] = web.RequestKey("signed", Signed)


def signed_by_session(user: User, session: LoginSession, address: str | None = None) -> Signed:
    """A person in a browser."""
    caller = Caller(user.workspace_id, f"user:{user.id}", viewer_of(user), user.name, address=address)
    return Signed(caller, user, session, f"session {session.digest}")


def signed_by_token(user: User, digest: str, address: str | None = None) -> Signed:
    """A program with a token; it counts as a person, with read cursors of its own."""
    caller = Caller(user.workspace_id, f"api:{user.id}", viewer_of(user), user.name, address=address)
    return Signed(caller, user, None, f"token {digest}")


def viewer_of(user: User) -> Viewer:
    """A user as P4 sees them."""
    return Viewer(user.id, user.role, frozenset(user.group_ids))


async def current_user(request: web.Request) -> Signed:
    """Who asks: the bearer of a token, else the session of the cookie. Problem 401 for nobody.

    A session's request that changes something must also pass `check_browser` or `checked_form`.
    """
    signed = await find_user(request)
    if signed is None:
        raise problems.unauthorized()
    return signed


async def find_user(request: web.Request) -> Signed | None:
    """Like `current_user`, with None for nobody. Problem 401 for a token that is wrong or revoked."""
    if _SIGNED in request:
        return request[_SIGNED]
    auth = state_of(request).auth
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        secret = secret.strip()
        user = await auth.tokens.find(secret) if scheme.lower() == "bearer" else None
        if user is None:
            raise problems.unauthorized("This token is unknown or was revoked.")
        signed: Signed | None = signed_by_token(user, digest_of(secret), origin.client_address(request))
    else:
        signed = await session_user(request)
    request[_SIGNED] = signed
    return signed


async def session_user(request: web.Request) -> Signed | None:
    """The person whose browser asks, by its cookie; only where the Host header is ours."""
    auth = state_of(request).auth
    secret = request.cookies.get(auth.sessions.cookie_name)
    if not secret:
        return None
    origin.check_host(request)
    found = await auth.sessions.find(secret)
    if found is None:
        return None
    if not request.path.startswith(_ENROLLING) and await auth.needs_enrolment(*found):
        raise problems.forbidden("Set up the second step of signing in first.", code=ENROL_CODE)
    return signed_by_session(*found, origin.client_address(request))


async def page_session(request: web.Request) -> Signed | None:
    """Like `session_user`; who has to set up their second step first is sent there when they ask for a page."""
    try:
        return await session_user(request)
    except problems.Problem as problem:
        if problem.code == ENROL_CODE and request.method in _SAFE:
            raise web.HTTPSeeOther(ENROL_PAGE) from None
        raise


async def page_user(request: web.Request) -> Signed:
    """The person whose browser asks for a page; else off to the login page, and back afterwards."""
    signed = await page_session(request)
    if signed is None:
        target = f"/login?next={quote(request.path_qs, safe='')}" if request.method in _SAFE else "/login"
        raise web.HTTPSeeOther(target)
    return signed


def require(signed: Signed, permission: Permission) -> None:
    """Problem 403 unless the role allows it."""
    if not signed.may(permission):
        raise problems.forbidden(f"The role {signed.user.role} may not {permission.replace('_', ' ')}.")


def check_browser(request: web.Request, signed: Signed, token: str | None = None) -> None:
    """For requests of a session that change something: they come from our own pages and carry the session's token.

    `token` is the form's field; without it the header `X-CSRF-Token` counts. Problem 403 otherwise. Nothing is asked
    of a bearer token, nor of GET.
    """
    if signed.session is None or request.method in _SAFE:
        return
    origin.check_same_site(request)
    sent = token if token is not None else request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), signed.session.csrf.encode()):
        raise problems.forbidden("The form was too old, or not ours. Load the page again.", code="csrf")


async def posted(request: web.Request) -> MultiMapping[Any]:
    """The fields of a form; files are `aiohttp.web.FileField`. Problem 400 for what calls itself a form and is none.

    NUL is left out of texts: no person types it, and PostgreSQL takes none.
    """
    try:
        fields = await request.post()
    except _NO_FORM:
        raise problems.malformed("This is not a form, or it ends too early.") from None
    return MultiDict((name, one.replace("\0", "") if isinstance(one, str) else one) for name, one in fields.items())


async def checked_form(request: web.Request, signed: Signed) -> MultiMapping[Any]:
    """The fields of a form post, once `check_browser` has let it through. Files are `aiohttp.web.FileField`."""
    origin.check_same_site(request)
    form = await posted(request)
    token = form.get(CSRF_FIELD)
    check_browser(request, signed, token if isinstance(token, str) else None)
    return form
