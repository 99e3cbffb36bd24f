"""The door of the listening socket says and does what aiohttp would: every request here goes to both."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.sdk.webhook import WebhookRequest, WebhookResponse
from gateway.web import providers
from gateway.web.state import Limits, Site
from gateway.web.webhook_door import LONGEST_HEAD, WebhookDoor, plain
from tests.host.parts import until
from tests.support.ports import find_free_port

LIMITS = Limits(webhook=100)
LOOPBACK = "127.0.0.1"
HOST = b"Host: shop.example\r\n"
START = b"POST /c/tok/inbound HTTP/1.1\r\n" + HOST


def post(path: bytes = b"/c/tok/inbound", body: bytes = b"{}", more: bytes = b"", host: bytes = HOST) -> bytes:
    """A request as a provider sends it."""
    return b"POST %s HTTP/1.1\r\n%sContent-Length: %d\r\n%s\r\n%s" % (path, host, len(body), more, body)


class Sides:
    """The same application twice: behind the door, and without it. `seen` is what the handler was given."""

    def __init__(self, fixed: bool = True) -> None:
        self.seen: list[tuple[str, WebhookRequest]] = []
        self.through: list[str] = []
        self.hold: asyncio.Event | None = None
        self.asked = asyncio.Event()
        self.site = Site("https://shop.example", LOOPBACK, fixed)
        self.ports = (0, 0)
        self.door: WebhookDoor | None = None

    async def answer(self, token: str, request: WebhookRequest) -> WebhookResponse:
        self.seen.append((token, request))
        self.asked.set()
        if self.hold is not None:
            await self.hold.wait()
        if token == "broken":
            return WebhookResponse(200, b"", headers={"X-Odd": "a\r\nb: c"})
        if token == "busy":
            return WebhookResponse(503, headers={"Retry-After": "5"})
        return WebhookResponse(200, b"<Response/>" + request.body, "text/xml")

    async def ask(self, port: int, *pieces: bytes, answers: int = 1) -> list[tuple[int, dict[str, str], bytes]]:
        """Sends the pieces one after the other and reads that many answers; fewer when the connection ends."""
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            found: list[tuple[int, dict[str, str], bytes]] = []
            while len(found) < answers and (one := await _answer(reader)) is not None:
                found.append(one)
            return found
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes] | None:
    try:
        async with asyncio.timeout(60):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            headers.pop("date", None)
            body = await reader.readexactly(int(headers.get("content-length", "0")))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return int(head[0].split(" ")[1]), headers, body


@asynccontextmanager
async def both(sides: Sides) -> AsyncIterator[Sides]:
    """Serves until the block ends."""
    app = web.Application()
    app.on_response_prepare.append(_without_server)
    app.router.add_route("*", "/c/{token}/{action}", providers.handler(_noting(sides), sides.site, LIMITS))
    app.router.add_get("/hello", _hello)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    assert runner.server is not None
    sides.ports = find_free_port(), find_free_port()
    sides.door = WebhookDoor(runner.server, sides.answer, sides.site, LIMITS.webhook)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(sides.door, LOOPBACK, sides.ports[0])
    bare = await loop.create_server(runner.server, LOOPBACK, sides.ports[1])
    try:
        yield sides
    finally:
        listening.close()
        bare.close()
        await sides.door.stop()
        await runner.cleanup()


def _noting(sides: Sides) -> Callable[[str, WebhookRequest], Awaitable[WebhookResponse]]:
    async def answer(token: str, request: WebhookRequest) -> WebhookResponse:
        sides.through.append(token)
        return await sides.answer(token, request)

    return answer


async def _without_server(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall("Server", None)


async def _hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


PLAIN = [
    pytest.param(post(), id="a webhook"),
    pytest.param(post(b"/c/tok/status?attempt=a%20b&empty="), id="with a query"),
    pytest.param(post(more=b"X-Sign: \xc3\xa9\r\nx-RAW: \xff\r\n"), id="header names and octets"),
    pytest.param(post(body=b"x" * 100), id="at the limit"),
    pytest.param(post(body=b""), id="without a body"),
    pytest.param(post(b"/c/busy/inbound"), id="answered with a header"),
    pytest.param(post(host=b"Host: [\r\n"), id="a host that is none"),
]
BEYOND = [
    pytest.param(post(body=b"x" * 101), id="over the limit"),
    pytest.param(post(b"/c/t%6fk/inbound"), id="a path to be decoded"),
    pytest.param(post(b"/c/tok/inbound/more"), id="a longer path"),
    pytest.param(post(b"/c/tok"), id="a shorter path"),
    pytest.param(post(b"/c//inbound"), id="no token"),
    pytest.param(post(b"/c/tok/.."), id="a step up"),
    pytest.param(post(b"/c/tok/inbound", more=b"Connection: close\r\n"), id="the last one"),
    pytest.param(post(host=b""), id="no host"),
    pytest.param(post(host=HOST + HOST), id="two hosts"),
    pytest.param(post(more=b"X-Sign: 1\r\nX-Sign: 2\r\n"), id="a header twice"),
    pytest.param(b"GET /hello HTTP/1.1\r\n" + HOST + b"\r\n", id="a page"),
    pytest.param(b"GET /c/tok/outbox HTTP/1.1\r\n" + HOST + b"\r\n", id="another method"),
    pytest.param(b"POST /c/tok/inbound HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", id="HTTP 1.0"),
    pytest.param(
        START + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", id="chunked"
    ),
    pytest.param(
        START + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", id="two lengths"
    ),
    pytest.param(
        START + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        id="a length, and chunks",
    ),
    pytest.param(START + b"Content-Length: +2\r\n\r\n{}", id="a signed length"),
    pytest.param(b"POST /c/tok/inbound HTTP/1.1\r\nHost : x\r\nContent-Length: 2\r\n\r\n{}", id="a blank in a name"),
    pytest.param(b"POST /c/tok/inbound HTTP/1.1\r\nX" + b"y" * LONGEST_HEAD + b"\r\n\r\n", id="a head too long"),
    pytest.param(b"POST /c/\x00 nonsense\r\n\r\n", id="nonsense"),
]  # fmt: skip


@pytest.mark.parametrize("request_", PLAIN)
@pytest.mark.parametrize("fixed", [True, False], ids=["public URL", "no public URL"])
async def test_a_plain_webhook_never_reaches_aiohttp(request_: bytes, fixed: bool) -> None:
    async with both(Sides(fixed)) as sides:
        [here] = await sides.ask(sides.ports[0], request_)
        assert sides.through == []
        [there] = await sides.ask(sides.ports[1], request_)
        assert len(sides.through) == 1
        assert here == there
        given_here, given_there = sides.seen
        assert given_here == given_there


async def test_what_a_plugin_does_to_its_headers_is_not_done_to_the_next_one() -> None:
    async with both(Sides()) as sides:
        await sides.ask(sides.ports[0], post() + post(), answers=2)
        assert sides.seen[0][1].headers is not sides.seen[1][1].headers


@pytest.mark.parametrize("request_", BEYOND)
async def test_everything_else_is_aiohttps(request_: bytes) -> None:
    async with both(Sides()) as sides:
        here = await sides.ask(sides.ports[0], request_)
        there = await sides.ask(sides.ports[1], request_)
        assert [(status, body) for status, _, body in here] == [(status, body) for status, _, body in there]
        assert len(sides.seen) == len(sides.through)


async def test_a_connection_goes_on_and_changes_its_side_once() -> None:
    async with both(Sides()) as sides:
        page = b"GET /hello HTTP/1.1\r\n" + HOST + b"\r\n"
        together = post(body=b"1") + post(body=b"2") + page + post(body=b"3")
        found = await sides.ask(sides.ports[0], together, answers=4)
        assert [body for _, _, body in found] == [b"<Response/>1", b"<Response/>2", b"hello", b"<Response/>3"]
        assert sides.through == ["tok"]


@given(st.lists(st.integers(1, 400), max_size=12).map(sorted))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_wherever_a_stream_is_cut(cuts: list[int]) -> None:
    stream = b"".join(post(body=b"n%d" % number, more=b"X-Pad: " + b"p" * number + b"\r\n") for number in range(4))
    pieces = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    async with both(Sides()) as sides:
        found = await sides.ask(sides.ports[0], *pieces, answers=4)
        assert [body for _, _, body in found] == [b"<Response/>n%d" % number for number in range(4)]
        assert sides.through == []


async def test_no_octet_makes_the_door_read_what_aiohttp_would_not() -> None:
    """Each octet put in at each place of a head, and put in the place of each of it."""
    sound = post(more=b"X-Pad: pad\r\n", body=b"").replace(b"Length: 0", b"Length: 2")
    for place in range(len(sound)):
        for octet in range(256):
            for rest in (sound[place:], sound[place + 1 :]):
                head = (sound[:place] + bytes([octet]) + rest).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                asked = plain.__wrapped__(head, LIMITS.webhook) if head.startswith(b"POST /c/") else None
                if asked is not None:
                    assert (asked.target, asked.headers) == _as_aiohttp_reads(head), head


def _as_aiohttp_reads(head: bytes) -> tuple[str, dict[str, str]]:
    loop = asyncio.get_running_loop()
    messages, _, tail = HttpRequestParser(BaseProtocol(loop), loop, 2**16).feed_data(head)
    [(message, _)] = messages
    assert (message.method, message.upgrade, message.chunked, tail) == ("POST", False, False, b"")
    return message.path, {name.lower(): value for name, value in message.headers.items()}


async def test_an_answer_that_would_be_two_is_none() -> None:
    async with both(Sides()) as sides:
        [(status, _, body)] = await sides.ask(sides.ports[0], post(b"/c/broken/inbound"))
        assert (status, body) == (500, b"")


async def test_stopping_answers_what_is_under_way_and_closes_the_rest() -> None:
    sides = Sides()
    sides.hold = asyncio.Event()
    async with both(sides):
        assert sides.door is not None
        idle_reader, idle = await asyncio.open_connection(LOOPBACK, sides.ports[0])
        asked = asyncio.create_task(sides.ask(sides.ports[0], post(body=b"1")))
        await sides.asked.wait()
        stopping = asyncio.create_task(sides.door.stop())
        assert await idle_reader.read() == b""
        idle.close()
        assert not stopping.done()
        sides.hold.set()
        [(status, _, body)] = await asked
        assert (status, body) == (200, b"<Response/>1")
        await stopping
        assert sides.door.connections == 0


async def test_who_leaves_early_is_stored_all_the_same() -> None:
    sides = Sides()
    sides.hold = asyncio.Event()
    async with both(sides):
        _, writer = await asyncio.open_connection(LOOPBACK, sides.ports[0])
        writer.write(post(body=b"1"))
        await sides.asked.wait()
        writer.transport.abort()
        assert sides.door is not None
        await until(lambda: sides.door is not None and sides.door.connections == 0)
        sides.hold.set()
        [(status, _, _)] = await sides.ask(sides.ports[0], post(body=b"2"))
        assert status == 200


async def test_a_flood_behind_a_request_is_not_read() -> None:
    sides = Sides()
    sides.hold = asyncio.Event()
    async with both(sides):
        _, writer = await asyncio.open_connection(LOOPBACK, sides.ports[0])
        writer.write(post() + b"x" * 32 * 1024 * 1024)
        await sides.asked.wait()
        for _ in range(200):
            await asyncio.sleep(0)
        assert writer.transport.get_write_buffer_size() > 16 * 1024 * 1024
        writer.transport.abort()
        sides.hold.set()


async def test_a_request_that_begins_on_an_old_connection_has_its_time() -> None:
    async with both(Sides()) as sides:
        assert sides.door is not None
        reader, writer = await asyncio.open_connection(LOOPBACK, sides.ports[0])
        writer.write(post(body=b"1"))
        assert (await _answer(reader) or (0,))[0] == 200
        idle_since = asyncio.get_running_loop().time()
        whole = post(body=b"22")
        writer.write(whole[:-1])
        (here,) = sides.door._open
        await until(lambda: here._raw == whole[:-1])
        here.close_if_idle(idle_since)
        writer.write(whole[-1:])
        assert (await _answer(reader) or (0,))[0] == 200
        here.close_if_idle(asyncio.get_running_loop().time() + 1)
        assert await reader.read() == b""
        writer.close()
