"""Providers' webhooks: `/c/{gateway token}/{action}`, as short a way as there is to the host and back.

The plugin proves who is asking, by a signature over the public URL; a Host header proves nothing and is not asked.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

from gateway.sdk.webhook import WebhookRequest, WebhookResponse
from gateway.web.api.body import read_bytes
from gateway.web.problems import Problem, respond
from gateway.web.state import Limits, Site

Answer = Callable[[str, WebhookRequest], Awaitable[WebhookResponse]]
"""`host.webhooks.Webhooks.handle`: a gateway's token and its request to the answer; never raises."""


def handler(answer: Answer, site: Site, limits: Limits) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The one handler of all providers."""
    public, limit = site.public_url, limits.webhook

    async def handle(request: web.Request) -> web.Response:
        try:
            body = await read_bytes(request, limit)
        except Problem as problem:
            return respond(problem)
        found = request.match_info
        given = WebhookRequest(
            method=request.method,
            url=(public if site.fixed else origin_of(request.scheme, request.host)) + request.raw_path,
            action=found["action"],
            query=dict(request.query) if "?" in request.raw_path else {},
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
        )
        response = await answer(found["token"], given)
        headers = {**response.headers, "Content-Type": response.content_type} if response.body else response.headers
        return web.Response(status=response.status, body=response.body, headers=headers)

    return handle


@lru_cache(maxsize=64)
def origin_of(scheme: str, host: str) -> str:
    """Without a public URL the provider reached us directly, by the address it signed."""
    try:
        return f"{scheme}://{urlsplit(f'//{host}').netloc}"
    except ValueError:  # "[", which is nobody's address and signed by nobody
        return f"{scheme}://"
