"""Endpoints on loopback that webhooks are delivered to, with a dial for every way of being a bad one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

HUGE = 64 * 1024 * 1024
PATIENCE_S = 60.0


@dataclass
class Delivered:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """The body, if the official library believes the signature; its exception otherwise."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """What came in, and how each path answers: statuses or words in turn, the last one for ever.

    `hang` reads and says nothing, `drip` answers letter by letter for ever, `huge` answers with 64 MiB, `echo` refuses
    with what it got, `away` redirects to elsewhere on this machine, `later` asks to come back in a minute.
    """

    port: int
    answers: dict[str, list[int | str]] = field(default_factory=dict)
    got: list[Delivered] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)
    sent: int = 0

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def at(self, path: str) -> list[Delivered]:
        return [one for one in self.got if one.path == path]

    def wait(self, count: int, path: str = "/hook", seconds: float = PATIENCE_S) -> list[Delivered]:
        """At least so many at a path."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.at(path)) >= count, seconds), (
                f"{len(self.at(path))} of {count} came to {path}"
            )
            return self.at(path)

    def next_answer(self, path: str) -> int | str:
        answers = self.answers.get(path, [200])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _hang(_: Any, receiver: Receiver, __: bytes) -> None:
    receiver.over.wait(PATIENCE_S)


def _drip(handler: Any, receiver: Receiver, _: bytes) -> None:
    handler.head(200, 10_000)
    while not receiver.over.wait(0.02):
        handler.wfile.write(b".")


def _huge(handler: Any, receiver: Receiver, _: bytes) -> None:
    handler.head(200, HUGE)
    while receiver.sent < HUGE:
        receiver.sent += handler.wfile.write(b"x" * 65_536)


def _echo(handler: Any, _: Receiver, body: bytes) -> None:
    handler.head(500, len(body))
    handler.wfile.write(body)


def _away(handler: Any, receiver: Receiver, _: bytes) -> None:
    handler.head(302, 0, Location=receiver.url("/elsewhere"))


def _later(handler: Any, _: Receiver, __: bytes) -> None:
    handler.head(503, 0, **{"Retry-After": "60"})


_WAYS = {"hang": _hang, "drip": _drip, "huge": _huge, "echo": _echo, "away": _away, "later": _later}


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receives until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.came:
                receiver.got.append(Delivered(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                answer = receiver.next_answer(self.path)
                receiver.came.notify_all()
            try:
                self.say(answer, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def say(self, answer: int | str, body: bytes) -> None:
            way = _WAYS.get(str(answer))
            if way is not None:
                way(self, receiver, body)
                return
            text = b"" if answer == 204 else f"status {answer}".encode()
            self.head(int(answer), len(text))
            self.wfile.write(text)

        def head(self, status: int, length: int, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(length), **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
