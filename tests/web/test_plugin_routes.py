"""Routes of plugins: who is asked, what they are handed, and what comes of a bad one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gateway.host.plugin_web import PluginWeb
from gateway.sdk.registration import Route
from gateway.sdk.webhook import WebhookRequest, WebhookResponse
from tests.host.parts import make_plugin
from tests.web.client import Client
from tests.web.conftest import Serve
from tests.web.plugged import plug_in

KIB = 1024
Handle = Callable[[WebhookRequest], Awaitable[WebhookResponse]]


async def echo(request: WebhookRequest) -> WebhookResponse:
    told = (request.method, request.action, request.query.get("day"), len(request.body), "cookie" in request.headers)
    return WebhookResponse(201, repr((*told, request.url)).encode(), "text/plain", {"X-Shop": "open"})


def answers(response: object) -> Handle:
    async def handle(request: WebhookRequest) -> WebhookResponse:
        return response  # type: ignore[return-value]

    return handle


async def fail(request: WebhookRequest) -> WebhookResponse:
    raise RuntimeError("the secret of the shop")


async def hang(request: WebhookRequest) -> WebhookResponse:
    await asyncio.Event().wait()
    raise AssertionError


FAULTS: dict[str, Handle] = {
    "raised": fail,
    "overdue": hang,
    "none": answers(None),
    "status": answers(WebhookResponse(1000)),
    "header": answers(WebhookResponse(headers={"X-Shop": "open\r\nSet-Cookie: a=b"})),
    "body": answers(WebhookResponse(body="text")),  # type: ignore[arg-type]
}


@pytest.fixture
async def anybody(serve_here: Serve, monkeypatch: pytest.MonkeyPatch) -> Client:
    def register_routes() -> list[Route]:
        bad = [Route("GET", f"bad/{name}", handle) for name, handle in FAULTS.items()]
        return [Route("get", "/hours", echo), Route("POST", "hours", echo), Route("PUT", "a/b", echo), *bad]

    monkeypatch.setattr(PluginWeb.__init__, "__kwdefaults__", {"deadline_s": 1.0})
    plug_in(monkeypatch, make_plugin("shop", register_routes))
    return (await serve_here()).nobody()


@pytest.mark.parametrize(("method", "path"), [("GET", "hours"), ("POST", "hours"), ("PUT", "a/b")])
async def test_a_route_is_a_function_of_a_plain_request(anybody: Client, method: str, path: str) -> None:
    reply = await anybody.ask(method, f"/api/../x/shop/{path}?day=1", headers={"Cookie": "a=b"})
    url = f"{anybody.url}/x/shop/{path}?day=1"
    assert (reply.status, reply.text) == (201, repr((method, path, "1", 0, False, url)))
    assert reply.headers["X-Shop"] == "open"
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("HEAD", "shop/hours", 201, None),
        ("DELETE", "shop/hours", 405, "GET, HEAD, POST"),
        ("GET", "shop/a/b", 405, "PUT"),
        ("GET", "shop/nothing", 404, None),
        ("GET", "bank/hours", 404, None),
    ],
)
async def test_what_is_not_there(anybody: Client, method: str, path: str, status: int, allow: str | None) -> None:
    reply = await anybody.ask(method, f"/api/../x/{path}")
    assert (reply.status, reply.headers.get("Allow")) == (status, allow)


@pytest.mark.parametrize(("size", "status"), [(256 * KIB, 201), (256 * KIB + 1, 413)])
async def test_a_body_has_256_kib(anybody: Client, size: int, status: int) -> None:
    assert (await anybody.post("/api/../x/shop/hours", data=b"x" * size)).status == status


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_a_problem_that_names_nothing(anybody: Client, name: str) -> None:
    reply = await anybody.get(f"/api/../x/shop/bad/{name}")
    assert (reply.status, reply["type"]) == (500, "urn:onethread:problems/unexpected")
    for hidden in ("shop", "secret", "RuntimeError"):
        assert hidden not in reply.text


async def test_one_that_fails_again_and_again_rests(anybody: Client) -> None:
    replies = [await anybody.get("/api/../x/shop/bad/raised") for _ in range(11)]
    assert [reply.status for reply in replies] == [500] * 10 + [503]
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 60
    assert 'onethread_plugin_disabled{plugin="shop"} 1.0' in (await anybody.get("/-/metrics")).text
