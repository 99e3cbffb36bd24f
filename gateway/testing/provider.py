"""A provider on a free loopback port, over real HTTP, with dials for its faults."""

import asyncio
import json
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

from gateway.sdk import WebhookRequest
from gateway.sdk.faults import Dials, Fault, arrange, draw_fate, draw_fault
from gateway.testing.log import Log

LOOPBACK = "127.0.0.1"
_CLOSING_S = 0.1


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider answers."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(document, ensure_ascii=False).encode(), headers=headers or {})


@dataclass(frozen=True, slots=True)
class Heard:
    """One request the provider got. Header names are lower case; `query` and `form` hold lists, as both may repeat."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, parsed. Raises ValueError."""
        return json.loads(self.body)

    def form(self) -> Mapping[str, Sequence[str]]:
        """The body as a form. Raises ValueError."""
        return parse_qs(self.body.decode(), keep_blank_values=True, strict_parsing=bool(self.body))

    def texts(self) -> list[str]:
        """Every piece of text in it, wherever it stands: in the query, a form or JSON."""
        found = [value for values in self.query.values() for value in values]
        kind = self.headers.get("content-type", "").partition(";")[0]
        if kind == "application/x-www-form-urlencoded":
            return found + [value for values in self.form().values() for value in values]
        try:
            return found + list(_leaves(self.json()))
        except ValueError:
            return [*found, self.body.decode("utf-8", "replace")]


class FakeProvider:
    """Answers what a test says: `script`ed answers first, then what `accepted` gives.

    Subclass it to make it answer as one provider does: `accepted`, `throttled` and `failed` are the words it has for
    success, for too many requests, and for a fault of its own. Everything asked is in `heard`; `prepared` has what will
    be answered, also while it is held back.
    """

    def __init__(
        self,
        accepted: Callable[[Heard], Answer] | None = None,
        *,
        chance: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.heard: Log[Heard] = Log()
        self.prepared: Log[Answer] = Log()
        self._accepted = accepted
        self._chance = chance or random.Random(1).random  # noqa: S311  the same faults in every run
        self._sleep = sleep
        self._dials = Dials()
        self._script: deque[Answer] = deque()
        self._open = AsyncExitStack()
        self._site: web.TCPSite | None = None
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._going = asyncio.Event()
        self._ended = asyncio.Event()
        self._going.set()

    # --- what a provider says; override to speak as yours does ------------------------------------------------------

    def accepted(self, heard: Heard) -> Answer:
        """What it answers when all is well: an id nobody else got."""
        return self._accepted(heard) if self._accepted else json_answer({"id": f"provider-{len(self.heard)}"}, 201)

    def throttled(self, heard: Heard) -> Answer:
        """What it answers who asks too often."""
        return json_answer({"error": "too many requests"}, 429, {"Retry-After": "1"})

    def failed(self, heard: Heard) -> Answer:
        """What it answers when something broke on its side."""
        return json_answer({"error": "internal error"}, 500)

    # --- its life ---------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{LOOPBACK}:{self._port}"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Listens, on a port that was free."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSING_S)
        await self._runner.setup()
        self._open.push_async_callback(self._runner.cleanup)
        self._session = await self._open.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        )
        await self._listen()

    async def close(self) -> None:
        """Lets go of whoever still waits for an answer."""
        self._ended.set()
        self._going.set()
        await self._open.aclose()

    # --- what a test turns ------------------------------------------------------------------------------------------

    def script(self, *answers: Answer) -> None:
        """The next answers, in this order."""
        self._script.extend(answers)

    async def turn(self, dials: Dials) -> None:
        """From now on its network behaves so. Any share of `refuse` closes the port; 0 opens the same one again."""
        self._dials = dials
        if dials.refuse and self._site is not None:
            site, self._site = self._site, None
            await site.stop()
            self._hang_up()
        elif not dials.refuse and self._site is None:
            await self._listen()

    def hold(self) -> None:
        """Answers wait, while requests are heard, until `release`."""
        self._going.clear()

    def release(self) -> None:
        """Answers go out."""
        self._going.set()

    def texts(self) -> list[str]:
        """Every piece of text it was ever told."""
        return [text for heard in self.heard for text in heard.texts()]

    # --- what it tells us -------------------------------------------------------------------------------------------

    async def post(self, *requests: WebhookRequest) -> list[int]:
        """Calls webhooks over HTTP, in order, as its dials say; the status of each call that was made."""
        told = arrange(([request], draw_fate(self._dials, self._chance)) for request in requests)
        return [await self._post(request) for request in told]

    async def _post(self, request: WebhookRequest) -> int:
        await self._sleep(self._dials.delay)
        async with self._session.request(
            request.method, request.url, data=request.body, headers=request.headers, allow_redirects=False
        ) as answer:
            return answer.status

    # --- what it is asked -------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        assert self._runner is not None, "open() comes first"
        self._site = web.TCPSite(self._runner, LOOPBACK, self._port)
        await self._site.start()
        self._port = self._runner.addresses[0][1]

    def _hang_up(self) -> None:
        """Closes connections that were kept for the next request: who is refused must dial first."""
        assert self._runner is not None
        assert self._runner.server is not None
        for connection in self._runner.server.connections:
            connection.force_close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        heard = Heard(
            request.method,
            request.path,
            {name: request.query.getall(name) for name in request.query},
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        fault = draw_fault(self._dials, self._chance)
        answer = self._answer(heard, fault)
        self.prepared.add(answer)
        self.heard.add(heard)
        await self._going.wait()
        await self._sleep(self._dials.delay)
        if fault is Fault.HANG:
            await self._ended.wait()
        if fault in (Fault.HANG, Fault.RESET):
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return await self._say(request, answer)

    def _answer(self, heard: Heard, fault: Fault | None) -> Answer:
        match fault:
            case Fault.THROTTLE:
                return self.throttled(heard)
            case Fault.FAIL:
                return self.failed(heard)
            case Fault.RUBBISH:
                return Answer(200, b"<html>\xff\xfe 500 Internal Serv", "text/html")
            case _:
                return self._script.popleft() if self._script else self.accepted(heard)

    async def _say(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        headers = {**answer.headers, "Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        response = web.StreamResponse(status=answer.status, headers=headers)
        await response.prepare(request)
        step = 1 if draw_fate(self._dials, self._chance).splits else max(1, len(answer.body))
        for place in range(0, len(answer.body), step):
            await response.write(answer.body[place : place + step])
        await response.write_eof()
        return response


def _leaves(document: Any) -> list[str]:
    match document:
        case str():
            return [document]
        case Mapping():
            return [text for value in document.values() for text in _leaves(value)]
        case list():
            return [text for value in document for text in _leaves(value)]
        case _:
            return []
