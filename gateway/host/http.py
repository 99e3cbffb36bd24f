"""The HTTP client of the sdk: guarded, bounded, traced, and honest about whether anything left."""

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from gateway.domain.record import record
from gateway.host.http_sessions import HttpSessions, Progress
from gateway.host.reachable import AddressForbidden
from gateway.sdk.context import HttpResponse, Trace
from gateway.sdk.errors import SendError, SendErrorKind

LIMIT = 10 * 1024 * 1024
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# All that may follow a redirect to another origin: nothing that says who we are or what we were about to send.
_HARMLESS = frozenset({"accept", "accept-language"})


@record
class _Exchange:
    """One request on its way, before or after a redirect."""

    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | None

    def redirected(self, status: int, location: str) -> "_Exchange":
        """The request the answer asks for. Credentials and bodies stay with their origin."""
        target = _parse(urljoin(str(self.url), location))
        get = status == 303 or (status in (301, 302) and self.method == "POST")
        method = "GET" if get and self.method != "HEAD" else self.method
        body = None if get else self.body
        if target.origin() == self.url.origin():
            return _Exchange(method, target, self.headers, body)
        if body is not None:
            raise SendError(SendErrorKind.UNAVAILABLE, f"{self.url.host} redirects what we send to {target.host}.")
        kept = {name: value for name, value in self.headers.items() if name.lower() in _HARMLESS}
        return _Exchange(method, target, kept, None)


class GatewayHttp:
    """The shared client as one gateway sees it; requests show in `trace`. This is the `http` of a GatewayContext."""

    def __init__(self, sessions: HttpSessions, trace: Trace, monotonic: Callable[[], float]) -> None:
        self._sessions = sessions
        self._trace = trace
        self._monotonic = monotonic

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        auth: tuple[str, str] | None = None,
        limit: int = LIMIT,
        redirects: int = 0,
        cut: bool = False,
    ) -> HttpResponse:
        """One exchange. Follows up to `redirects` redirects, none by default: then the 3xx is the answer.

        An answer beyond `limit` is an error; where `cut` says so it ends there, and the rest is never read.

        Raises SendError: UNAVAILABLE when nothing left, UNCERTAIN when bytes may have.
        """
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = aiohttp.encode_basic_auth(*auth, encoding="utf-8")
        exchange = _Exchange(method.upper(), _parse(url), sent, body)
        for _ in range(redirects + 1):
            response = await self._once(exchange, limit, cut=cut)
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or not location or redirects == 0:
                return response
            exchange = exchange.redirected(response.status, location)
        raise SendError(SendErrorKind.UNAVAILABLE, f"{_parse(url).host} redirects more than {redirects} times.")

    async def _once(self, exchange: _Exchange, limit: int, *, cut: bool) -> HttpResponse:
        progress = Progress()
        started = self._monotonic()
        shown = f"{exchange.method} {exchange.url.origin()}{exchange.url.raw_path}"
        try:
            async with self._sessions.session_for(exchange.url).request(
                exchange.method,
                exchange.url,
                headers=exchange.headers,
                data=exchange.body,
                allow_redirects=False,
                trace_request_ctx=progress,
            ) as answer:
                content = await (_beginning(answer, limit) if cut else _read(answer, limit))
                response = HttpResponse(answer.status, _lower(answer.headers), content)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            problem = _send_error(error, progress, exchange.url)
            self._trace("out", f"{shown}: {problem.sentence}")
            raise problem from error
        except asyncio.CancelledError:  # whoever asked has lost patience: what left is to be seen all the same
            self._trace("out", f"{shown}: given up without an answer after {self._took(started)} ms")
            raise
        self._trace("out", f"{shown} {response.status} in {self._took(started)} ms")
        return response

    def _took(self, started: float) -> int:
        return round((self._monotonic() - started) * 1000)


class _TooLarge(ValueError):
    """The answer goes on beyond what the caller wants to hold in memory."""


def _parse(url: str) -> URL:
    try:
        parsed = URL(url)
    except ValueError as error:
        raise SendError(SendErrorKind.UNAVAILABLE, "The address to call is no URL.") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise SendError(SendErrorKind.UNAVAILABLE, "The address to call must begin with http:// or https://.")
    if parsed.user is not None or parsed.password is not None:
        raise SendError(SendErrorKind.UNAVAILABLE, "The address to call must not hold a user name or password.")
    return parsed


async def _read(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    if answer.content_length is not None and answer.content_length > limit:
        raise _TooLarge(f"the answer is larger than {limit} bytes")
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise _TooLarge(f"the answer is larger than {limit} bytes")
    return bytes(content)


async def _beginning(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """What comes first; then the connection is given up, and with it the rest."""
    content = bytearray()
    async for chunk in answer.content.iter_chunked(limit):
        content += chunk
        if len(content) > limit:
            answer.close()
            break
    return bytes(content[:limit])


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    """By lower-case name; of a name that comes twice, the first stands."""
    lower: dict[str, str] = {}
    for name, value in headers.items():
        lower.setdefault(name.lower(), value)
    return lower


def _send_error(error: Exception, progress: Progress, url: URL) -> SendError:
    kind = SendErrorKind.UNCERTAIN if progress.connected else SendErrorKind.UNAVAILABLE
    refusal = _forbidden(error)
    if refusal is not None:
        return SendError(SendErrorKind.UNAVAILABLE, str(refusal))
    match error:
        case _TooLarge():
            what = str(error)
        case TimeoutError() if progress.connected:
            what = "it did not answer in time"
        case TimeoutError():
            what = "no connection in time"
        case aiohttp.ClientConnectorDNSError():
            what = "there is no host of that name"
        case aiohttp.ClientSSLError():
            what = "its certificate or encryption can't be trusted"
        case aiohttp.ClientConnectorError():
            what = "it refused the connection"
        case _:
            what = "the connection broke" if progress.connected else "no connection"
    return SendError(kind, f"{url.host} was not reached: {what}." if not progress.connected else f"{url.host}: {what}.")


def _forbidden(error: BaseException | None) -> AddressForbidden | None:
    """The guard's refusal, however deep the client wrapped it."""
    seen = 0
    while error is not None and seen < 8:
        if isinstance(error, AddressForbidden):
            return error
        inner = getattr(error, "os_error", None)
        error, seen = (inner if isinstance(inner, AddressForbidden) else error.__cause__ or error.__context__), seen + 1
    return None
