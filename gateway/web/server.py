"""The web application: providers on a lean path, the API, the pages, operations, and one answer for the rest.

There are no middlewares: an aiohttp application with one wraps every handler, a provider's too.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import structlog
from aiohttp import web

from gateway.web import headers, ops, plugin_routes, problems, providers, public_media
from gateway.web.api import documentation
from gateway.web.api.all_routes import all_operations
from gateway.web.api.openapi import BASE, describe
from gateway.web.api.serve import Service, problem_of
from gateway.web.metrics import Metrics
from gateway.web.ops import Operations
from gateway.web.problems import Problem
from gateway.web.providers import Answer
from gateway.web.state import STATE, AppState

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ShowProblem = Callable[[web.Request, Problem], Awaitable[web.StreamResponse]]

_FORM_SLACK = 1024 * 1024
log = structlog.get_logger("gateway.web")


def build(
    state: AppState,
    metrics: Metrics,
    operations: Operations,
    webhooks: Answer,
    pages: Iterable[web.RouteDef],
    show_problem: ShowProblem,
) -> web.Application:
    """The application. `pages` are the Messenger's routes, `show_problem` its page for what was refused."""
    app = web.Application(client_max_size=state.limits.upload + _FORM_SLACK)
    app[STATE] = state
    app.on_shutdown.append(_end_polls)
    app.on_response_prepare.append(headers.add_headers)
    app.router.add_route("*", "/c/{token}/{action}", providers.handler(webhooks, state.site, state.limits))
    app.router.add_route(
        "*", "/x/{plugin}/{path:.*}", plugin_routes.handler(state.plugin_web, state.site, state.limits)
    )
    app.router.add_get(public_media.ROUTE, public_media.handler(state))
    service = Service(state, metrics)
    described = all_operations()
    for operation in described:
        app.router.add_route(operation.method, BASE + operation.path, service.handler(operation))
    app.add_routes(documentation.routes(documentation.Documentation(partial(describe, described, state.version))))
    app.add_routes(ops.routes(operations))
    for page in pages:
        app.router.add_route(page.method, page.path, _page(page.handler, show_problem), **page.kwargs)
    app.router.add_route("*", "/{tail:.*}", _nothing_here(show_problem))
    return app


async def _end_polls(app: web.Application) -> None:
    """Whoever waits for events is answered, or stopping would wait for them."""
    app[STATE].poll.close()


def _page(handler: Handler, show_problem: ShowProblem) -> Handler:
    """A page whose refusals and mishaps are pages too."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as answer:
            if answer.status < 400:
                raise
            return await show_problem(request, problem_of(answer))
        except Exception as error:
            problem = problem_of(error)
            if problem.status == 500:
                log.exception("page failed", page=request.path)
            return await show_problem(request, problem)

    return handle


def _nothing_here(show_problem: ShowProblem) -> Handler:
    """404, or 405 where another method would do."""

    async def handle(request: web.Request) -> web.StreamResponse:
        problem = await _missing(request)
        if request.path.startswith(("/api/", "/c/", "/-/")):
            return problems.respond(problem)
        return await show_problem(request, problem)

    return handle


async def _missing(request: web.Request) -> Problem:
    allowed: set[str] = set()
    for resource in request.app.router.resources():
        if resource.canonical != "/{tail}":
            allowed |= (await resource.resolve(request))[1]
    allowed.discard("*")
    if not allowed:
        return problems.not_found("page")
    names = ", ".join(sorted(allowed))
    return Problem(405, "method-not-allowed", f"Use {names} here.", headers={"Allow": names})
