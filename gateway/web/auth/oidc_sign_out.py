"""Signing out at the identity provider too: whoever came in through it, where it has an address for that.

What proves to it who that is (the id token of the sign-in) stays with the browser, sealed, and goes to no page but the
one that signs out. OpenID Connect RP-Initiated Logout 1.0.
"""

import asyncio
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from gateway.domain.record import record
from gateway.host.secrets import SecretBox, SecretsUnreadable
from gateway.storage import credentials
from gateway.storage.database import Database, StorageUnavailable
from gateway.web.auth.oidc_provider import ProviderError, Providers
from gateway.web.auth.sessions import DAYS, SessionDoor
from gateway.web.state import Site

PATH = "/logout"
LONGEST_COOKIE = 3800
"""Browsers drop a cookie beyond 4 KB; the provider asks once more, who that is, without what was in it."""
PATIENCE_S = 3.0
"""How long a provider that doesn't answer keeps somebody from being signed out here."""


class _Proof(msgspec.Struct, frozen=True):
    workspace_id: int
    id_token: str


@record(gc=True)
class OidcSignOut:
    """The way out of a provider."""

    database: Database
    secrets: SecretBox
    sessions: SessionDoor
    providers: Providers
    site: Site

    @property
    def cookie_name(self) -> str:
        """The sealed proof's cookie."""
        return f"{self.sessions.cookie_name}-proof"

    @property
    def landing(self) -> str:
        """What to enter at a provider as the address after signing out."""
        return f"{self.site.public_url}/login"

    def keep(self, response: web.StreamResponse, workspace_id: int, id_token: str) -> None:
        """Leaves the proof with the browser."""
        sealed = self.secrets.seal(msgspec.json.encode(_Proof(workspace_id, id_token)).decode())
        if len(sealed) <= LONGEST_COOKIE:
            response.set_cookie(
                self.cookie_name,
                sealed,
                max_age=DAYS * 86_400,
                path=PATH,
                secure=self.sessions.secure,
                httponly=True,
                samesite="Lax",
            )

    def clear(self, response: web.StreamResponse) -> None:
        """Takes it off the browser."""
        response.del_cookie(self.cookie_name, path=PATH, secure=self.sessions.secure, httponly=True, samesite="Lax")

    async def leads_to(self, request: web.Request, workspace_id: int) -> tuple[str, str] | None:
        """Where the workspace's provider signs this browser out, and what it is called; None where it can't be had."""
        try:
            settings = await self.database.read(lambda session: credentials.oidc_of(session, workspace_id))
            if settings is None or not settings.enabled:
                return None
            async with asyncio.timeout(PATIENCE_S):
                end = await self.providers.end_of_session(settings.issuer)
        except (ProviderError, StorageUnavailable, TimeoutError):
            return None
        if end is None:
            return None
        asked = {"client_id": settings.client_id, "post_logout_redirect_uri": self.landing}
        proof = self._proof(request)
        if proof is not None and proof.workspace_id == workspace_id:
            asked["id_token_hint"] = proof.id_token
        return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}", settings.label

    def _proof(self, request: web.Request) -> _Proof | None:
        try:
            return msgspec.json.decode(self.secrets.open(request.cookies.get(self.cookie_name, "")), type=_Proof)
        except (SecretsUnreadable, msgspec.DecodeError, ValueError):
            return None
