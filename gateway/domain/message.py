"""Messages of either direction, their parts, receipts and files.

Part of the model (`domain/model.py`), where the conventions are said.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from gateway.domain.address import AddressKind
from gateway.domain.encoding import Encoding
from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.domain.status import Status


class Direction(StrEnum):
    """MO or MT."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


@record
class Message:
    """A message of either direction. Content is fixed once it left (editable only while scheduled); status moves.

    `address_*` are the canonical addresses: ours in `our_address`, the contact's in `their_address`. `route` keeps each
    resolver's vote for "Why this number?". `quoted` is what an e-mail repeats of earlier ones, apart from `body`;
    `html_id` the file that holds the message formatted, sanitised. `cause` is what led to it where no
    person did, and so to everything that is told of it later.
    """

    workspace_id: int
    id: int
    thread_id: int
    contact_id: int
    direction: Direction
    channel: str
    nature: Nature
    status: Status
    body: str
    our_address: str
    their_address: str
    created_at: int
    their_kind: AddressKind = AddressKind.PHONE
    conversation_id: int | None = None
    subject: str | None = None
    sender_id: int | None = None
    gateway_id: int | None = None
    encoding: Encoding | None = None
    units: int = 0
    segments: int = 0
    cost_micros: int | None = None
    currency: str | None = None
    author: str = ""
    author_name: str | None = None
    purpose: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    error_provider_code: str | None = None
    error_retryable: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    route: tuple[Mapping[str, Any], ...] = ()
    media_ids: tuple[int, ...] = ()
    appended: str | None = None
    retry_of: int | None = None
    attempts: int = 0
    send_at: int | None = None
    expires_at: int | None = None
    sent_at: int | None = None
    delivered_at: int | None = None
    incomplete: bool = False
    quoted: str | None = None
    html_id: int | None = None
    cause: str | None = None


@record
class Part:
    """One segment of an outbound message as the provider knows it."""

    workspace_id: int
    message_id: int
    index: int
    status: Status
    provider_id: str | None = None
    code: str | None = None
    updated_at: int | None = None


@record
class ReceiptRecord:
    """A provider's report as it came; `message_id` is None while its part is unknown (`lookup` finds it later)."""

    workspace_id: int
    id: int
    gateway_id: int
    at: int
    provider_id: str
    lookups: tuple[str, ...] = ()
    message_id: int | None = None
    part_index: int | None = None
    status: Status | None = None
    code: str | None = None
    text: str | None = None
    raw: bytes = b""


@record
class Media:
    """A picture or file. `state` is pending, stored or unavailable; `blob` names its bytes in the blob store.

    `content_id` is what the message's own HTML calls it by. One in the `library` is the team's and no message's own:
    many may carry it, and from `removed_at` on it is not offered any more.
    """

    workspace_id: int
    id: int
    content_type: str
    state: str
    created_at: int
    size: int | None = None
    name: str | None = None
    url: str | None = None
    blob: str | None = None
    message_id: int | None = None
    gateway_id: int | None = None
    user_id: int | None = None
    content_id: str | None = None
    library: bool = False
    removed_at: int | None = None
