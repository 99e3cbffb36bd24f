"""Proving who speaks, the same way in both directions: Standard Webhooks, an HMAC of the body, a token, or a word."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from typing import Literal

from gateway.domain.record import record

TOLERANCE_S = 300
KEY_BYTES = 32
"""Random octets of a secret of ours."""
SECRET_PREFIX = "whsec_"  # noqa: S105  what Standard Webhooks call a secret by, and none itself

ProofKind = Literal["standard", "hmac", "bearer", "word"]
"""`standard` is Standard Webhooks, `hmac` an HMAC-SHA256 of the body in hexadecimal, `bearer` a token, `word` the
secret itself in a header of its own."""


@record
class Proof:
    """One way, with its secret. `header` is where an HMAC or a word stands. Without a secret nothing is proved."""

    kind: ProofKind
    secret: str = field(repr=False)
    header: str = "X-Signature"

    def headers(self, identity: str, now_ms: int, body: bytes) -> dict[str, str]:
        """The headers that prove a request is ours; none without a secret. `identity` stays the same over retries."""
        if not self.secret:
            return {}
        match self.kind:
            case "standard":
                return signed_headers((self.secret,), identity, now_ms // 1000, body)
            case "hmac":
                return {self.header: _hex(self.secret, body)}
            case "word":
                return {self.header: self.secret}
            case _:
                return {"Authorization": f"Bearer {self.secret}"}

    def holds(self, headers: Mapping[str, str], now_ms: int, body: bytes) -> bool:
        """Whether the headers (lower case) prove that the provider sent this, compared in constant time.

        Without a secret everything holds: the URL of the webhook is the proof then.
        """
        if not self.secret:
            return True
        match self.kind:
            case "standard":
                return _proves_standard(self.secret, headers, now_ms, body)
            case "hmac":
                given = headers.get(self.header.lower(), "").removeprefix("sha256=")
                return _same(given, _hex(self.secret, body))
            case "word":
                return _same(headers.get(self.header.lower(), ""), self.secret)
            case _:
                return _same(headers.get("authorization", ""), f"Bearer {self.secret}")


def signed_headers(secrets: Sequence[str], identity: str, seconds: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks. With several secrets there are several signatures; one is enough.

    `seconds` since the epoch is the time of this very try: receivers refuse what is older than a few minutes.
    """
    at = str(seconds)
    return {
        "webhook-id": identity,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(f"v1,{_standard(one, identity, at, body)}" for one in secrets),
    }


def written_secret(key: bytes) -> str:
    """A key as people copy it: `whsec_` and base64."""
    return SECRET_PREFIX + b64encode(key).decode()


def _proves_standard(secret: str, headers: Mapping[str, str], now_ms: int, body: bytes) -> bool:
    identity, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (at.isascii() and at.isdecimal()) or abs(now_ms / 1000 - int(at[:15])) > TOLERANCE_S:
        return False
    wanted = _standard(secret, identity, at, body)
    given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split(" ")]
    return any([_same(one, wanted) for one in given])  # noqa: C419  each is compared, whichever is right


def _standard(secret: str, identity: str, at: str, body: bytes) -> str:
    key = secret.encode()
    if secret.startswith(SECRET_PREFIX):
        with suppress(Error):
            key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    signed = b".".join((identity.encode("utf-8", "replace"), at.encode(), body))
    return b64encode(hmac.digest(key, signed, "sha256")).decode()


def _hex(secret: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), body, "sha256").hex()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
