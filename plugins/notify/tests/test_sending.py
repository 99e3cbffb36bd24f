"""Telling a real endpoint on loopback through Apprise; what may not be reached is not, by whatever name or redirect."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from gateway.sdk.errors import NoticeFailed
from gateway.sdk.events import PluginContext
from gateway_notify import sending
from gateway_notify.plugin import register_notifiers


@dataclass
class Endpoint:
    """What came, and how it is answered: a status, a place to go on to, or `hang`."""

    port: int
    answer: int | str = 200
    got: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def target(self, host: str = "127.0.0.1") -> str:
        return f"json://me:hush-hush@{host}:{self.port}/hook"


@contextmanager
def listening() -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.got.append(self.rfile.read(int(self.headers["Content-Length"])))
            if found.answer == "hang":
                found.over.wait(30)
                return
            away = isinstance(found.answer, str)
            self.send_response(307 if away else int(found.answer))
            if away:
                self.send_header("Location", str(found.answer))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Endpoint(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with listening() as found:
        yield found


def context(may_reach: Callable[[str, int], bool]) -> PluginContext:
    async def execute(*_: Any, **__: Any) -> None:
        raise AssertionError("a notice changes nothing")

    nothing: Any = None
    return PluginContext("notify", lambda: 0, nothing, nothing, execute, may_reach=may_reach)


def only(*ports: int) -> Callable[[str, int], bool]:
    return lambda address, port: address == "127.0.0.1" and port in ports


async def test_it_is_told(endpoint: Endpoint) -> None:
    (notifier,) = register_notifiers()
    await notifier.send(context(only(endpoint.port)), endpoint.target(), "Maya wrote. https://desk.example/…")
    (body,) = endpoint.got
    assert b'"message": "Maya wrote. https://desk.example/' in body


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
async def test_what_may_not_be_reached_is_not(endpoint: Endpoint, host: str) -> None:
    with pytest.raises(NoticeFailed) as failed:
        await sending.send(context(lambda *_: False), endpoint.target(host), "Maya wrote.")
    assert endpoint.got == []
    assert "hush-hush" not in str(failed.value)


async def test_a_redirect_leads_nowhere_else(endpoint: Endpoint) -> None:
    with listening() as inside:
        endpoint.answer = f"http://127.0.0.1:{inside.port}/secret"
        with pytest.raises(NoticeFailed):
            await sending.send(context(only(endpoint.port)), endpoint.target(), "Maya wrote.")
        assert inside.got == []
    assert len(endpoint.got) == 1


@pytest.mark.parametrize("target", ["syslog://", "json://", "tgram://x"])
async def test_no_target_is_said_to_be_none(target: str) -> None:
    with pytest.raises(NoticeFailed):
        await sending.send(context(lambda *_: False), target, "Hello")


async def test_a_refusal_is_a_failure(endpoint: Endpoint) -> None:
    endpoint.answer = 500
    with pytest.raises(NoticeFailed, match="did not take it"):
        await sending.send(context(only(endpoint.port)), endpoint.target(), "Hello")


async def test_one_that_hangs_is_ended_with_its_process(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "DEADLINE_S", 3.0)
    endpoint.answer = "hang"
    started = time.monotonic()
    with pytest.raises(NoticeFailed, match="did not answer within 3 seconds"):
        await sending.send(context(only(endpoint.port)), endpoint.target(), "Hello")
    assert time.monotonic() - started < 60
    assert not [one for one in asyncio.all_tasks() if "child" in one.get_name()]
