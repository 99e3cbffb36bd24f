"""A mail server by hand, on aiosmtpd: says what a test tells it, and keeps what it was given."""

import asyncio
import warnings
from dataclasses import dataclass, field
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from gateway.testing.log import Log


@dataclass
class Peer:
    """`says` maps MAIL, RCPT, DATA or "." (the end of the mail) to an answer, or to `CUT` or `SILENCE`."""

    says: dict[str, str] = field(default_factory=dict)
    login: tuple[str, str] | None = None
    utf8: bool = True
    mails: Log[Envelope] = field(default_factory=Log)
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.BaseTransport] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Conversation(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.hang_up()
        await self._server.wait_closed()

    def hang_up(self) -> None:
        """Every connection breaks."""
        for transport in list(self._open):
            _abort(transport)

    async def judge(self, server: SMTP, what: str, otherwise: str) -> str:
        """The answer to a command."""
        said = self.says.get(what, otherwise)
        if said == CUT:
            assert server.transport is not None
            _abort(server.transport)
            await asyncio.Event().wait()
        if said == SILENCE:
            await asyncio.Event().wait()
        return said

    # --- what aiosmtpd asks ---

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self.judge(server, "MAIL", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return await self.judge(server, "RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        answer = await self.judge(server, ".", "250 OK queued as 42")
        if answer.startswith("2"):
            self.mails.add(envelope)
        return answer


CUT, SILENCE = "cut", "silence"


def _abort(transport: asyncio.BaseTransport | None) -> None:
    assert isinstance(transport, asyncio.WriteTransport)
    transport.abort()


class _Conversation(SMTP):
    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that passwords without encryption are no good idea
            super().__init__(
                peer,
                enable_SMTPUTF8=peer.utf8,
                hostname="peer.example",
                auth_require_tls=False,
                auth_required=peer.login is not None,
                authenticator=self._check,
                loop=asyncio.get_running_loop(),
            )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._peer.connections += 1
        self._peer._open.add(transport)
        if self._peer.says.get("CONNECT") == CUT:
            _abort(transport)
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._peer._open = {one for one in self._peer._open if not one.is_closing()}
        if self._handler_coroutine is not None:
            super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        refused = await self._peer.judge(self, "DATA", "")
        if refused:
            await self.push(refused)
        else:
            await super().smtp_DATA(arg)

    def _check(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        expected = self._peer.login
        ok = expected is not None and (data.login, data.password) == tuple(word.encode() for word in expected)
        return AuthResult(success=ok, handled=False)
