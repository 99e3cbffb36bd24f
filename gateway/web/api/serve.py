"""How an operation is served: who asks, may they, what do they say, the answer, and every way it can fail."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from aiohttp import web

from gateway.core.errors import Refused
from gateway.core.idempotency import Replayed
from gateway.core.writer import Overloaded
from gateway.storage.database import StorageUnavailable
from gateway.web import guard, problems
from gateway.web.api.body import canonical, parse_json, read_bytes, require_json, to_type
from gateway.web.api.call import Call
from gateway.web.api.once import Answers, Once, replayed
from gateway.web.api.route import Answer, Operation
from gateway.web.api.times import id_in_path
from gateway.web.metrics import Metrics
from gateway.web.problems import Problem
from gateway.web.rate import Rate
from gateway.web.state import AppState, state_of

IDEMPOTENCY_KEY = "Idempotency-Key"
JSON = "application/json"
_encode = msgspec.json.encode
log = structlog.get_logger("gateway.web")


def problem_of(error: Exception) -> Problem:
    """The refusal that an exception is; 500 for what nobody expected."""
    match error:
        case Problem():
            return error
        case Refused():
            return problems.of_refusal(error)
        case StorageUnavailable() | Overloaded():
            return problems.unavailable()
        case web.HTTPException() if error.status >= 400:
            return Problem(error.status, "refused", error.reason)
    return Problem(500, "unexpected", "Something went wrong here. It was logged; nothing you sent is in the log.")


class Service:
    """Serves operations. One for an application."""

    def __init__(self, state: AppState, metrics: Metrics) -> None:
        self._answers = Answers(state.database, state.clock, state.secret_key)
        self._rate = Rate(state.limits.api_rate, state.monotonic)
        self._metrics = metrics

    def handler(self, operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The aiohttp handler of an operation."""

        async def handle(request: web.Request) -> web.StreamResponse:
            status = 499  # whoever asked has gone
            try:
                response = await self._serve(operation, request)
                status = response.status
                return response
            except Exception as error:
                problem = problem_of(error)
                status = problem.status
                if status == 500:
                    log.exception("request failed", operation=operation.name)
                return problems.respond(problem)
            finally:
                self._metrics.request(operation.name, status)

        return handle

    async def _serve(self, operation: Operation, request: web.Request) -> web.StreamResponse:
        state = state_of(request)
        signed = await guard.current_user(request)
        self._rate.check(signed.user.id)
        guard.check_browser(request, signed)
        if operation.permission is not None:
            guard.require(signed, operation.permission)
        arguments = _arguments(operation, request)
        view = await state.directory.get(signed.workspace_id)
        call = Call(state, signed, view, request)
        if operation.raw:
            response: web.StreamResponse = await operation.handler(call, **arguments)
            return response
        if operation.receive is not None:
            async with operation.receive(call, **arguments) as upload:
                return _respond(*await self._do(operation, call, {**arguments, "upload": upload}, upload.digest))
        content = await _read(operation, request, state)
        if operation.has_body:
            arguments["body"] = _body(operation, content, state)
        return _respond(*await self._do(operation, call, arguments, content))

    async def _do(
        self, operation: Operation, call: Call, arguments: dict[str, Any], content: bytes
    ) -> tuple[int, bytes]:
        """What the operation answers; with a key once, however often it is asked."""
        request, signed = call.request, call.signed
        key = request.headers.get(IDEMPOTENCY_KEY) if operation.method == "POST" else None
        if key is None:
            return await _answer(operation, call, arguments)
        asked = (request.method, request.path_qs, canonical(content) if operation.receive is None else content)
        once = self._answers.open(
            signed.workspace_id, signed.user.id, key, asked, operation.status, question=operation.question
        )
        keyed = Call(call.state, signed, call.view, request, once)
        return await self._answers.run(once, lambda: _once(operation, keyed, arguments, once))


async def _once(operation: Operation, call: Call, arguments: dict[str, Any], once: Once) -> tuple[int, bytes]:
    try:
        return await _answer(operation, call, arguments)
    except Replayed as error:  # another node was first, between our look and our command
        return replayed(once, error)


async def _answer(operation: Operation, call: Call, arguments: dict[str, Any]) -> tuple[int, bytes]:
    result = await operation.handler(call, **arguments)
    if isinstance(result, Answer):
        return result.status, _encode(result.body)
    return operation.status, b"" if result is None else _encode(result)


def _respond(status: int, body: bytes) -> web.Response:
    if not body:
        return web.Response(status=status)
    return web.Response(status=status, body=body, headers={"Content-Type": JSON})


def _arguments(operation: Operation, request: web.Request) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for parameter in operation.parameters:
        text = request.match_info[parameter.name]
        if "\0" in text:
            raise problems.not_found()
        arguments[parameter.name] = text if parameter.noun is None else id_in_path(parameter.noun, text)
    if operation.query is not None:
        arguments["query"] = to_type(dict(request.query), operation.query, strict=False)
    elif request.query:
        name = next(iter(request.query))
        raise problems.invalid(name, "This route takes no query parameters.")
    return arguments


async def _read(operation: Operation, request: web.Request, state: AppState) -> bytes:
    if request.method in {"GET", "HEAD"} or not request.body_exists:
        return b""
    if operation.has_body:
        require_json(request)
    return await read_bytes(request, state.limits.json)


def _body(operation: Operation, content: bytes, state: AppState) -> Any:
    if operation.body_optional and not content.strip():
        return None
    assert operation.body is not None
    return to_type(parse_json(content, state.limits), operation.body)
