"""Routes that know their types: what the handler's signature says is what validates a request and what describes it.

    @routes.post("/messages", permission=Permission.REPLY, status=202)
    async def send_message(call: Call, body: NewMessage) -> MessageShape:
        '''Send a message.'''

A parameter named like a placeholder of the path is that placeholder: an `int` is an id of the noun before `_id`, a
`str` is taken as it is. `body` and `query` are msgspec Structs. The answer is a Struct, or None for 204.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar, get_type_hints

import msgspec

from gateway.domain.record import record, replace
from gateway.domain.visibility import Permission

Handler = Callable[..., Awaitable[Any]]
Receive = Callable[..., AbstractAsyncContextManager[Any]]
H = TypeVar("H", bound=Handler)
T = TypeVar("T")

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some of a list; `next` is the cursor of what follows, null at the end."""

    items: Sequence[T]
    next: str | None = None


@record
class Answer(Generic[T]):
    """An answer whose status isn't the route's usual one."""

    status: int
    body: T


@record
class PathParameter:
    """A placeholder of a path; `noun` is set for ids."""

    name: str
    noun: str | None


@record(gc=True)
class Operation:
    """One route, whole. `raw` handlers read the request and make the response themselves (files, streams).

    A `question` is a POST that changes nothing: with a key it is answered anew, and its answer, which may hold what
    contacts were called and wrote, is not kept. `receive` takes in a body of another type, piece by piece: the handler
    has what it yields as `upload`, and its `digest` stands for the body.
    """

    name: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    handler: Handler
    permission: Permission | None
    status: int
    also: tuple[int, ...]
    parameters: tuple[PathParameter, ...]
    query: type[Any] | None
    body: type[Any] | None
    body_optional: bool
    answer: Any
    raw: bool
    consumes: str | None
    produces: str | None
    question: bool = False
    receive: Receive | None = None

    @property
    def has_body(self) -> bool:
        """Whether a body is read."""
        return self.body is not None


class Routes:
    """The operations of one noun. `tag` groups them in the documentation."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.operations: list[Operation] = []

    def get(self, path: str, **more: Any) -> Callable[[H], H]:
        """Reads; changes nothing."""
        return self._route("GET", path, **more)

    def post(self, path: str, **more: Any) -> Callable[[H], H]:
        """Makes something, or a verb; takes an Idempotency-Key."""
        return self._route("POST", path, **more)

    def ask(self, path: str, **more: Any) -> Callable[[H], H]:
        """Asks something that takes a body, and changes nothing."""

        def register(handler: H) -> H:
            self._route("POST", path, **more)(handler)
            self.operations[-1] = replace(self.operations[-1], question=True)
            return handler

        return register

    def upload(self, path: str, receive: Receive, **more: Any) -> Callable[[H], H]:
        """Makes something of a body that is no JSON, which `receive` takes in."""

        def register(handler: H) -> H:
            self._route("POST", path, **more)(handler)
            self.operations[-1] = replace(self.operations[-1], receive=receive)
            return handler

        return register

    def put(self, path: str, **more: Any) -> Callable[[H], H]:
        """Finds or makes."""
        return self._route("PUT", path, **more)

    def patch(self, path: str, **more: Any) -> Callable[[H], H]:
        """Changes the fields that are there."""
        return self._route("PATCH", path, **more)

    def delete(self, path: str, **more: Any) -> Callable[[H], H]:
        """Takes away."""
        return self._route("DELETE", path, **more)

    def _route(
        self,
        method: str,
        path: str,
        *,
        permission: Permission | None = None,
        status: int | None = None,
        also: tuple[int, ...] = (),
        raw: bool = False,
        consumes: str | None = None,
        produces: str | None = None,
    ) -> Callable[[H], H]:
        def register(handler: H) -> H:
            hints = get_type_hints(handler)
            body = hints.get("body")
            optional = body is not None and inspect.signature(handler).parameters["body"].default is None
            summary, _, description = (inspect.getdoc(handler) or "").partition("\n")
            answer = hints.get("return")
            self.operations.append(
                Operation(
                    name=handler.__name__,
                    method=method,
                    path=path,
                    tag=self.tag,
                    summary=summary.rstrip("."),
                    description=" ".join(description.split()),
                    handler=handler,
                    permission=permission,
                    status=status or (204 if answer is type(None) and not raw else 200),
                    also=also,
                    parameters=tuple(_parameter(name, hints) for name in _PLACEHOLDER.findall(path)),
                    query=hints.get("query"),
                    body=_without_none(body) if optional else body,
                    body_optional=optional,
                    answer=_without_answer(answer),
                    raw=raw,
                    consumes=consumes,
                    produces=produces,
                )
            )
            return handler

        return register


def _parameter(name: str, hints: dict[str, Any]) -> PathParameter:
    if name not in hints:
        raise TypeError(f"no parameter takes {{{name}}}")
    return PathParameter(name, name.removesuffix("_id") if hints[name] is int else None)


def _without_none(hint: Any) -> Any:
    return next(part for part in hint.__args__ if part is not type(None))


def _without_answer(hint: Any) -> Any:
    return hint.__args__[0] if getattr(hint, "__origin__", None) is Answer else hint
