"""What an identity provider says of itself, and what its signed word is worth: discovery, keys, tokens.

Everything is fetched by the guarded client; keys are asked for again when a token names one that is not known, as
providers change them.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from gateway.domain.record import record
from gateway.host.reachable import Reachable
from gateway.sdk.context import HttpClient
from gateway.sdk.errors import SendError

KEPT_S = 3600.0
KEYS_AGAIN_S = 10.0
"""Keys are asked for again this often at most, whatever keys tokens name."""
SKEW_S = 60
_MOST = 512 * 1024
DISCOVERY = "/.well-known/openid-configuration"


class ProviderError(Exception):
    """The provider can't be reached or is not what it says; the words are for people."""


class Metadata(msgspec.Struct, frozen=True):
    """Of the discovery document, what is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str = ""


@record
class Client:
    """What we are to the provider."""

    issuer: str
    client_id: str
    secret: str


@dataclass(slots=True)
class Providers:
    """Speaks to providers. `clock` is wall time in milliseconds."""

    http: HttpClient
    reachable: Reachable
    clock: Callable[[], int]
    monotonic: Callable[[], float]
    _known: dict[str, tuple[float, Metadata]] = field(default_factory=dict)
    _keys: dict[str, tuple[float, list[dict[str, Any]]]] = field(default_factory=dict)

    async def discover(self, issuer: str) -> Metadata:
        """The provider's document, asked for once an hour. Raises ProviderError."""
        known = self._known.get(issuer)
        if known is not None and self.monotonic() - known[0] < KEPT_S:
            return known[1]
        self._check(issuer)
        content = await self._get(issuer.rstrip("/") + DISCOVERY)
        try:
            found = msgspec.json.decode(content, type=Metadata)
        except msgspec.DecodeError as error:
            raise ProviderError("This address has no OpenID Connect provider behind it.") from error
        if found.issuer != issuer:
            raise ProviderError(f"The provider calls itself {found.issuer[:200]}. Enter the address just so.")
        for url in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            self._check(url)
        self._known[issuer] = (self.monotonic(), found)
        return found

    async def end_of_session(self, issuer: str) -> str | None:
        """Where browsers are sent to be signed out there; None where it has no such place. Raises ProviderError."""
        found = (await self.discover(issuer)).end_session_endpoint
        if found is not None:
            self._check(found)
        return found

    async def redeem(self, client: Client, code: str, verifier: str, callback: str) -> _Tokens:
        """Tokens for a code. Raises ProviderError."""
        metadata = await self.discover(client.issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "code_verifier": verifier,
            "client_id": client.client_id,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_secret"] = client.secret
        content = await self._ask("POST", metadata.token_endpoint, headers, urlencode(form).encode())
        try:
            return msgspec.json.decode(content, type=_Tokens)
        except msgspec.DecodeError as error:
            raise ProviderError("The provider gave no token for this sign-in.") from error

    async def verify(self, client: Client, token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of an id token that this provider signed for us, just now. Raises ProviderError."""
        metadata = await self.discover(client.issuer)
        claims = await self._signed(metadata, token)
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        now = self.clock() // 1000
        begun, ends = claims.get("iat"), claims.get("exp")
        right = (
            claims.get("iss") == client.issuer
            and client.client_id in audiences
            and (len(audiences) == 1 or claims.get("azp") == client.client_id)
            and claims.get("azp", client.client_id) == client.client_id
            and claims.get("nonce") == nonce
            and isinstance(claims.get("sub"), str)
            and 0 < len(claims["sub"]) <= 255
        )
        timely = isinstance(ends, int | float) and isinstance(begun, int | float)
        timely = timely and ends > now - SKEW_S and begun < now + SKEW_S  # type: ignore[operator]
        if not right or not timely:
            raise ProviderError("The provider's token is not for this sign-in, or its clock is wrong.")
        return claims

    async def user_info(self, client: Client, access_token: str, subject: str) -> Mapping[str, Any]:
        """More claims about the same person; none where the provider has no such address, or speaks of another."""
        metadata = await self.discover(client.issuer)
        if not metadata.userinfo_endpoint or not access_token:
            return {}
        self._check(metadata.userinfo_endpoint)
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        content = await self._ask("GET", metadata.userinfo_endpoint, headers)
        try:
            found = msgspec.json.decode(content, type=dict[str, Any])
        except msgspec.DecodeError:
            return {}
        return found if found.get("sub") == subject else {}

    async def _signed(self, metadata: Metadata, token: str) -> Mapping[str, Any]:
        # What reads signatures comes with the first of them: most installations know no provider.
        from gateway.web.auth.signed_tokens import claims_of  # noqa: PLC0415

        keys = await self._keys_of(metadata.jwks_uri, again=False)
        claims = claims_of(token, keys)
        if claims is None:
            claims = claims_of(token, await self._keys_of(metadata.jwks_uri, again=True))
        if claims is None:
            raise ProviderError("The provider's token is not signed by the provider.")
        return claims

    async def _keys_of(self, url: str, *, again: bool) -> list[dict[str, Any]]:
        known = self._keys.get(url)
        age = self.monotonic() - known[0] if known else KEPT_S
        if known is not None and age < (KEYS_AGAIN_S if again else KEPT_S):
            return known[1]
        try:
            found = msgspec.json.decode(await self._get(url), type=dict[str, list[dict[str, Any]]])["keys"]
        except (msgspec.DecodeError, KeyError) as error:
            raise ProviderError("The provider's keys can't be read.") from error
        self._keys[url] = (self.monotonic(), found)
        return found

    def _check(self, url: str) -> None:
        """By https, or where the operator let through a host that has none."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            host, port, parts = "", None, urlsplit("")
        plain = parts.scheme == "http" and self.reachable.lets_through(host, port or 80)
        if not host or parts.username is not None or parts.fragment or not (parts.scheme == "https" or plain):
            raise ProviderError("A provider's address begins with https://.")

    async def _get(self, url: str) -> bytes:
        return await self._ask("GET", url, {"Accept": "application/json"})

    async def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> bytes:
        try:
            answer = await self.http.request(method, url, headers=headers, body=body, limit=_MOST)
        except SendError as error:
            raise ProviderError("The provider can't be reached.") from error
        if answer.status != 200:
            raise ProviderError(f"The provider answered {answer.status}.")
        return answer.body
