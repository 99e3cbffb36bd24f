"""A mail server that takes mail by SMTP on a free loopback port and keeps it. It is aiosmtpd, with dials."""

import asyncio
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from gateway.sdk.faults import Fault
from gateway.testing.listening import Listening
from gateway.testing.log import Log

LARGEST = 35 * 1024 * 1024
_REFUSALS = {
    Fault.THROTTLE: "451 4.7.1 Too many messages, try again later",
    Fault.FAIL: "451 4.3.0 Local error in processing",
    Fault.RUBBISH: "999 What?",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail it took, or was about to take: the envelope, and the message as it came."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def text(self) -> str:
        """Its plain text, without the line end that mail adds."""
        body = self.message.get_body(("plain",))
        found = "" if body is None else str(body.get_content())
        return found.replace("\r\n", "\n").removesuffix("\n")


class FakeMailServer(Listening):
    """Takes every mail, unless `refusals` has an answer for a recipient ("550 5.1.1 No such mailbox").

    `login` is the user and password it wants; without one it offers no AUTH. `heard` is the mail, in order.
    """

    def __init__(self, *, login: tuple[str, str] | None = None, **given: Callable[..., object]) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # chance and sleep, as they are
        self.heard: Log[Mail] = Log()
        self.refusals: dict[str, str] = {}
        self._login = login

    def connection(self) -> asyncio.BaseProtocol:
        """A conversation of its own for each connection."""
        return _Conversation(self, self._login)

    def texts(self) -> list[str]:
        """The plain text of every mail."""
        return [mail.text for mail in self.heard]

    async def handle_RCPT(  # noqa: N802  aiosmtpd looks for the verb
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether it has such a mailbox."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps a mail, and says what the dials let it say."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.heard.add(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        fault = await self.spoil()
        if fault in (Fault.HANG, Fault.RESET):
            assert isinstance(server, _Conversation)
            server.cut()
        return "250 2.0.0 Taken" if fault is None else _REFUSALS.get(fault, "250 2.0.0 Taken")


class _Conversation(SMTP):
    """aiosmtpd's side of one connection, which the server can cut and split."""

    def __init__(self, server: FakeMailServer, login: tuple[str, str] | None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # passwords without TLS are unwise, and on loopback they are not
            super().__init__(
                server,
                data_size_limit=LARGEST,
                enable_SMTPUTF8=True,
                hostname="mail.fake.example",
                authenticator=None if login is None else _authenticator(login),
                auth_required=login is not None,
                auth_require_tls=False,
                loop=asyncio.get_running_loop(),
            )
        self._fake = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport)
        self._fake.transports.add(transport)
        self._its_transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._fake.transports.discard(self._its_transport)
        super().connection_lost(error)

    def cut(self) -> None:
        """Ends the connection in the middle of whatever it says."""
        self._its_transport.abort()

    async def push(self, status: Any) -> None:
        """Says a line, byte by byte where the dials split it."""
        line = status if isinstance(status, bytes) else str(status).encode("ascii", "replace")
        self._fake.write(self._its_transport, line + b"\r\n")


def _authenticator(login: tuple[str, str]) -> Callable[..., AuthResult]:
    wanted = LoginPassword(login[0].encode(), login[1].encode())

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given == wanted, handled=False)

    return check
