"""API tokens: made, shown once, revoked."""

from typing import Final

from aiohttp import web

from gateway.core.commands.people import CreateToken, RevokeToken
from gateway.core.errors import Refused, invalid
from gateway.domain.ids import format_id
from gateway.domain.people import Token, User
from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.storage import credentials
from gateway.web.auth.secret import TOKEN_PREFIX, digest_of, new_secret
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.forms import DONE, Faults, answerable, faults_of, go_to
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.shell import ROLES
from gateway.web.pages.views_shell import Choice

HOME: Final = "/settings/tokens"


@record
class TokenRow:
    """A token, without its secret."""

    id: str
    name: str
    role: str
    made: str
    used: str


async def show(desk: Desk) -> web.StreamResponse:
    """All that work."""
    return await _page(desk, {}, {})


async def _page(desk: Desk, typed: Faults, faults: Faults, secret: str = "") -> web.StreamResponse:
    found = await desk.read(lambda session: credentials.live_tokens(session, desk.workspace_id))
    users = (await desk.state.directory.get(desk.workspace_id)).users  # one of them may have been made just now
    _ = desk.language.gettext
    chosen = typed.get("role", Role.AGENT)
    return await settings_page(
        desk,
        "tokens",
        "settings/tokens.html",
        status=422 if faults else 200,
        said=DONE,
        faults=faults,
        tokens=[_row(desk, one, users.get(one.user_id)) for one in reversed(found)],
        name=typed.get("name", "") if faults else "",
        roles=[Choice(_(words), role, pressed=role == chosen) for role, words in ROLES.items()],
        secret=secret,
    )


async def create(desk: Desk) -> web.StreamResponse:
    """A token, whose secret is on this answer and nowhere else."""
    form = await desk.form()
    secret = new_secret(desk.state.random, TOKEN_PREFIX)
    try:
        role = form.get("role", "")
        if role not in set(Role):
            raise invalid("role", "Choose a role.")
        await desk.execute(CreateToken(form.get("name", ""), Role(role), digest_of(secret)))
    except Refused as refused:
        if not answerable(refused):
            raise
        return await _page(desk, form, faults_of(refused, desk.language))
    return await _page(desk, form, {}, secret)


async def revoke(desk: Desk) -> web.StreamResponse:
    """Refused from now on, and its open streams end."""
    await desk.form()
    await desk.execute(RevokeToken(desk.id("tok")))
    desk.state.auth.tokens.forget()
    go_to(HOME, "revoked")


def _row(desk: Desk, token: Token, user: User | None) -> TokenRow:
    _ = desk.language.gettext
    used = desk.times.full(token.last_used_at) if token.last_used_at is not None else ""
    return TokenRow(
        format_id("tok", token.id),
        token.name,
        _(ROLES[user.role]) if user else "",
        _("Made %(when)s", when=desk.times.full(token.created_at)),
        _("Last used %(when)s", when=used) if used else _("Never used"),
    )


ROUTES = (get("", show), post("", create), post("/{id}/revoke", revoke))
