"""The door of the listening socket: plain webhooks are read and answered here, everything else goes on to aiohttp.

A message costs a provider's route less than aiohttp's request, router and response do (docs/decisions/0015). So a
connection begins here. What is surely a plain `POST /c/{token}/{action}` has its head read by llhttp (httptools) and
its body cut by Content-Length. Anything else, were it only an odd header, takes the connection to aiohttp for good,
with every octet of the request that was read: the same handlers are there too, and every refusal is made there.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import cast

import httptools
import structlog
from yarl import URL

from gateway.domain.record import record
from gateway.sdk.webhook import WebhookRequest, WebhookResponse
from gateway.web.providers import Answer, origin_of
from gateway.web.state import Site

LONGEST_HEAD = 8 * 1024
"""Bytes; of a longer one aiohttp says which part of it is too long."""
HEADS_KEPT = 256
IDLE_S = 75.0
SWEEP_S = 15.0
PATIENCE_S = 10.0  # that requests under way may take when the server stops, as with aiohttp's own

_PREFIX = b"POST /c/"
_END = b"\r\n\r\n"
_NOT_PLAIN = frozenset({"transfer-encoding", "content-encoding", "expect", "upgrade", "trailer"})
_FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n"
# Control characters but for tabs and whole line ends, which parsers take differently.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n")
_REASONS = {status.value: status.phrase for status in HTTPStatus}

_log = structlog.get_logger("gateway.web")

Fallback = Callable[[], asyncio.Protocol]
"""Makes the protocol of a connection that isn't for this door: aiohttp's `web.Server`."""


@dataclass(slots=True)
class _Head:
    """What llhttp calls back with. Which names may come twice is aiohttp's to know: `twice` is for it."""

    target: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    twice: bool = False

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        known = name.decode("ascii").lower()
        self.twice |= known in self.headers
        self.headers[known] = value.strip(b" \t").decode("utf-8", "surrogateescape")


@record
class Asked:
    """A request whose head was read: where it goes, and where its body begins and ends in what was received."""

    token: str
    action: str
    target: str
    headers: dict[str, str]
    begin: int
    end: int


class WebhookDoor:
    """Makes the protocols of a listening socket, and closes them in order."""

    def __init__(self, fallback: Fallback, answer: Answer, site: Site, limit: int) -> None:
        self._fallback = fallback
        self._answer = answer
        self._public = site.public_url if site.fixed else None
        self.limit = limit
        self._open: set[_Connection] = set()
        self._sweep: asyncio.TimerHandle | None = None
        self._stopping = False
        self._date = (0.0, b"")

    def __call__(self) -> asyncio.Protocol:
        return _Connection(self)

    def came(self, connection: "_Connection") -> None:
        """A connection is here. The first one begins the sweeps."""
        self._open.add(connection)
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(SWEEP_S, self._close_idle)

    def went(self, connection: "_Connection") -> None:
        """It is closed, or aiohttp's."""
        self._open.discard(connection)

    def beyond(self) -> asyncio.Protocol:
        """The protocol that takes over a connection."""
        return self._fallback()

    async def answer(self, asked: Asked, body: bytes) -> bytes:
        """A request's answer as it goes over the wire. Heads are kept, so the plugin gets headers of its own."""
        origin = self._public or origin_of("http", asked.headers["host"])
        query = dict(URL(asked.target, encoded=True).query) if "?" in asked.target else {}
        given = WebhookRequest("POST", origin + asked.target, asked.action, query, dict(asked.headers), body)
        return _octets(await self._answer(asked.token, given), self.date())

    @property
    def connections(self) -> int:
        """How many are here, and not aiohttp's."""
        return len(self._open)

    @property
    def closing(self) -> bool:
        """Whether a connection ends with the answer it is waiting for."""
        return self._stopping

    async def stop(self) -> None:
        """Idle connections close, requests under way are answered first."""
        self._stopping = True
        if self._sweep is not None:
            self._sweep.cancel()
        for connection in list(self._open):
            connection.close_if_idle(None)
        if tasks := [one.under_way for one in self._open if one.under_way is not None]:
            await asyncio.wait(tasks, timeout=PATIENCE_S)
        for connection in list(self._open):
            connection.abort()

    def _close_idle(self) -> None:
        before = asyncio.get_running_loop().time() - IDLE_S
        for connection in list(self._open):
            connection.close_if_idle(before)
        self._sweep = asyncio.get_running_loop().call_later(SWEEP_S, self._close_idle) if self._open else None

    def date(self) -> bytes:
        """The Date header, made once a second."""
        at = asyncio.get_running_loop().time()
        if at >= self._date[0] + 1:
            self._date = at, f"Date: {formatdate(usegmt=True)}\r\n\r\n".encode()
        return self._date[1]


