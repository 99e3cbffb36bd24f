"""Secrets that are shown once and kept only as their SHA-256."""

import base64
import hashlib
from collections.abc import Callable

BYTES = 32
TOKEN_PREFIX = "oth_"  # noqa: S105 - what a leaked token is recognised by, not a secret


def new_secret(random: Callable[[int], bytes], prefix: str = "") -> str:
    """256 unguessable bits in URL-safe letters; a search costs an attacker more than any hash could slow down."""
    return prefix + written(random(BYTES))


def written(content: bytes) -> str:
    """Bytes in URL-safe letters."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def digest_of(secret: str) -> str:
    """What is stored, and looked up."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
