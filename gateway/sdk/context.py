"""What a running gateway is handed: its identity, clocks, store, HTTP client and a way to report."""

import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from gateway.domain.record import record
from gateway.sdk.values import Inbound, Receipt, SenderView, Unparsed


class Sink(Protocol):
    """Where a long-lived channel puts what it received. Awaiting it returns after the commit; then acknowledge.

    Raises `Unavailable` when nothing could be stored, not even in the spool: answer the provider "later".
    """

    async def __call__(self, *items: Inbound | Receipt | Unparsed) -> None: ...


class Unavailable(Exception):
    """Nothing was stored. The provider must keep the message and deliver it again."""


class Store(Protocol):
    """Small JSON documents of this plugin, in the same database, namespaced by workspace and gateway."""

    async def get(self, key: str) -> Any: ...

    async def put(self, key: str, value: Any) -> None: ...

    async def delete(self, key: str) -> None: ...

    async def append(self, journal: str, value: Any, *, keep: int = 10_000) -> int:
        """Adds to the end of a journal, whose oldest values beyond `keep` go; its position, from 1, in commit order."""
        ...

    async def read(self, journal: str, after: int = 0, limit: int = 100) -> Sequence[tuple[int, Any]]:
        """Up to `limit` (position, value) beyond `after`, ascending."""
        ...


@record
class HttpResponse:
    """Answer of the shared HTTP client; the body is complete and within its limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient(Protocol):
    """The shared client: timeouts, an SSRF guard on the address really dialled, a redacted trace.

    Raises `SendError(UNAVAILABLE)` when nothing left and `SendError(UNCERTAIN)` when bytes had left.
    """

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        auth: tuple[str, str] | None = None,
        limit: int = 10 * 1024 * 1024,
        redirects: int = 0,
    ) -> HttpResponse: ...


class Trace(Protocol):
    """The gateway's log as people see it: one line a request or PDU, secrets and bodies redacted."""

    def __call__(self, direction: str, summary: str, detail: Mapping[str, str] | None = None) -> None: ...


def no_address(action: str) -> str:
    """What a gateway that nobody can call back says of its own address: nothing."""
    return ""


Dial = Callable[[str, int], Awaitable[socket.socket]]
"""Connects to a host and port by TCP, within 5 s, and only where outgoing traffic may go. Raises OSError."""

Senders = Callable[[], Awaitable[Sequence[SenderView]]]
"""The senders that a gateway serves now."""


async def dial_nowhere(host: str, port: int) -> socket.socket:
    """Where nothing may be dialled."""
    raise OSError(f"{host} can't be reached from here")


async def no_senders() -> Sequence[SenderView]:
    """Of a gateway that nothing was assigned to."""
    return ()


@record(gc=True)
class GatewayContext:
    """One configured gateway, as its channel sees it.

    `clock` is wall time in milliseconds since the epoch, `monotonic` seconds that never jump, `random` a float in [0,
    1). `callback_url` is the public URL under which a provider reaches an action of this gateway's webhooks. `dial`
    connects by TCP for what is not HTTP, under the same guard; `dial_line` also where leased lines and tunnels end, on
    private addresses. `senders` are the senders this gateway serves now.
    """

    workspace_id: int
    gateway_id: int
    name: str
    clock: Callable[[], int]
    monotonic: Callable[[], float]
    random: Callable[[], float]
    store: Store
    http: HttpClient
    trace: Trace
    report_health: Callable[[str, str | None], Awaitable[None]]
    callback_url: Callable[[str], str] = no_address
    dial: Dial = dial_nowhere
    dial_line: Dial = dial_nowhere
    senders: Senders = no_senders
