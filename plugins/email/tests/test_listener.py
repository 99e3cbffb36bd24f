"""The door for mail servers: 250 only for what is stored, 451 for what can't be, 552 for what is too large."""

import asyncio
import smtplib
import socket
from collections.abc import Callable
from typing import TypeVar

import pytest

from gateway.sdk import HealthState, Inbound
from gateway.testing.stage import Stage
from gateway_email import limits, listener
from gateway_email.channel import EmailChannel
from gateway_email.incoming import Envelope
from tests.support.ports import find_free_port

from .conftest import StartStage
from .values import MAYA, mail

T = TypeVar("T")


async def listening(stage: StartStage, port: int, protocol: str = "smtp") -> Stage[EmailChannel]:
    desk = stage(address="help@desk.example", listen_port=port, listen_protocol=protocol)
    desk.start()
    await desk.healthy()
    return desk


async def converse(port: int, say: Callable[[smtplib.SMTP], T], client: type[smtplib.SMTP] = smtplib.SMTP) -> T:
    """A client in a thread of its own, as mail servers are."""

    def whole() -> T:
        with client("127.0.0.1", port, timeout=60) as connection:
            return say(connection)

    return await asyncio.to_thread(whole)


async def test_a_mail_is_answered_when_it_is_stored(stage: StartStage, desk_port: int) -> None:
    desk = await listening(stage, desk_port)
    raw = mail(".\r\n..two dots\r\nend", To="help@desk.example")

    def say(client: smtplib.SMTP) -> tuple[int, bytes]:
        client.ehlo()
        client.mail(MAYA)
        assert client.rcpt("Help+lamp@Desk.example")[0] == 250
        return client.data(raw)

    assert (await converse(desk_port, say))[0] == 250
    [item] = desk.received
    assert isinstance(item, Inbound)
    assert (item.sender, item.recipient, item.body) == (MAYA, "help@desk.example", ".\n..two dots\nend")


async def test_what_cannot_be_stored_is_sent_again_later(stage: StartStage, desk_port: int) -> None:
    desk = await listening(stage, desk_port)
    desk.refusals = 1
    with pytest.raises(smtplib.SMTPDataError) as refused:
        await converse(desk_port, lambda client: client.sendmail(MAYA, ["help@desk.example"], mail()))
    assert refused.value.smtp_code == 451
    await converse(desk_port, lambda client: client.sendmail(MAYA, ["help@desk.example"], mail()))
    assert len(desk.received) == 1


async def test_nothing_is_relayed(stage: StartStage, desk_port: int) -> None:
    await listening(stage, desk_port)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await converse(
            desk_port, lambda client: client.sendmail(MAYA, ["maya@customer.example", "x@desk.example"], mail())
        )
    assert {code for code, _ in refused.value.recipients.values()} == {550}


@pytest.mark.parametrize("announced", [True, False])
async def test_what_is_too_large_is_refused(
    stage: StartStage, desk_port: int, announced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MAIL_BYTES", 10_000)
    assert limits.MAIL_BYTES == 35 * 1024 * 1024
    desk = await listening(stage, desk_port)
    raw = mail("x" * 11_000)

    def say(client: smtplib.SMTP) -> int:
        client.ehlo()
        code, _ = client.mail(MAYA, [f"SIZE={len(raw)}"] if announced else [])
        if announced:
            return code
        client.rcpt("help@desk.example")
        code, _ = client.data(raw)
        client.rset()
        client.sendmail(MAYA, ["help@desk.example"], mail("fits"))
        return code

    assert await converse(desk_port, say) == 552
    assert [item.body for item in desk.inbounds] == ([] if announced else ["fits"])


async def test_lmtp_answers_for_each_recipient(stage: StartStage, desk_port: int) -> None:
    desk = await listening(stage, desk_port, "lmtp")

    def say(client: smtplib.SMTP) -> list[int]:
        client.ehlo()
        client.mail("")
        client.rcpt("help@desk.example")
        client.rcpt("help+two@desk.example")
        codes = [client.data(mail())[0], client.getreply()[0]]
        return [*codes, client.noop()[0]]

    assert await converse(desk_port, say, smtplib.LMTP) == [250, 250, 250]
    assert len(desk.received) == 1
    assert desk.inbounds[0].metadata["automatic"] == "bounce"


async def test_lines_without_end_and_empty_ones_are_no_trouble(stage: StartStage, desk_port: int) -> None:
    desk = await listening(stage, desk_port)
    raw = mail("y" * 300_000 + "\r\n" * 50_000 + "end")
    await converse(desk_port, lambda client: client.sendmail(MAYA, ["help@desk.example"], raw))
    [whole] = desk.inbounds[0].media
    assert (whole.content or b"").startswith(b"y" * 300_000)


async def test_a_dot_within_a_very_long_line_ends_nothing() -> None:
    conversation = listener._Smtp(listener._Handler(_nobody, _nowhere))
    conversation._reader = asyncio.StreamReader(limit=65_536)
    conversation._reader.feed_data(b"y" * 70_000 + b".")
    content = asyncio.ensure_future(conversation._content())
    for _ in range(3):  # turns of the loop: the first piece is read
        await asyncio.sleep(0)
    assert len(conversation._reader._buffer) == 1  # type: ignore[attr-defined]
    conversation._reader.feed_data(b"\r\nMAIL FROM:<boss@desk.example>\r\n.\r\n")
    assert await content == b"y" * 70_000 + b".\r\nMAIL FROM:<boss@desk.example>\r\n"


async def _nobody(address: str) -> bool:
    return False


async def _nowhere(raw: bytes, envelope: Envelope) -> None:
    raise AssertionError("nothing is stored here")


async def test_too_many_at_once_are_told_to_come_later(
    stage: StartStage, desk_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "_AT_ONCE", 1)
    await listening(stage, desk_port)

    def say(client: smtplib.SMTP) -> int:
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", desk_port, timeout=60)
        return refused.value.smtp_code

    assert await converse(desk_port, say) == 421
    assert await converse(desk_port, lambda client: client.noop()[0]) == 250


async def test_a_port_that_is_taken_is_said(stage: StartStage) -> None:
    port = find_free_port()
    with socket.create_server(("127.0.0.1", port)):
        desk = stage(listen_port=port)
        desk.start()
        [health] = await desk.health.wait(1)
        assert health.state is HealthState.DOWN
        assert str(port) in (health.reason or "")
    await desk.healthy()


async def test_a_mail_that_was_kept_is_read_again(stage: StartStage) -> None:
    desk = stage(address="help@desk.example")
    raw = mail("Is the lamp back?\r\n", To="help@desk.example")
    [said] = await desk.channel.reread(raw)
    assert isinstance(said, Inbound)
    assert (said.sender, said.recipient, said.body) == (MAYA, "help@desk.example", "Is the lamp back?")
