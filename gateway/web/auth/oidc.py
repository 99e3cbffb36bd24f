"""Signing in through an identity provider: off to it with a sealed note, back from it with a code.

The note is a cookie that only this browser has, so that a code somebody else got can't be slipped into it (state), a
token can't be used twice (nonce), and a code is worth nothing without what only we know (PKCE). Codes come back to an
address of each workspace's own, so that one's provider can't have a code of another's handed to it (RFC 9700, 4.4).
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from gateway.core.caller import system
from gateway.core.commands.oidc import SignInByOidc
from gateway.core.writer import Writer
from gateway.domain.ids import format_id
from gateway.domain.oidc import OidcSettings
from gateway.domain.people import User
from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.host.secrets import SecretBox, SecretsUnreadable
from gateway.storage import credentials
from gateway.storage.database import Database
from gateway.web import origin
from gateway.web.auth.oidc_provider import Client, ProviderError, Providers
from gateway.web.auth.secret import new_secret
from gateway.web.auth.sessions import SessionDoor
from gateway.web.state import Site

AWAY_S = 600
_LONGEST = 6000
_RANK = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AGENT)


class _Away(msgspec.Struct, frozen=True):
    """Who is away at a provider, since when, and what must come back."""

    workspace_id: int
    at: int
    state: str
    nonce: str
    verifier: str
    next: str


@record
class Back:
    """Somebody whom the provider vouched for, by an id token, and the page they were on the way to."""

    user: User
    next: str
    id_token: str


@record(gc=True)
class Oidc:
    """The way out to a provider and back."""

    database: Database
    writer: Writer
    secrets: SecretBox
    sessions: SessionDoor
    providers: Providers
    site: Site
    clock: Callable[[], int]
    random: Callable[[int], bytes]

    @property
    def cookie_name(self) -> str:
        """The sealed note's cookie."""
        return f"{self.sessions.cookie_name}-away"

    def callback(self, workspace_id: int) -> str:
        """What to enter at the workspace's provider."""
        return f"{self.site.public_url}/login/oidc/{format_id('wsp', workspace_id)}/callback"

    async def offered(self) -> list[OidcSettings]:
        """The providers one may come through."""
        return await self.database.read(credentials.oidc_providers)

    async def leave(self, workspace_id: int, target: str) -> web.Response:
        """Off to the workspace's provider. Raises ProviderError."""
        settings = await self._settings(workspace_id)
        metadata = await self.providers.discover(settings.issuer)
        state, nonce, verifier = (new_secret(self.random) for _ in range(3))
        note = _Away(workspace_id, self.clock(), state, nonce, verifier, target)
        digest = hashlib.sha256(note.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": settings.client_id,
            "redirect_uri": self.callback(workspace_id),
            "scope": "openid email profile",
            "state": note.state,
            "nonce": note.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        sign = "&" if "?" in metadata.authorization_endpoint else "?"
        response = web.Response(
            status=303, headers={"Location": f"{metadata.authorization_endpoint}{sign}{urlencode(asked)}"}
        )
        response.set_cookie(
            self.cookie_name,
            self.secrets.seal(msgspec.json.encode(note).decode()),
            max_age=AWAY_S,
            path="/",
            secure=self.sessions.secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    async def come_back(self, request: web.Request, workspace_id: int) -> Back:
        """Whom the workspace's provider vouches for. Raises ProviderError; Refused where nobody here is that."""
        origin.check_host(request)
        note, query = self._note(request), request.query
        mine = note is not None and hmac.compare_digest(query.get("state", "").encode(), note.state.encode())
        if note is None or not mine or note.workspace_id != workspace_id:
            raise ProviderError("This took too long, or it began in another browser.")
        settings = await self._settings(workspace_id)
        if query.get("iss", settings.issuer) != settings.issuer:
            raise ProviderError("Another provider answered.")
        if "error" in query or not query.get("code"):
            raise ProviderError("The provider did not let you in.")
        client = Client(settings.issuer, settings.client_id, self.secrets.open(settings.secret))
        tokens = await self.providers.redeem(client, query["code"], note.verifier, self.callback(workspace_id))
        claims = dict(await self.providers.verify(client, tokens.id_token, note.nonce))
        if "email" not in claims or (settings.role_claim and settings.role_claim not in claims):
            more = await self.providers.user_info(client, tokens.access_token, claims["sub"])
            claims = {**more, **claims}
        command = SignInByOidc(
            settings.issuer,
            claims["sub"],
            str(claims["email"])[:320] if claims.get("email") else None,
            claims.get("email_verified") in (True, "true"),
            str(claims.get("name") or claims.get("preferred_username") or ""),
            _role_of(settings, claims),
        )
        caller = replace(system(settings.workspace_id), address=origin.client_address(request))
        vouched = await self.writer.execute(command, caller)
        return Back(vouched.user, note.next, tokens.id_token)

    def clear(self, response: web.StreamResponse) -> None:
        """Takes the note off the browser: it was used."""
        response.del_cookie(self.cookie_name, path="/", secure=self.sessions.secure, httponly=True, samesite="Lax")

    def _note(self, request: web.Request) -> _Away | None:
        sealed = request.cookies.get(self.cookie_name, "")
        if not sealed or len(sealed) > _LONGEST:
            return None
        try:
            note = msgspec.json.decode(self.secrets.open(sealed), type=_Away)
        except (SecretsUnreadable, msgspec.DecodeError):
            return None
        return note if 0 <= self.clock() - note.at <= AWAY_S * 1000 else None

    async def _settings(self, workspace_id: int) -> OidcSettings:
        found = await self.database.read(lambda session: credentials.oidc_of(session, workspace_id))
        if found is None or not found.enabled:
            raise ProviderError("There is no such provider.")
        return found


def _role_of(settings: OidcSettings, claims: Mapping[str, Any]) -> Role | None:
    """The highest role that the claim's values map to; None where none of them does."""
    if settings.role_claim is None:
        return None
    found = claims.get(settings.role_claim)
    values = {str(one) for one in (found if isinstance(found, list) else [found])}
    mapped = {settings.roles[one] for one in values if one in settings.roles}
    return next((role for role in _RANK if role in mapped), None)
