"""The kit's mail server, asked by the standard library's client."""

import asyncio
import smtplib
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from gateway.sdk.faults import Dials, Fault, only
from gateway.testing import FakeMailServer

US, THEM = "help@desk.example", "maya@home.example"


def mail(text: str = "Grüße 👋\nline two") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = US, THEM, "Hello"
    message.set_content(text)
    message.add_alternative("<p>Grüße</p>", subtype="html")
    return message


async def talk(far: FakeMailServer, say: Callable[[smtplib.SMTP], None], patience: float = 60) -> None:
    def run() -> None:
        with smtplib.SMTP("127.0.0.1", far.port, timeout=patience) as client:
            say(client)

    await asyncio.to_thread(run)


def send(client: smtplib.SMTP) -> None:
    client.send_message(mail())


@pytest.mark.parametrize("dials", [Dials(), Dials(split=1), Dials(delay=0.01)])
async def test_a_mail_is_kept_with_its_envelope(dials: Dials) -> None:
    async with FakeMailServer() as far:
        await far.turn(dials)
        await talk(far, send)
        [taken] = far.heard
        assert (taken.sender, taken.recipients, taken.message["Subject"]) == (US, (THEM,), "Hello")
        assert far.texts() == ["Grüße 👋\nline two"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.THROTTLE, smtplib.SMTPDataError),
        (Fault.FAIL, smtplib.SMTPDataError),
        (Fault.RUBBISH, smtplib.SMTPDataError),
        (Fault.RESET, smtplib.SMTPServerDisconnected),
        (Fault.REFUSE, ConnectionRefusedError),
    ],
)
async def test_each_fault_is_one(fault: Fault, error: type[Exception]) -> None:
    async with FakeMailServer() as far:
        await far.turn(only(fault))
        with pytest.raises(error):
            await talk(far, send)
        await far.turn(Dials())
        await talk(far, send)


async def test_silence_ends_with_the_clients_patience() -> None:
    async with FakeMailServer() as far:
        await far.turn(only(Fault.HANG))
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
            await talk(far, send, patience=0.2)


async def test_a_mailbox_that_is_not_there() -> None:
    async with FakeMailServer() as far:
        far.refusals[THEM] = "550 5.1.1 No such mailbox"
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            await talk(far, send)
        assert not len(far.heard)


@pytest.mark.parametrize(("password", "taken"), [("right-horse", True), ("wrong-horse", False)])
async def test_who_may_send(password: str, taken: bool) -> None:
    def say(client: smtplib.SMTP) -> None:
        client.login("desk", password)
        send(client)

    async with FakeMailServer(login=("desk", "right-horse")) as far:
        if taken:
            await talk(far, say)
        else:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                await talk(far, say)
        assert len(far.heard) == taken
