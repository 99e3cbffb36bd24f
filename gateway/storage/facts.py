"""Small facts beside the model that only the writer and its helpers touch: keys, parked things, counters."""

from gateway.domain.record import record

BUCKET_MS = 32 * 86_400_000


def bucket_of(at: int) -> int:
    """Which 32-day bucket a moment falls into. Keys are looked up in the current and the previous one."""
    return at // BUCKET_MS


@record
class InboundKey:
    """A provider message that was stored. A random key over all time would make inserts three times dearer."""

    bucket: int
    key: str
    workspace_id: int
    message_id: int | None = None


@record
class ProviderKey:
    """Which part a provider's message id names."""

    bucket: int
    key: str
    workspace_id: int
    message_id: int
    part_index: int


@record
class ParkedReceipt:
    """A receipt that came before its part was known, under one spelling of its id."""

    key: str
    receipt_id: int
    workspace_id: int
    at: int


@record
class PendingPart:
    """One part of a long inbound message that is not complete yet."""

    workspace_id: int
    key: str
    index: int
    body: str
    at: int
    provider_id: str | None = None


@record
class RawPayload:
    """What could not be read, base64, kept for 30 days."""

    workspace_id: int
    id: int
    gateway_id: int
    at: int
    reason: str
    content: str


@record
class IdempotencyKey:
    """An answered POST: the same key and body get the same answer again for 7 days."""

    workspace_id: int
    user_id: int
    key: str
    digest: str
    status: int
    answer: str
    at: int


@record
class ConversationTag:
    """A tag on a conversation."""

    workspace_id: int
    conversation_id: int
    tag_id: int


@record
class Draft:
    """What a user has typed in a thread and not sent, the uploads that were to go with it, and a note half written.

    One that was sent or emptied is kept blank for a while: what a browser still has of before `at` is out of date, but
    for what was typed in the very `tab` that wrote it last.
    """

    workspace_id: int
    user_id: int
    thread_id: int
    body: str
    at: int
    subject: str | None = None
    media_ids: tuple[int, ...] = ()
    note: str = ""
    tab: str | None = None

    @property
    def holds_anything(self) -> bool:
        """Whether it is more than blanks."""
        return bool(self.body.strip() or self.note.strip() or self.media_ids)


@record
class ViewCount:
    """How many conversations have this state and owner (0: none), so that counts beside views are never counted."""

    workspace_id: int
    state: str
    user_id: int
    group_id: int
    count: int
