"""Web push against the standard's own example, and against a reader written from the other side."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.host.web_push import (
    MOST_PLAIN,
    BadKeys,
    Receiver,
    Vapid,
    encrypt,
    fresh_key,
    from_base64,
    load_key,
    one_time_key,
    to_base64,
)
from tests.support.push_service import Device, claims_of

# RFC 8291, appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
NOON = 1_790_000_000_000


def test_the_example_of_the_standard() -> None:
    own = ec.derive_private_key(int.from_bytes(from_base64(OWN), "big"), ec.SECP256R1())
    assert to_base64(encrypt(PLAIN, Receiver.read(POINT, AUTH), own, from_base64(SALT))) == BODY


@pytest.mark.parametrize("content", [b"", b"{}", "Zoë \u202e".encode(), b"x" * MOST_PLAIN])
def test_a_browser_reads_it(content: bytes) -> None:
    device = Device()
    keys = device.subscription("https://push.example/1")["keys"]
    body = encrypt(content, Receiver.read(keys["p256dh"], keys["auth"]), one_time_key(), os.urandom(16))
    assert device.read(body) == content
    assert len(body) <= 4_096


def test_what_is_too_long_is_refused() -> None:
    device = Device()
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * (MOST_PLAIN + 1), Receiver(device.point, device.auth), one_time_key(), bytes(16))


@pytest.mark.parametrize(
    ("point", "auth"),
    [
        ("", AUTH),
        ("AAAA", AUTH),
        (POINT[:-4], AUTH),
        (POINT, ""),
        (POINT, "AAAA"),
        ("B" * 87, AUTH),
        ("!", "!"),
        (POINT, AUTH + "AAAA"),
    ],
)
def test_keys_that_are_none(point: str, auth: str) -> None:
    with pytest.raises(BadKeys):
        Receiver.read(point, auth)


def test_the_sender_proves_who_it_is_to_this_service_alone() -> None:
    vapid = Vapid(load_key(fresh_key()), "https://desk.example")
    header = vapid.authorization("https://push.example:8443/device/1?x=y", NOON)
    claims, key = claims_of(header)
    assert claims == {"aud": "https://push.example:8443", "exp": NOON // 1000 + 43_200, "sub": "https://desk.example"}
    assert key == vapid.public_key
