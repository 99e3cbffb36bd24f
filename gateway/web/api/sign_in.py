"""How people sign in to the workspace: its identity provider."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.oidc import RemoveOidc, SaveOidc
from gateway.core.errors import invalid
from gateway.domain.oidc import OidcSettings
from gateway.domain.visibility import Permission
from gateway.storage import credentials
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Name, Unset
from gateway.web.api.route import Routes
from gateway.web.auth.oidc_provider import ProviderError
from gateway.web.state import AppState

routes = Routes("Sign-in")

Text = Annotated[str, msgspec.Meta(max_length=1000)]


class NewProvider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An OpenID Connect provider. `client_secret` may be left out where one is kept already.

    `roles` maps values of the claim `role_claim` to roles.
    """

    issuer: Text
    client_id: Text
    label: Name
    client_secret: Text | Unset = UNSET
    enabled: bool = True
    role_claim: Text | None = None
    roles: dict[str, str] = {}


class ProviderShape(msgspec.Struct, frozen=True):
    """The provider, without its secret. `callback` and `after_sign_out` are the redirect URIs to enter there."""

    issuer: str
    client_id: str
    label: str
    enabled: bool
    role_claim: str | None
    roles: dict[str, str]
    callback: str
    after_sign_out: str


@routes.get("/sign-in/provider", permission=Permission.MANAGE_SETTINGS)
async def get_provider(call: Call) -> ProviderShape:
    """Read the identity provider."""
    found = await call.read(lambda session: credentials.oidc_of(session, call.workspace_id))
    if found is None:
        raise problems.not_found("provider")
    return _shape(call, found)


@routes.put("/sign-in/provider", permission=Permission.MANAGE_SETTINGS)
async def save_provider(call: Call, body: NewProvider) -> ProviderShape:
    """Set the identity provider, once its discovery document was read."""
    command = await provider_command(
        call.state,
        issuer=body.issuer,
        client_id=body.client_id,
        label=body.label,
        secret=body.client_secret,
        enabled=body.enabled,
        role_claim=body.role_claim or "",
        roles=body.roles,
    )
    return _shape(call, await call.execute(command))


@routes.delete("/sign-in/provider", permission=Permission.MANAGE_SETTINGS)
async def remove_provider(call: Call) -> None:
    """Remove the identity provider; passwords count again."""
    await call.execute(RemoveOidc())


async def provider_command(
    state: AppState,
    *,
    issuer: str,
    client_id: str,
    label: str,
    secret: str | Unset,
    enabled: bool,
    role_claim: str,
    roles: Mapping[str, str],
) -> SaveOidc:
    """The command, checked. Refused (422) where nobody answers at the issuer as OpenID Connect says."""
    issuer, client_id = issuer.strip(), client_id.strip()
    if not client_id:
        raise invalid("client_id", "Enter the id that the provider gave you.")
    try:
        await state.auth.oidc.providers.discover(issuer)
    except ProviderError as error:
        raise invalid("issuer", str(error)) from None
    sealed = UNCHANGED if secret is UNSET else state.secrets.seal(str(secret))
    return SaveOidc(issuer, client_id, label, sealed, enabled, role_claim.strip() or None, dict(roles))


def _shape(call: Call, found: OidcSettings) -> ProviderShape:
    return ProviderShape(
        found.issuer,
        found.client_id,
        found.label,
        found.enabled,
        found.role_claim,
        dict(found.roles),
        call.state.auth.oidc.callback(found.workspace_id),
        call.state.auth.provider_door.landing,
    )
