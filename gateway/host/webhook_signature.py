"""The signature of outgoing webhooks, as Standard Webhooks define it: HMAC-SHA256 over id, time and body."""

import base64
import hmac
from collections.abc import Sequence

from gateway.domain.webhooks import SECRET_PREFIX

KEY_BYTES = 32


def written_secret(key: bytes) -> str:
    """A key as people copy it: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def signed_headers(secrets: Sequence[str], webhook_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The three headers. With several secrets there are several signatures, of which one is enough to be believed.

    `seconds` since the epoch is the time of this very try: receivers refuse what is older than a few minutes.
    """
    content = f"{webhook_id}.{seconds}.".encode() + body
    signatures = (
        base64.b64encode(hmac.digest(base64.b64decode(one.removeprefix(SECRET_PREFIX)), content, "sha256")).decode()
        for one in secrets
    )
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
