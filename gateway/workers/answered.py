"""Which message another one answers, for channels whose messages refer back to each other."""

from functools import partial

import structlog

from gateway.core.commands.messages import Start
from gateway.domain.model import Direction, Message, Work
from gateway.domain.record import replace
from gateway.sdk.channel import Channel
from gateway.sdk.values import EarlierMessage
from gateway.storage.database import Database, StorageUnavailable
from gateway.storage.message_reads import message_before
from gateway.storage.records import MESSAGES
from gateway.storage.session import Session

_log = structlog.get_logger(__name__)


async def refer_back(database: Database, channel: Channel, begun: Start, work: Work) -> Start:
    """The same send with what it answers. Where the database can't say now, it leaves without: it was begun."""
    if not channel.refers_back:
        return begun
    try:
        before = await database.read(partial(_before, workspace_id=work.workspace_id, message_id=work.subject_id or 0))
    except StorageUnavailable:
        _log.warning("a message leaves without what it answers", work=work.id)
        return begun
    if before is None:
        return begun
    inbound = before.direction is Direction.INBOUND
    answers = EarlierMessage(inbound, before.subject, before.metadata)
    return replace(begun, outbound=replace(begun.outbound, answers=answers))


def _before(session: Session, workspace_id: int, message_id: int) -> Message | None:
    found: list[Message] = MESSAGES.by(session, workspace_id, "id", [message_id])
    return message_before(session, found[0]) if found else None
