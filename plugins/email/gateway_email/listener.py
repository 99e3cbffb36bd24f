"""A door for mail servers: SMTP or LMTP, on which "250" means that the mail is in the database."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from gateway.sdk.context import Unavailable
from gateway_email import incoming
from gateway_email.limits import MAIL_BYTES

_AT_ONCE = 50  # conversations; each may hold one mail in memory
_SILENCE_S = 120.0
_LONGEST_LINE = 64 * 1024  # RFC 5321 says 1,000; programs that write one line a mail exist
_RECIPIENTS = 100
_TOO_LARGE = "552 5.3.4 The message is too large"
_LATER = "451 4.3.0 The message can't be stored now; try again later"

Accepts = Callable[[str], Awaitable[bool]]
"""Whether mail to an address is for us."""

Store = Callable[[bytes, incoming.Envelope], Awaitable[None]]
"""Returns after the commit. Raises Unavailable."""


class Listener:
    """Serves until cancelled. Mail to anybody else is refused: nothing is ever relayed."""

    def __init__(self, host: str, port: int, protocol: str, name: str, accepts: Accepts, store: Store) -> None:
        self._where = (host, port)
        self._class = _Lmtp if protocol == "lmtp" else _Smtp
        self._name = name
        self._handler = _Handler(accepts, store)

    async def run(self, opened: Callable[[], Awaitable[None]]) -> None:
        """Listens, says so, and serves. Raises OSError where it can't listen."""
        server = await asyncio.get_running_loop().create_server(self._conversation, *self._where)
        async with server:
            await opened()
            await server.serve_forever()

    def _conversation(self) -> asyncio.BaseProtocol:
        if self._handler.open >= _AT_ONCE:
            return _Busy()
        return self._class(
            self._handler,
            data_size_limit=MAIL_BYTES,
            enable_SMTPUTF8=True,
            hostname=self._name,
            ident="Onethread",
            timeout=_SILENCE_S,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )


class _Busy(asyncio.Protocol):
    """One conversation too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(b"421 4.3.2 Too many connections; try again later\r\n")
        transport.close()


class _Smtp(SMTP):
    """aiosmtpd's, but for how a mail is held: one buffer instead of an object a line, which a mail of empty lines would
    make thirty times its size.
    """

    line_length_limit = _LONGEST_LINE
    answers_each = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.open += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.open -= 1
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  aiosmtpd's name
        """Takes a mail and answers once it is durable; LMTP gets an answer for each recipient."""
        envelope = self.envelope
        if await self.check_helo_needed():
            return
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._content()
        answer = _TOO_LARGE if content is None else await self.event_handler.take(content, envelope)
        recipients = len(envelope.rcpt_tos)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        for _ in range(recipients if self.answers_each else 1):
            await self.push(answer)

    async def _content(self) -> bytes | None:
        """The mail without its dots, once all of it is here; None for one that is too large: it is read and dropped."""
        held: bytearray | None = bytearray()
        begins = True  # a dot says something only where a line begins, which a piece of a very long one does not
        while True:
            line = await self._line()
            if begins and line == b".\r\n":
                return None if held is None else bytes(held)
            if held is not None:
                held += line[1:] if begins and line.startswith(b".") else line
                if len(held) > MAIL_BYTES:
                    held = None
            begins = line.endswith(b"\r\n")

    async def _line(self) -> bytes:
        """A line, or as much of a very long one as the reader has room for."""
        try:
            return await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as error:
            return await self._reader.read(error.consumed)


class _Lmtp(LMTP, _Smtp):
    """The same with LMTP's greeting; LMTP says for each recipient what became of the mail."""

    answers_each = True


class _Handler:
    """What aiosmtpd asks."""

    def __init__(self, accepts: Accepts, store: Store) -> None:
        self._accepts = accepts
        self._store = store
        self._storing: set[asyncio.Task[None]] = set()
        self.open = 0

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """250 for what is ours, 550 for the rest."""
        if len(envelope.rcpt_tos) >= _RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            known = await self._accepts(address)
        except Exception:  # noqa: BLE001  the database is away: the other server keeps the mail
            return _LATER
        if not known:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def take(self, content: bytes, envelope: Envelope) -> str:
        """The answer after the end of a mail. One whose sender hangs up meanwhile is stored all the same."""
        sender = (envelope.mail_from or "").strip("<>")
        wire = incoming.Envelope(sender, tuple(envelope.rcpt_tos))
        storing = asyncio.ensure_future(self._store(content, wire))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        try:
            await asyncio.shield(storing)
        except Unavailable:
            return _LATER
        except Exception:  # noqa: BLE001  whatever it was, the mail isn't stored
            return _LATER
        return "250 2.0.0 Stored"
