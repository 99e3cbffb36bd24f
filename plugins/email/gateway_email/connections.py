"""Connections to the server mail goes out through: opened, signed in, used for the next mail while they are fresh."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import Literal

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPHeloError

from gateway.sdk import SendError
from gateway.sdk.context import Dial
from gateway_email.addresses import ascii_domain, domain_of
from gateway_email.refusals import connection_error
from gateway_email.settings import Settings

ANSWER_S = 10.0
_FRESH_S = 20.0  # servers hang up on the silent after a minute or so
_KEPT = 4

Trouble = (SMTPException, OSError, TimeoutError, ValueError)


class Connections:
    """To one server. `dial` connects as far as the guard allows; `monotonic` are seconds."""

    def __init__(self, settings: Settings, dial: Dial, monotonic: Callable[[], float]) -> None:
        self._settings = settings
        self._dial = dial
        self._monotonic = monotonic
        self._idle: list[tuple[SMTP, float]] = []

    async def idle(self) -> SMTP | None:
        """One that is open and was used a moment ago, or None."""
        while self._idle:
            client, since = self._idle.pop()
            if client.is_connected and self._monotonic() - since < _FRESH_S:
                return client
            client.close()
        return None

    async def open(self) -> SMTP:
        """A new one, signed in. Raises SendError."""
        chosen = self._settings
        client: SMTP | None = None
        try:
            socket = await self._dial(chosen.smtp_host, chosen.smtp_at)
            client = SMTP(
                hostname=chosen.smtp_host,
                sock=socket,
                username=chosen.smtp_username or None,
                password=chosen.smtp_password or None,
                use_tls=chosen.smtp_security == "tls",
                start_tls=chosen.smtp_security == "starttls",
                tls_context=trusting(chosen.smtp_security),
                local_hostname=ascii_domain(domain_of(chosen.mailbox)),
                timeout=ANSWER_S,
            )
            await client.connect()
            await _greet(client)
        except Trouble as error:
            if client is not None:
                client.close()
            raise _as_send_error(chosen.smtp_host, error) from error
        return client

    def give_back(self, client: SMTP) -> None:
        """The mail is through: the connection may serve the next."""
        if client.is_connected and len(self._idle) < _KEPT:
            self._idle.append((client, self._monotonic()))
        else:
            client.close()

    async def close(self) -> None:
        """Says goodbye on all that wait."""
        waiting, self._idle = self._idle, []
        for client, _ in waiting:
            with contextlib.suppress(*Trouble, asyncio.CancelledError):
                await client.quit(timeout=1.0)
            client.close()


async def _greet(client: SMTP) -> None:
    """What the server can must be known before the first mail; a very old one knows no EHLO."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except SMTPHeloError:
            await client.helo()


def trusting(security: Literal["none", "starttls", "tls"]) -> ssl.SSLContext | None:
    """Certificates are checked against the system's authorities; `SSL_CERT_FILE` names a private one."""
    return None if security == "none" else ssl.create_default_context()


def _as_send_error(host: str, error: BaseException) -> SendError:
    """Aiosmtplib wraps what the transport raised."""
    cause = error.__cause__
    return connection_error(host, cause if isinstance(cause, ssl.SSLError) else error)
