"""Tokens that an identity provider signed."""

from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

# Public-key signatures alone: with a shared secret, or none, whoever sees a token could write one.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


def claims_of(token: str, keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The claims, where one of the keys signed them; a key for encryption signs nothing."""
    for one in keys:
        if one.get("use", "sig") != "sig" or one.get("kty") == "oct":
            continue
        try:
            found = jwt.decode(token, KeySet.import_key_set({"keys": [dict(one)]}), algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        return found.claims
    return None
