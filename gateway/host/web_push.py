"""Web push: content that only the browser can read (RFC 8291, RFC 8188), and proof of who sends it (VAPID, RFC 8292).

Written out on `cryptography`, which seals our settings anyway: the usual library brings an HTTP client of its own, and
that one knows nothing of the guard every outgoing request passes (docs/decisions/0023-web-push.md).
"""

import base64
import binascii
import json
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from gateway.domain.record import record

MOST_PLAIN = 3_993
"""Octets of content: 4,096 are all a push service must take (RFC 8030), less header, padding and tag."""

_RECORD = 4_096
_VALID_S = 12 * 3_600
_CURVE = ec.SECP256R1()


class BadKeys(ValueError):
    """What a browser gave as its keys is none."""


@record
class Receiver:
    """A browser's keys."""

    point: bytes
    auth: bytes

    @classmethod
    def read(cls, p256dh: str, auth: str) -> "Receiver":
        """From URL-safe base64, padded or not. Raises BadKeys."""
        try:
            point, secret = from_base64(p256dh), from_base64(auth)
            ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
        except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
            raise BadKeys("p256dh must be a point of P-256 in URL-safe base64.") from error
        if len(secret) != 16 or len(point) != 65:
            raise BadKeys("auth must be 16 octets, p256dh 65, in URL-safe base64.")
        return cls(point, secret)


def encrypt(content: bytes, receiver: Receiver, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body of a push. `own` and `salt` (16 octets) are made anew for each. ValueError when it is too long."""
    if len(content) > MOST_PLAIN:
        raise ValueError(f"a push carries at most {MOST_PLAIN} octets; this has {len(content)}")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, receiver.point)
    point = point_of(own)
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _hkdf(receiver.auth, b"WebPush: info\0" + receiver.point + point, 32, shared)
    key = _hkdf(salt, b"Content-Encoding: aes128gcm\0", 16, secret)
    nonce = _hkdf(salt, b"Content-Encoding: nonce\0", 12, secret)
    header = salt + _RECORD.to_bytes(4, "big") + len(point).to_bytes(1, "big") + point
    return header + AESGCM(key).encrypt(nonce, content + b"\x02", None)


@record
class Vapid:
    """The installation's own key pair. `contact` is whom a push service writes to: a https: or mailto: address."""

    key: ec.EllipticCurvePrivateKey
    contact: str

    @property
    def public_key(self) -> str:
        """What browsers subscribe with (`applicationServerKey`)."""
        return to_base64(point_of(self.key))

    def authorization(self, endpoint: str, now: int) -> str:
        """The header for a push to this endpoint; `now` in milliseconds."""
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now // 1000 + _VALID_S, "sub": self.contact}
        signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(SHA256())))
        signature = to_base64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={signed}.{signature}, k={self.public_key}"


def fresh_key() -> bytes:
    """A new private key, as it is kept."""
    return ec.generate_private_key(_CURVE).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_key(kept: bytes) -> ec.EllipticCurvePrivateKey:
    """A private key as it was kept."""
    key = load_pem_private_key(kept, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the key kept for web push is not one of an elliptic curve")
    return key


def one_time_key() -> ec.EllipticCurvePrivateKey:
    """For one push alone."""
    return ec.generate_private_key(_CURVE)


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, uncompressed."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_base64(content: bytes) -> str:
    """URL-safe, without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_base64(text: str) -> bytes:
    """The same back. ValueError for anything else."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def _hkdf(salt: bytes, info: bytes, length: int, key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(key)


def _json(content: object) -> str:
    return to_base64(json.dumps(content, separators=(",", ":")).encode())
