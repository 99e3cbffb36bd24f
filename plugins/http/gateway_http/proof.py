"""Proving who speaks, the same way in both directions: Standard Webhooks, an HMAC of the body, or a bearer token."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping

from gateway_http.settings import Settings

TOLERANCE_S = 300
_PREFIX = "whsec_"


def prove(settings: Settings, identity: str, now_ms: int, body: bytes) -> dict[str, str]:
    """The headers that prove a request is ours; none without a secret. `identity` stays the same over retries."""
    if not settings.secret:
        return {}
    match settings.signing:
        case "standard":
            at = str(now_ms // 1000)
            return {
                "webhook-id": identity,
                "webhook-timestamp": at,
                "webhook-signature": f"v1,{_standard(settings.secret, identity, at, body)}",
            }
        case "hmac":
            return {settings.signature_header: _hex(settings.secret, body)}
        case _:
            return {"Authorization": f"Bearer {settings.secret}"}


def proves(settings: Settings, headers: Mapping[str, str], now_ms: int, body: bytes) -> bool:
    """Whether the headers (lower case) prove that the provider sent this. Without a secret the URL is the proof."""
    if not settings.secret:
        return True
    match settings.signing:
        case "standard":
            return _proves_standard(settings.secret, headers, now_ms, body)
        case "hmac":
            given = headers.get(settings.signature_header.lower(), "").removeprefix("sha256=")
            return _same(given, _hex(settings.secret, body))
        case _:
            return _same(headers.get("authorization", ""), f"Bearer {settings.secret}")


def _proves_standard(secret: str, headers: Mapping[str, str], now_ms: int, body: bytes) -> bool:
    identity, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (at.isascii() and at.isdecimal()) or abs(now_ms / 1000 - int(at[:15])) > TOLERANCE_S:
        return False
    wanted = _standard(secret, identity, at, body)
    given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split(" ")]
    return any([_same(one, wanted) for one in given])  # noqa: C419  each is compared, whichever is right


def _standard(secret: str, identity: str, at: str, body: bytes) -> str:
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True) if secret.startswith(_PREFIX) else secret.encode()
    except Error:
        key = secret.encode()
    signed = b".".join((identity.encode("utf-8", "replace"), at.encode(), body))
    return b64encode(hmac.digest(key, signed, "sha256")).decode()


def _hex(secret: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), body, "sha256").hex()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
