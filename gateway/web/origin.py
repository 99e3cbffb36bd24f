"""Which host a browser thinks it speaks to, and which site a request came from.

Both matter for cookie sessions only: a stolen look at a cookie needs a browser, and tokens are never sent by one on its
own.
"""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

from gateway.web import problems
from gateway.web.state import Site, state_of

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def check_host(request: web.Request) -> None:
    """The Host header names us; a name that somebody else points at our address (DNS rebinding) does not."""
    host = request.headers.get("Host", "")
    if not is_our_host(state_of(request).site, host):
        raise problems.Problem(
            421, "unknown-host", "This server isn't known by that name. Set public_url to the address people use."
        )


def is_our_host(site: Site, host: str) -> bool:
    """Whether a Host header is ours: the public one, this machine itself, or, with nothing set, a bare address."""
    host = host.lower()
    if host == site.netloc:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in _LOOPBACK or (not site.fixed and name == site.bind_host.lower()):
        return True
    return not site.fixed and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def check_same_site(request: web.Request) -> None:
    """A request that changes something comes from our own pages. Browsers say so; programs send neither header."""
    site = state_of(request).site
    if sent_by_another_site(request):
        raise _cross_site()
    sent = request.headers.get("Origin")
    if sent is not None and not _is_our_origin(site, sent, request.headers.get("Host", "")):
        raise _cross_site()
    check_host(request)


def sent_by_another_site(request: web.Request) -> bool:
    """Whether a browser says so; one that says nothing, and a program, is taken at its word."""
    return request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}


def _is_our_origin(site: Site, sent: str, host: str) -> bool:
    """The public address, or the very host that was asked, if that one is ours."""
    parts = urlsplit(sent)
    if sent.lower() == site.public_url.lower():
        return True
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower() and is_our_host(site, host)


def _cross_site() -> problems.Problem:
    return problems.forbidden("This request came from another site.", code="cross-site")


def client_address(request: web.Request) -> str:
    """Who connected; what a proxy says about it counts only when the proxy is one of ours."""
    peer = request.remote or ""
    proxies = state_of(request).site.trusted_proxies
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while peer in proxies and hops:
        peer = hops.pop()
    return peer
