"""The HTTP client against real servers on loopback, let through by the operator or not."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from gateway.host.http import GatewayHttp
from gateway.host.http_sessions import HttpSessions
from gateway.host.reachable import Reachable
from gateway.host.trace import GatewayTrace
from gateway.sdk.errors import SendError, SendErrorKind

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Server:
    """One handler for every path; `got` is what arrived."""

    port: int
    got: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[Server]:
    async def handle(request: web.Request) -> web.StreamResponse:
        server.got.append((request.method, request.path, dict(request.headers), await request.read()))
        return await handler(request)

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = Server(runner.addresses[0][1])
    yield server
    await runner.cleanup()


@asynccontextmanager
async def client(*allowed: str, timeout_s: float = 5.0) -> AsyncIterator[tuple[GatewayHttp, GatewayTrace]]:
    trace = GatewayTrace(lambda: 0, ["hush-hush"])
    sessions = HttpSessions(Reachable(allowed), timeout_s=timeout_s)
    yield GatewayHttp(sessions, trace, lambda: 0.0), trace
    await sessions.close()


async def ok(request: web.Request) -> web.Response:
    return web.Response(text="fine", headers={"X-Answer": "yes"})


async def test_an_exchange_and_its_line_in_the_log() -> None:
    async with serving(ok) as server, client("127.0.0.1") as (http, trace):
        answer = await http.request(
            "post", server.url("/Accounts/hush-hush/4155550148123?key=hush-hush"), body=b"hi", auth=("me", "hush-hush")
        )
        assert (answer.status, answer.body, answer.headers["x-answer"]) == (200, b"fine", "yes")
        method, _, headers, body = server.got[0]
        assert (method, body) == ("POST", b"hi")
        assert headers["Authorization"].startswith("Basic ")
        (line,) = trace.lines
        assert line.summary == f"POST http://127.0.0.1:{server.port}/Accounts/[secret]/415…23 200 in 0 ms"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://0:{port}/",
        "http://169.254.169.254/latest/meta-data",
    ],
)
async def test_nothing_private_is_reached_however_it_is_written(url: str) -> None:
    async with serving(ok) as server, client() as (http, _):
        with pytest.raises(SendError) as caught:
            await http.request("GET", url.format(port=server.port))
        assert caught.value.kind is SendErrorKind.UNAVAILABLE
        assert server.got == []


async def test_a_redirect_inwards_is_not_followed() -> None:
    async with serving(ok) as inner:

        async def redirect(request: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": inner.url("/secret")})

        async with serving(redirect) as outer, client(f"127.0.0.1:{outer.port}") as (http, _):
            with pytest.raises(SendError, match="not a public address"):
                await http.request("GET", outer.url(), redirects=3)
            assert inner.got == []


async def test_credentials_stay_with_their_host() -> None:
    async with serving(ok) as other:

        async def redirect(request: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": other.url("/there")})

        async with serving(redirect) as first, client("127.0.0.1") as (http, _):
            answer = await http.request(
                "GET", first.url(), auth=("me", "hush"), headers={"X-Key": "hush", "Accept": "image/*"}, redirects=1
            )
            assert answer.body == b"fine"
            _, path, headers, _ = other.got[0]
            assert path == "/there"
            assert headers["Accept"] == "image/*"
            assert not {"Authorization", "X-Key"} & set(headers)


async def test_a_body_does_not_follow_to_another_host() -> None:
    async with serving(ok) as other:

        async def redirect(request: web.Request) -> web.Response:
            return web.Response(status=307, headers={"Location": other.url("/there")})

        async with serving(redirect) as first, client("127.0.0.1") as (http, _):
            with pytest.raises(SendError, match="redirects what we send"):
                await http.request("POST", first.url(), body=b"words", redirects=1)
            assert other.got == []


async def test_a_redirect_is_the_answer_unless_asked_otherwise() -> None:
    async def redirect(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/again"})

    async with serving(redirect) as server, client("127.0.0.1") as (http, _):
        assert (await http.request("GET", server.url())).status == 302
        with pytest.raises(SendError, match="more than 2 times"):
            await http.request("GET", server.url(), redirects=2)
        assert len(server.got) == 4


async def test_an_answer_without_end_is_cut_off() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        except (ConnectionError, asyncio.CancelledError):
            return response

    async with serving(endless) as server, client("127.0.0.1") as (http, _):
        with pytest.raises(SendError, match="larger than 100000 bytes"):
            await http.request("GET", server.url(), limit=100_000)


async def test_a_refused_connection_left_nothing(free_port: int) -> None:
    async with client("127.0.0.1") as (http, _):
        with pytest.raises(SendError) as caught:
            await http.request("POST", f"http://127.0.0.1:{free_port}/", body=b"words")
        assert caught.value.kind is SendErrorKind.UNAVAILABLE


async def test_an_unknown_host_left_nothing() -> None:
    async with client() as (http, _):
        with pytest.raises(SendError) as caught:
            await http.request("POST", "http://nowhere.invalid/", body=b"words")
        assert caught.value.kind is SendErrorKind.UNAVAILABLE


async def test_a_certificate_that_cannot_be_trusted_left_nothing() -> None:
    async with serving(ok) as server, client("127.0.0.1") as (http, _):
        with pytest.raises(SendError) as caught:
            await http.request("POST", server.url().replace("http:", "https:"), body=b"words")
        assert caught.value.kind is SendErrorKind.UNAVAILABLE
        assert server.got == []


async def test_silence_after_bytes_left_is_uncertain() -> None:
    async def silent(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    async with serving(silent) as server, client("127.0.0.1", timeout_s=1.0) as (http, _):
        with pytest.raises(SendError) as caught:
            await http.request("POST", server.url(), body=b"words")
        assert caught.value.kind is SendErrorKind.UNCERTAIN
        assert "in time" in caught.value.sentence


async def test_what_was_given_up_stands_in_the_log() -> None:
    reached = asyncio.Event()

    async def silent(request: web.Request) -> web.Response:
        reached.set()
        await asyncio.Event().wait()
        return web.Response()

    async with serving(silent) as server, client("127.0.0.1") as (http, trace):
        asked = asyncio.create_task(http.request("POST", server.url("/sms"), body=b"words"))
        await reached.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        (line,) = trace.lines
        assert line.summary == f"POST http://127.0.0.1:{server.port}/sms: given up without an answer after 0 ms"


async def test_a_reset_after_bytes_left_is_uncertain() -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with client("127.0.0.1") as (http, _):
        with pytest.raises(SendError) as caught:
            await http.request("POST", f"http://127.0.0.1:{port}/", body=b"words")
        assert caught.value.kind is SendErrorKind.UNCERTAIN
    server.close()
    await server.wait_closed()


async def test_no_connection_in_time_left_nothing() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        crowd = [socket.socket() for _ in range(3)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        async with client("127.0.0.1", timeout_s=1.0) as (http, _):
            with pytest.raises(SendError) as caught:
                await http.request("POST", f"http://127.0.0.1:{port}/", body=b"words")
            assert caught.value.kind is SendErrorKind.UNAVAILABLE
        for one in crowd:
            one.close()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/", "//a.example/", "", "http://", "http://u:p@a.example/"]
)
async def test_only_http_without_user_names(url: str) -> None:
    async with client() as (http, _):
        with pytest.raises(SendError) as caught:
            await http.request("GET", url)
        assert caught.value.kind is SendErrorKind.UNAVAILABLE
