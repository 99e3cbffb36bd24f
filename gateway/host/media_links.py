"""Addresses of files that a provider may fetch for a while: nobody can guess one, and a day later it leads nowhere."""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable
from mimetypes import guess_extension

from gateway.domain.model import Media
from gateway.domain.record import record

PATH = "/media/"
LASTING_MS = 24 * 60 * 60 * 1000

_TICKET = struct.Struct(">QQI")  # workspace, file, and the second in which it ends
_MAC = 16
_PURPOSE = b"media link "


@record
class MediaTicket:
    """The file an address leads to."""

    workspace_id: int
    media_id: int


class MediaLinks:
    """`key` is the installation's own secret, so that any node reads what another one signed.

    `public_url` has no slash at the end; `clock` is milliseconds since the epoch.
    """

    def __init__(self, key: bytes, public_url: str, clock: Callable[[], int]) -> None:
        self._key = key
        self._public_url = public_url
        self._clock = clock

    def url(self, media: Media) -> str:
        """Where a provider finds the file, with the ending some of them judge a type by."""
        ends = (self._clock() + LASTING_MS) // 1000
        ticket = _TICKET.pack(media.workspace_id, media.id, ends)
        token = urlsafe_b64encode(ticket + self._sign(ticket)).decode()
        return f"{self._public_url}{PATH}{token}{guess_extension(media.content_type) or ''}"

    def read(self, name: str) -> MediaTicket | None:
        """What the last part of such an address stands for; None when it is not ours, or its time is over."""
        try:
            signed = urlsafe_b64decode(name.partition(".")[0].encode())
            workspace_id, media_id, ends = _TICKET.unpack(signed[: _TICKET.size])
        except (Error, ValueError, struct.error):
            return None
        genuine = hmac.compare_digest(signed[_TICKET.size :], self._sign(signed[: _TICKET.size]))
        return MediaTicket(workspace_id, media_id) if genuine and ends * 1000 > self._clock() else None

    def _sign(self, ticket: bytes) -> bytes:
        return hmac.digest(self._key, _PURPOSE + ticket, "sha256")[:_MAC]
