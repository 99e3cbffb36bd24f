"""Reading a mailbox on a real IMAP server: what was there, what comes, what came while we were away."""

import asyncio

import pytest

from gateway.sdk import HealthState, Inbound, SendErrorKind
from gateway.testing import Failure, Stage
from gateway_email.channel import EmailChannel

from .conftest import StartStage
from .dovecot import PASSWORD, Dovecot
from .values import mail, outbound


def bodies(stage: Stage[EmailChannel]) -> list[str]:
    return [item.body for item in stage.received if isinstance(item, Inbound)]


async def deliver(dovecot: Dovecot, mailbox: str, *words: str) -> None:
    for one in words:
        await asyncio.to_thread(dovecot.deliver, mail(one, To=mailbox), mailbox)


async def test_what_waits_unread_and_what_comes(stage: StartStage, dovecot: Dovecot, mailbox: str) -> None:
    await deliver(dovecot, mailbox, "waited")
    shop = stage(imap_port=dovecot.imap)
    shop.start()
    await shop.received.wait(1)
    await shop.healthy()
    await deliver(dovecot, mailbox, "first", "second")
    await shop.received.wait(3)
    assert bodies(shop) == ["waited", "first", "second"]
    assert {item.recipient for item in shop.inbounds} == {mailbox}
    assert len(dovecot.mails(mailbox)) == 3


async def test_the_place_is_kept_over_restarts(stage: StartStage, dovecot: Dovecot, mailbox: str) -> None:
    before = stage(imap_port=dovecot.imap)
    before.start()
    await before.healthy()
    await deliver(dovecot, mailbox, "one")
    await before.received.wait(1)
    await before.stop()
    await deliver(dovecot, mailbox, "two", "three")
    after = stage(imap_port=dovecot.imap)
    after.start()
    await after.received.wait(2)
    await after.healthy()
    assert bodies(after) == ["two", "three"]


async def test_a_mail_that_cannot_be_stored_is_offered_again_in_order(
    stage: StartStage, dovecot: Dovecot, mailbox: str
) -> None:
    shop = stage(imap_port=dovecot.imap)
    shop.refusals = 2
    await deliver(dovecot, mailbox, "one", "two")
    shop.start()
    await shop.received.wait(2)
    assert bodies(shop) == ["one", "two"]
    assert any(health.state is HealthState.DEGRADED for health in shop.health)


async def test_a_server_that_goes_away_is_found_again(stage: StartStage, mailbox: str) -> None:
    server = Dovecot()
    try:
        await asyncio.to_thread(server.start)
        shop = stage(imap_port=server.imap)
        shop.start()
        await shop.healthy()
        await asyncio.to_thread(server.halt)
        # Its processes end one after the other, the one that holds our connection last.
        await shop.health.wait(wanted=lambda health: health.state is HealthState.DOWN, seconds=60)
        await asyncio.to_thread(server.start)
        await deliver(server, mailbox, "while you were away")
        await shop.received.wait(1)
        assert bodies(shop) == ["while you were away"]
    finally:
        await asyncio.to_thread(server.stop)


async def test_a_mailbox_that_is_numbered_anew_loses_nothing(stage: StartStage, dovecot: Dovecot, mailbox: str) -> None:
    before = stage(imap_port=dovecot.imap)
    before.start()
    await before.healthy()
    await deliver(dovecot, mailbox, "one")
    await before.received.wait(1)
    await before.stop()
    store = before.channel.context.store
    await store.put("imap-place", {**await store.get("imap-place"), "validity": 1})
    await deliver(dovecot, mailbox, "two")
    after = stage(imap_port=dovecot.imap)
    after.start()
    await after.received.wait(2)
    assert sorted(bodies(after)) == ["one", "two"]
    # The core knows the first by its name.
    assert before.inbounds[0].provider_id in {item.provider_id for item in after.inbounds}


async def test_a_wrong_password_is_said(stage: StartStage, dovecot: Dovecot) -> None:
    shop = stage(imap_port=dovecot.imap, imap_password="wrong")
    shop.start()
    [health] = await shop.health.wait(1)
    assert health.state is HealthState.DOWN
    assert "refused the login" in (health.reason or "")
    assert "wrong" not in str(shop.trace)


async def test_a_folder_that_is_not_there_is_said(stage: StartStage, dovecot: Dovecot) -> None:
    shop = stage(imap_port=dovecot.imap, imap_folder="Nowhere")
    shop.start()
    [health] = await shop.health.wait(1)
    assert health.state is HealthState.DOWN


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_encrypted_and_only_with_a_certificate_we_trust(
    stage: StartStage, dovecot: Dovecot, mailbox: str, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = dovecot.imaps if security == "tls" else dovecot.imap
    stranger = stage(imap_port=port, imap_security=security, imap_host="localhost")
    stranger.start()
    [health] = await stranger.health.wait(1)
    assert health.state is HealthState.DOWN
    assert "certificate" in (health.reason or "").lower()
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    await deliver(dovecot, mailbox, "in private")
    trusted = stage(imap_port=port, imap_security=security, imap_host="localhost")
    trusted.start()
    await trusted.received.wait(1)
    assert bodies(trusted) == ["in private"]


async def test_the_test_button_signs_in(stage: StartStage, dovecot: Dovecot) -> None:
    assert (await stage(imap_port=dovecot.imap).channel.check()).state is HealthState.OK
    refused = await stage(imap_port=dovecot.imap, imap_password=f"not {PASSWORD}").channel.check()
    assert refused.state is HealthState.DOWN


async def test_a_mail_larger_than_is_taken_is_said_and_left(
    stage: StartStage, dovecot: Dovecot, mailbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway_email.imap.MAIL_BYTES", 1000)
    await deliver(dovecot, mailbox, "large " * 1000, "small")
    shop = stage(imap_port=dovecot.imap)
    shop.start()
    await shop.received.wait(2)
    assert "still in the mailbox" in shop.inbounds[0].body
    assert shop.inbounds[0].subject == "Lamp"
    assert shop.inbounds[1].body == "small"


async def test_a_database_that_is_away_ends_nothing(
    stage: StartStage, dovecot: Dovecot, mailbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = stage(imap_port=dovecot.imap)
    store = shop.channel.context.store
    read = type(store).get
    away = [True, True]

    async def get(self: object, key: str) -> object:
        if key == "imap-place" and away:
            away.pop()
            raise RuntimeError("the database is away")
        return await read(self, key)  # type: ignore[arg-type]

    monkeypatch.setattr(type(store), "get", get)
    await deliver(dovecot, mailbox, "patience")
    shop.start()
    await shop.received.wait(1)
    assert bodies(shop) == ["patience"]
    assert shop.health[0].state is not HealthState.OK
    await shop.stop()


async def test_a_send_whose_id_cannot_be_made_is_made_later(
    stage: StartStage, desk_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = stage(smtp_port=desk_port)

    async def get(self: object, key: str) -> object:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(type(shop.channel.context.store), "get", get)
    outcome = await shop.send(outbound())
    assert isinstance(outcome, Failure)
    assert outcome.kind is SendErrorKind.UNAVAILABLE
