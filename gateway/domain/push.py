"""Devices that are told of new messages by web push."""

from gateway.domain.record import record

MOST_DEVICES = 20
"""Of one user: the oldest makes room."""


@record
class PushSubscription:
    """One browser of one user. `endpoint` is its push service's address for it.

    `p256dh` (an uncompressed point of P-256) and `auth` (16 octets) are its keys, in unpadded URL-safe base64.
    `session_id` is the sign-in it was made under: a device that signs out is told nothing more.
    """

    workspace_id: int
    id: int
    user_id: int
    endpoint: str
    p256dh: str
    auth: str
    created_at: int
    session_id: int | None = None
    label: str | None = None
