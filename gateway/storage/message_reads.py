"""Messages with what is kept beside them: the provider's parts, their media, and the receipts as they came."""

from collections.abc import Iterable

from sqlalchemy import bindparam, or_, select

from gateway.domain.model import Direction, Media, Message, Part, ReceiptRecord
from gateway.domain.record import record
from gateway.domain.status import FAILURES, Status
from gateway.storage.query import Query, in_set
from gateway.storage.records import MEDIA, MESSAGES, PARTS, RECEIPTS
from gateway.storage.schema import entries
from gateway.storage.schema import messages as table
from gateway.storage.session import Session

_ARRIVED = (Status.RECEIVED, Status.SENT, Status.DELIVERED, Status.READ)
_EARLIER = Query(
    MESSAGES.select()
    .join(
        entries,
        (entries.c.workspace_id == table.c.workspace_id) & (entries.c.message_id == table.c.id),
    )
    .where(
        entries.c.workspace_id == bindparam("workspace_id"),
        entries.c.thread_id == bindparam("thread_id"),
        table.c.id < bindparam("before"),
        table.c.channel == bindparam("channel"),
        table.c.their_address == bindparam("address"),
        or_(*(table.c.status == str(one) for one in _ARRIVED)),
    )
    .order_by(entries.c.seq.desc())
    .limit(1)
)


@record
class MessageView:
    """A message as it is shown; parts by index, media in the message's order. `retried`: it was sent again."""

    message: Message
    parts: tuple[Part, ...] = ()
    media: tuple[Media, ...] = ()
    retried: bool = False


def message_views(session: Session, workspace_id: int, ids: Iterable[int]) -> dict[int, MessageView]:
    """Messages by id; those there are."""
    messages = MESSAGES.by(session, workspace_id, "id", ids)
    sent = [message.id for message in messages if message.direction is Direction.OUTBOUND]
    parts: dict[int, list[Part]] = {}
    for part in sorted(PARTS.by(session, workspace_id, "message_id", sent) if sent else (), key=lambda one: one.index):
        parts.setdefault(part.message_id, []).append(part)
    failed = [message.id for message in messages if message.status in FAILURES]
    again = retried(session, workspace_id, failed) if failed else frozenset()
    media_ids = {id_ for message in messages for id_ in message.media_ids}
    media = {one.id: one for one in MEDIA.by(session, workspace_id, "id", media_ids)} if media_ids else {}
    return {
        message.id: MessageView(
            message,
            tuple(parts.get(message.id, ())),
            tuple(media[id_] for id_ in message.media_ids if id_ in media),
            message.id in again,
        )
        for message in messages
    }


def message_view(session: Session, workspace_id: int, message_id: int) -> MessageView | None:
    """One message."""
    return message_views(session, workspace_id, [message_id]).get(message_id)


_RETRIED = Query(
    select(table.c.retry_of).where(
        table.c.workspace_id == bindparam("workspace_id"),
        in_set(table.c.retry_of, "ids"),
        table.c.status != str(Status.CANCELLED),
    )
)


def retried(session: Session, workspace_id: int, ids: Iterable[int]) -> frozenset[int]:
    """Those of these messages that were sent again already."""
    return frozenset(row[0] for row in session.rows(_RETRIED, workspace_id=workspace_id, ids=session.set_of(ids)))


def receipts_of(session: Session, workspace_id: int, message_id: int) -> list[ReceiptRecord]:
    """Every receipt of a message, in the order they came."""
    return sorted(RECEIPTS.by(session, workspace_id, "message_id", [message_id]), key=lambda one: (one.at, one.id))


def message_before(session: Session, message: Message) -> Message | None:
    """The newest message of the thread before this one that arrived, of its channel and with the same address."""
    found = MESSAGES.fetch(
        session,
        _EARLIER,
        workspace_id=message.workspace_id,
        thread_id=message.thread_id,
        before=message.id,
        channel=message.channel,
        address=message.their_address,
    )
    return found[0] if found else None
