"""Plugins' routes: `/x/{plugin}/{path}`, for anybody who asks; the plugin finds out who that is.

It is handed no cookies and no form token: our session is between the browser and us.
"""

import math
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from gateway.host.plugin_web import NotServed, PluginWeb
from gateway.sdk.webhook import WebhookRequest
from gateway.web import problems
from gateway.web.api.body import read_bytes
from gateway.web.api.serve import problem_of
from gateway.web.problems import Problem
from gateway.web.state import Limits, Site

log = structlog.get_logger("gateway.web")

_OURS = frozenset({"cookie", "x-csrf-token"})


def handler(plugins: PluginWeb, site: Site, limits: Limits) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The one handler of all plugins' routes."""

    async def serve(request: web.Request) -> web.Response:
        plugin, path = request.match_info["plugin"], request.match_info["path"].strip("/")
        allowed = plugins.methods(plugin, path)
        if not allowed:
            raise problems.not_found("page")
        if request.method not in allowed:
            names = ", ".join(allowed)
            raise Problem(405, "method-not-allowed", f"Use {names} here.", headers={"Allow": names})
        given = WebhookRequest(
            method=request.method,
            url=site.public_url + request.raw_path,
            action=path,
            query=dict(request.query),
            headers={name.lower(): value for name, value in request.headers.items() if name.lower() not in _OURS},
            body=await read_bytes(request, limits.webhook),
        )
        response = await plugins.answer(plugin, path, given)
        headers = {**response.headers, "Content-Type": response.content_type} if response.body else response.headers
        return web.Response(status=response.status, body=response.body, headers=headers)

    async def handle(request: web.Request) -> web.Response:
        try:
            return await serve(request)
        except NotServed as refused:
            return problems.respond(problem_of_plugin(refused))
        except Exception as error:
            problem = problem_of(error)
            if problem.status == 500:
                log.exception("plugin route failed", plugin=request.match_info["plugin"])
            return problems.respond(problem)

    return handle


def problem_of_plugin(refused: NotServed) -> Problem:
    """What whoever asked is told: not which plugin, nor what was wrong; that is in our log."""
    if refused.retry_after is not None:
        return problems.unavailable(max(1, math.ceil(refused.retry_after)))
    return Problem(500, "unexpected", "Something went wrong here. It was logged; nothing you sent is in the log.")
