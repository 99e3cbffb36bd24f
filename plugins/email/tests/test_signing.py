"""DKIM: what leaves verifies with the key in the DNS, and no longer once somebody changed it."""

from base64 import b64encode

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.sdk import HealthState, SendErrorKind, SendResult
from gateway.testing import Failure

from .conftest import StartStage
from .peer import Peer
from .values import outbound


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()


def in_the_dns(key: rsa.RSAPrivateKey) -> bytes:
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(spki)


async def test_a_signed_mail_verifies(stage: StartStage, key: rsa.RSAPrivateKey) -> None:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return in_the_dns(key)

    async with Peer() as peer:
        shop = stage(smtp_port=peer.port, dkim_selector="mail2026", dkim_key=pem(key))
        assert isinstance(await shop.send(outbound("Gr\u00fc\u00dfe\n.\nwith a dot")), SendResult)
    content = peer.mails[0].content
    assert isinstance(content, bytes)
    assert dkim.verify(content, dnsfunc=dns)
    assert asked == [b"mail2026._domainkey.shop.example."]
    assert not dkim.verify(content.replace(b"Subject: ", b"Subject: not "), dnsfunc=dns)
    assert not dkim.verify(content.replace(b"with a dot", b"with a dog"), dnsfunc=dns)


async def test_a_key_that_is_none_stops_the_gateway_with_a_sentence(stage: StartStage) -> None:
    async with Peer() as peer:
        shop = stage(smtp_port=peer.port, dkim_selector="mail2026", dkim_key="not a key at all")
        outcome = await shop.send(outbound())
        health = await shop.channel.check()
    assert isinstance(outcome, Failure)
    assert outcome.kind is SendErrorKind.MISCONFIGURED
    assert health.state is HealthState.DOWN
    assert "RSA" in (health.reason or "")
    assert not peer.mails.items
