"""Chat targets as they are read."""

from collections.abc import Iterable

from sqlalchemy import Text, bindparam, select

from gateway.domain.chat import ChatTarget
from gateway.storage.query import Query, constant, in_set
from gateway.storage.records import CHAT_TARGETS
from gateway.storage.schema import chat_targets, work
from gateway.storage.session import Session

_LIVE = Query(
    CHAT_TARGETS.select()
    .where(chat_targets.c.workspace_id == bindparam("workspace_id"), chat_targets.c.removed_at.is_(None))
    .order_by(chat_targets.c.id)
)
# Locked, so that a row which is there when it is looked for is claimed after what was added for it is committed.
_WAITING = Query(
    select(work.c.subject_id)
    .where(work.c.workspace_id == bindparam("workspace_id"), work.c.state == constant("queued"))
    .where(work.c.kind == bindparam("kind", type_=Text), in_set(work.c.subject_id, "ids"))
    .with_for_update()
)


def chat_targets_of(session: Session, workspace_id: int) -> list[ChatTarget]:
    """Those that were not removed, oldest first."""
    return CHAT_TARGETS.fetch(session, _LIVE, workspace_id=workspace_id)


def chat_target(session: Session, workspace_id: int, target_id: int) -> ChatTarget | None:
    """One that was not removed."""
    found = CHAT_TARGETS.by(session, workspace_id, "id", [target_id])
    return found[0] if found and found[0].removed_at is None else None


def waited_for(session: Session, workspace_id: int, kind: str, target_ids: Iterable[int]) -> set[int]:
    """Of some targets those for which work of a kind is queued."""
    rows = session.rows(_WAITING, workspace_id=workspace_id, kind=kind, ids=session.set_of(target_ids))
    return {target_id for (target_id,) in rows}
