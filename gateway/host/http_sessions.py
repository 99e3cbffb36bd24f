"""The connection pools of outgoing HTTP. One is guarded; the other dials hosts the operator let through by name."""

import socket
from typing import Any

import aiohttp
from yarl import URL

from gateway.host.reachable import Reachable

CONNECT_TIMEOUT_S = 5.0
TOTAL_TIMEOUT_S = 20.0
KEEP_ALIVE_S = 10.0  # shorter than servers' own, so that a request seldom meets a connection that is being closed
_AGENT = "Onethread"


class Progress:
    """Of one exchange: whether a connection stood, so that bytes may have left."""

    __slots__ = ("connected",)

    def __init__(self) -> None:
        self.connected = False


class HttpSessions:
    """Opened at the first use; `close` gives the connections back."""

    def __init__(self, reachable: Reachable, *, timeout_s: float = TOTAL_TIMEOUT_S) -> None:
        self._reachable = reachable
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(CONNECT_TIMEOUT_S, timeout_s))
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    def session_for(self, url: URL) -> aiohttp.ClientSession:
        """The pool that may dial this URL's host."""
        trusted = url.host is not None and self._reachable.names(url.host, url.port or 0)
        session = self._sessions.get(trusted)
        if session is None:
            session = self._sessions[trusted] = self._open(guarded=not trusted)
        return session

    @property
    def reachable(self) -> Reachable:
        """The guard."""
        return self._reachable

    async def close(self) -> None:
        """Closes all connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _open(self, *, guarded: bool) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                socket_factory=self._dial_guarded if guarded else None, keepalive_timeout=KEEP_ALIVE_S, limit=0
            ),
            timeout=self._timeout,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": _AGENT},
            trace_configs=[_watch_connection()],
        )

    def _dial_guarded(self, address: Any) -> socket.socket:
        family, kind, protocol, _, where = address
        self._reachable.check(where[0], where[1])
        return socket.socket(family, kind, protocol)


def _watch_connection() -> aiohttp.TraceConfig:
    async def connected(_: aiohttp.ClientSession, context: Any, __: object) -> None:
        context.trace_request_ctx.connected = True

    watch = aiohttp.TraceConfig()
    watch.on_connection_create_end.append(connected)
    watch.on_connection_reuseconn.append(connected)
    return watch
