"""How everybody signs in: second steps, an identity provider, and whether passwords count."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.core.commands.oidc import RemoveOidc, SaveOidc
from gateway.core.commands.settings import UpdateWorkspace
from gateway.core.errors import invalid
from gateway.domain.oidc import OidcSettings
from gateway.domain.visibility import Role
from gateway.storage import credentials
from gateway.web import problems
from gateway.web.api.inputs import UNSET
from gateway.web.api.sign_in import provider_command
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.forms import DONE, Faults, attempt
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post

HOME: Final = "/settings/security"
_FIELDS: Final = ("issuer", "client_id", "label", "enabled", "role_claim", "roles")


async def show(desk: Desk) -> web.StreamResponse:
    """The page as it is."""
    return await _page(desk, {}, {})


async def _page(desk: Desk, typed: Mapping[str, str], faults: Faults) -> web.StreamResponse:
    people = [one for one in desk.view.live(desk.view.users) if one.kind == "person"]
    provider = await desk.read(lambda session: credentials.oidc_of(session, desk.workspace_id))
    session = desk.signed.session
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
        provider=provider,
        typed={name: (typed or _typed(provider)).get(name, "") for name in _FIELDS},
        callback=desk.state.auth.oidc.callback(desk.workspace_id),
        landing=desk.state.auth.provider_door.landing,
        passwords=desk.view.workspace.password_login,
        through=session is not None and session.method == "oidc",
        roles=list(Role),
    )


def _typed(provider: OidcSettings | None) -> Mapping[str, str]:
    if provider is None:
        return {"enabled": "1"}
    return {
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "label": provider.label,
        "enabled": "1" if provider.enabled else "",
        "role_claim": provider.role_claim or "",
        "roles": "\n".join(f"{value} = {role}" for value, role in provider.roles.items()),
    }


async def save(desk: Desk) -> web.StreamResponse:
    """Whether everybody needs a second step."""
    form = await desk.form()

    async def act() -> None:
        await desk.execute(UpdateWorkspace(two_factor_required=form.get("two_factor_required") == "1"))

    return await attempt(desk, act, lambda faults: _page(desk, {}, faults), HOME)


async def save_provider(desk: Desk) -> web.StreamResponse:
    """The identity provider, looked at before it is kept."""
    form = await desk.form()

    async def act() -> None:
        await desk.execute(await _command(desk, form))

    return await attempt(desk, act, lambda faults: _page(desk, form, faults), HOME)


async def _command(desk: Desk, form: Mapping[str, str]) -> SaveOidc:
    return await provider_command(
        desk.state,
        issuer=form.get("issuer", ""),
        client_id=form.get("client_id", ""),
        label=form.get("label", ""),
        secret=form.get("client_secret") or UNSET,
        enabled=form.get("enabled") == "1",
        role_claim=form.get("role_claim", ""),
        roles=_roles(form.get("roles", "")),
    )


def _roles(text: str) -> dict[str, str]:
    """Lines of `value = role`."""
    found = {}
    for line in text.splitlines():
        if line.strip():
            value, sign, role = line.rpartition("=")
            if not sign or not value.strip():
                raise invalid("roles", "Each line is a value of the claim, =, and a role.")
            found[value.strip()] = role.strip()
    return found


async def remove_provider(desk: Desk) -> web.StreamResponse:
    """No provider any more."""
    await desk.form()
    return await attempt(
        desk, lambda: desk.execute(RemoveOidc()), lambda faults: _page(desk, {}, faults), HOME, "removed"
    )


async def save_passwords(desk: Desk) -> web.StreamResponse:
    """Whether one may sign in with a password."""
    form = await desk.form()
    if desk.signed.session is None:
        raise problems.not_found()
    command = UpdateWorkspace(password_login=form.get("password_login") == "1", session_id=desk.signed.session.id)
    return await attempt(desk, lambda: desk.execute(command), lambda faults: _page(desk, {}, faults), HOME)


ROUTES = (
    get("", show),
    post("", save),
    post("/provider", save_provider),
    post("/provider/remove", remove_provider),
    post("/passwords", save_passwords),
)
