"""The e-mail channel: one mailbox, as the core sees it."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from gateway.sdk import (
    Channel,
    GatewayContext,
    Health,
    HealthState,
    Inbound,
    Outbound,
    PartResult,
    Receipt,
    SendError,
    SendErrorKind,
    SenderView,
    SendResult,
    Sink,
    Unparsed,
)
from gateway.sdk.text import Capabilities, SenderKind
from gateway_email.addresses import canonical, ours_among
from gateway_email.backoff import Backoff
from gateway_email.connections import Connections
from gateway_email.healths import Healths
from gateway_email.imap import Fetched, ImapTrouble, LoginRefused
from gateway_email.incoming import Envelope, Incoming
from gateway_email.mailbox import Mailbox
from gateway_email.message_ids import MessageIds
from gateway_email.outgoing import Mail, compose
from gateway_email.settings import Settings as EmailSettings
from gateway_email.signing import KeyUnusable, signed
from gateway_email.submission import ConnectionStale, submit

_SEND_S = 55.0  # connecting, signing in and every answer have their own limits; together they stay within a lease


class EmailChannel(Channel):
    """E-mail. `run` reads the mailbox and listens; `send` works on every node."""

    type: ClassVar[str] = "email"
    label: ClassVar[str] = "E-mail"
    Settings = EmailSettings
    takes_files: ClassVar[bool] = True
    sends_anywhere: ClassVar[bool] = True
    refers_back: ClassVar[bool] = True

    def __init__(self, context: GatewayContext, settings: EmailSettings) -> None:
        super().__init__(context, settings)
        self._ids = MessageIds(context.store)
        self._incoming = Incoming(settings.mailbox, self._ids)
        self._connections = Connections(settings, context.dial, context.monotonic)

    def capabilities(self, sender: SenderView) -> Capabilities:
        """E-mail, as far as hosts are set; reports come back only where mail does."""
        receives = self.settings.receives
        return Capabilities(
            inbound=receives,
            outbound=bool(self.settings.smtp_host),
            email=sender.kind is SenderKind.EMAIL,
            receipts=receives,
        )

    def account(self) -> str:
        """The mailbox, whichever gateways send for it or read it."""
        return f"email:{self.settings.mailbox}"

    def send_deadline(self) -> float:
        """Seconds."""
        return _SEND_S

    async def send(self, outbound: Outbound) -> SendResult:
        """Hands the mail to the server; a connection that had died meanwhile is replaced before anything is said."""
        if not self.settings.smtp_host:
            raise SendError(SendErrorKind.MISCONFIGURED, "This gateway has no SMTP host to send through.")
        mail = await self._mail(outbound)
        said = await self._submit(mail, outbound.attempt)
        self.context.trace("out", f"SMTP: {len(mail.octets)} octets taken", {"answer": said})
        return SendResult((PartResult(1, mail.message_id),), subject=mail.subject, metadata=mail.metadata)

    async def run(self, sink: Sink) -> None:
        """Reads and listens until cancelled."""
        await self._ids.open()
        ways = (*("mailbox",) * bool(self.settings.imap_host), *("listener",) * bool(self.settings.listen_port))
        healths = Healths(ways, self.context.report_health)
        if not ways:
            await self.context.report_health(HealthState.OK, None)
            await asyncio.Event().wait()
        async with asyncio.TaskGroup() as both:
            if self.settings.imap_host:
                both.create_task(self._mailbox(sink, healths).run(), name="mailbox")
            if self.settings.listen_port:
                both.create_task(self._listen(sink, healths), name="listener")

    async def check(self) -> Health:
        """Signs in wherever a host is set."""
        try:
            if self.settings.dkim_key:
                signed(b"From: x\r\n\r\n", self.settings.mailbox, self.settings.dkim_selector, self.settings.dkim_key)
            if self.settings.smtp_host:
                self._connections.give_back(await self._connections.open())
            if self.settings.imap_host:
                await self._mailbox(_nowhere, Healths((), self.context.report_health)).check()
        except (SendError, LoginRefused, KeyUnusable, *ImapTrouble) as error:
            return Health(HealthState.DOWN, str(error) or type(error).__name__)
        return Health(HealthState.OK)

    async def close(self) -> None:
        """Hangs up."""
        await self._connections.close()

    async def _mail(self, outbound: Outbound) -> Mail:
        try:
            await self._ids.open()
        except Exception as error:
            raise SendError(SendErrorKind.UNAVAILABLE, "The key for message ids can't be read now.") from error
        chosen = self.settings
        message_id = self._ids.make(outbound.attempt, outbound.sender.value)
        try:
            mail = await asyncio.to_thread(compose, outbound, chosen.display_name, message_id, self.context.clock())
            if chosen.dkim_key:
                sign = partial(signed, mail.octets, outbound.sender.value, chosen.dkim_selector, chosen.dkim_key)
                mail = mail.with_octets(await asyncio.to_thread(sign))
        except KeyUnusable as error:
            raise SendError(SendErrorKind.MISCONFIGURED, str(error)) from error
        except ValueError as error:
            raise SendError(SendErrorKind.REJECTED, f"No mail can be made of it: {error}") from error
        return mail

    async def _submit(self, mail: Mail, attempt: str) -> str:
        client = await self._connections.idle() or await self._connections.open()
        go = partial(submit, mail=mail, attempt=attempt, reports=self.settings.receives)
        try:
            said = await go(client)
        except ConnectionStale:
            client = await self._connections.open()
            try:
                said = await go(client)
            except ConnectionStale as error:
                sentence = f"{self.settings.smtp_host} hangs up before it takes a mail."
                raise SendError(SendErrorKind.UNAVAILABLE, sentence) from error
        except SendError:
            self._connections.give_back(client)
            raise
        self._connections.give_back(client)
        return said

    def _mailbox(self, sink: Sink, healths: Healths) -> Mailbox:
        async def take(fetched: Fetched) -> None:
            own = await self._own()
            if fetched.whole:
                items = await asyncio.to_thread(self._incoming.items, fetched.octets, own)
            else:
                items = (self._incoming.too_large(fetched.octets, fetched.size, own),)
            await sink(*items)
            self.context.trace("in", f"IMAP: mail {fetched.uid} stored as {_kinds(items)}")

        return Mailbox(self.settings, self.context, take, partial(healths.of, "mailbox"), Backoff(self.context.random))

    async def _listen(self, sink: Sink, healths: Healths) -> None:
        async def accepts(address: str) -> bool:
            return ours_among([address], await self._own()) is not None

        async def store(raw: bytes, envelope: Envelope) -> None:
            items = await asyncio.to_thread(self._incoming.items, raw, await self._own(), envelope)
            await sink(*items)
            self.context.trace("in", f"{chosen.listen_protocol.upper()}: mail stored as {_kinds(items)}")

        chosen = self.settings
        # Its server is a third of what this plugin weighs, and most gateways read a mailbox.
        from gateway_email.listener import Listener  # noqa: PLC0415

        listener = Listener(
            chosen.listen_host, chosen.listen_port, chosen.listen_protocol, chosen.mailbox.partition("@")[2], accepts,
            store,
        )  # fmt: skip
        backoff = Backoff(self.context.random)
        while True:
            try:
                await listener.run(partial(healths.of, "listener", HealthState.OK, None))
            except OSError as error:
                where = f"{chosen.listen_host}:{chosen.listen_port}"
                await healths.of("listener", HealthState.DOWN, f"Can't listen on {where}: {error.strerror or error}.")
                await asyncio.sleep(backoff.wait())

    async def reread(self, raw: bytes) -> Sequence[Inbound | Receipt | Unparsed]:
        """A mail that could not be read, by this reader."""
        return await asyncio.to_thread(self._incoming.items, raw, await self._own())

    async def _own(self) -> frozenset[str]:
        """Every address that mail is ours for: the mailbox's own and those that were added to the gateway."""
        added = (canonical(one.value) for one in await self.context.senders() if one.kind is SenderKind.EMAIL)
        return frozenset({self.settings.mailbox, *(one for one in added if one)})


async def _nowhere(*items: object) -> None:
    """Where a test of the settings puts mail: it reads none."""


def _kinds(items: object) -> str:
    return ", ".join(type(one).__name__.lower() for one in items) if isinstance(items, tuple | list) else "nothing"