class _Connection(asyncio.Protocol):
    """One request at a time; what comes meanwhile waits, unread beyond one request's worth."""

    __slots__ = ("_asked", "_blocked", "_door", "_loop", "_raw", "_since", "_transport", "under_way")

    def __init__(self, door: WebhookDoor) -> None:
        self._door = door
        self._loop = asyncio.get_running_loop()
        self._raw = b""
        self._asked: Asked | None = None
        self._blocked = False
        self.under_way: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without saying so
        self._since = self._loop.time()
        self._door.came(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """What is under way goes on: a message that is being stored is stored."""
        self._door.went(self)

    def data_received(self, data: bytes) -> None:
        if not self._raw:
            self._since = self._loop.time()  # a request that has just begun is given its time
        self._raw = self._raw + data if self._raw else data
        if self.under_way is None and not self._blocked:
            self._proceed()
        elif len(self._raw) > LONGEST_HEAD + self._door.limit:
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """Answers are not read: no further request is taken until they are."""
        self._blocked = True

    def resume_writing(self) -> None:
        self._blocked = False
        if self.under_way is None and self._raw:
            self._transport.resume_reading()
            self._proceed()

    def close_if_idle(self, before: float | None) -> None:
        """Closes it when no request is under way, and none began since that time of the loop's clock."""
        if self.under_way is None and (before is None or self._since < before):
            self._transport.close()

    def abort(self) -> None:
        """Closes it whatever is under way."""
        self._transport.abort()

    def _proceed(self) -> None:
        """Reads a head, then waits for its body, then has it answered."""
        if self._asked is None and not self._read_head():
            return
        asked = self._asked
        assert asked is not None, "a head that was read is kept"
        if len(self._raw) < asked.end:
            return
        body, self._raw = self._raw[asked.begin : asked.end], self._raw[asked.end :]
        self._asked = None
        self.under_way = self._loop.create_task(self._serve(asked, body))

    def _read_head(self) -> bool:
        raw = self._raw
        if not raw.startswith(_PREFIX) and not _PREFIX.startswith(raw):
            self._hand_over()
            return False
        end = raw.find(_END, 0, LONGEST_HEAD)
        if end < 0:
            if len(raw) >= LONGEST_HEAD:
                self._hand_over()
            return False
        self._asked = plain(raw[: end + len(_END)], self._door.limit)
        if self._asked is None:
            self._hand_over()
        return self._asked is not None

    def _hand_over(self) -> None:
        self._door.went(self)
        beyond = self._door.beyond()
        self._transport.set_protocol(beyond)
        beyond.connection_made(self._transport)
        beyond.data_received(self._raw)
        self._raw = b""

    async def _serve(self, asked: Asked, body: bytes) -> None:
        try:
            octets = await self._door.answer(asked, body)
        except Exception:  # noqa: BLE001  the handler never raises; what it answered may be no answer
            _log.exception("webhook not answered")
            octets = _FAILED + self._door.date()
        self.under_way, self._since = None, self._loop.time()
        if self._transport.is_closing():
            return
        self._transport.write(octets)
        if self._door.closing:
            self._transport.close()
            return
        self._transport.resume_reading()
        if self._raw and not self._blocked:
            self._proceed()


@lru_cache(HEADS_KEPT)
def plain(head: bytes, limit: int) -> Asked | None:
    """The request of a head when nothing about it is unusual; else None.

    A provider that signs nothing in its headers sends the same head for every text of a length.
    """
    if _CONTROL.search(head):
        return None
    said = _Head()
    parser = httptools.HttpRequestParser(said)
    try:
        parser.feed_data(head)
    except (httptools.HttpParserError, UnicodeDecodeError):
        return None
    headers = said.headers
    length = headers.get("content-length", "")
    if (
        parser.get_http_version() != "1.1"
        or not parser.should_keep_alive()
        or "host" not in headers
        or said.twice
        or not (length.isascii() and length.isdecimal() and len(length) < 10 and int(length) <= limit)
        or not _NOT_PLAIN.isdisjoint(headers)
        or not said.target.isascii()
    ):
        return None
    target = said.target.decode("ascii")
    segments = target.partition("?")[0].split("/")
    if len(segments) != 4 or not segments[2] or not segments[3] or _strange(target):
        return None
    return Asked(segments[2], segments[3], target, headers, len(head), len(head) + int(length))


def _strange(target: str) -> bool:
    """Whether a path would have to be decoded, or is none that aiohttp routes to a provider."""
    path = target.partition("?")[0]
    return "%" in path or "#" in target or "{" in path or "}" in path or path.endswith(("/.", "/.."))


def _octets(response: WebhookResponse, date: bytes) -> bytes:
    lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    if response.body:
        lines.append(f"Content-Type: {response.content_type}")
    lines.append(f"Content-Length: {len(response.body)}")
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("A header of an answer is two.")
    return "\r\n".join((*lines, "")).encode("utf-8", "surrogateescape") + date + response.body
