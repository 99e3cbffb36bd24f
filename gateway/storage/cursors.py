"""How far each follower has come. A position is stored in the transaction that did the work up to it."""

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from gateway.storage.query import Query
from gateway.storage.schema import cursors
from gateway.storage.session import Session

_POSITION = Query(
    select(cursors.c.position).where(
        cursors.c.follower == bindparam("follower"), cursors.c.workspace_id == bindparam("workspace_id")
    )
)
_ALL = Query(select(cursors.c.follower, cursors.c.workspace_id, cursors.c.position).order_by(*cursors.primary_key))
_new = insert(cursors)
_ADVANCE = Query(
    _new.on_conflict_do_update(
        index_elements=["follower", "workspace_id"],
        set_={"position": _new.excluded.position},
        where=cursors.c.position == bindparam("before", type_=BigInteger),
    ).returning(cursors.c.position)
)


def position(session: Session, follower: str, workspace_id: int) -> int:
    """Where a follower goes on from; 0 before its first step."""
    return session.scalar(_POSITION, follower=follower, workspace_id=workspace_id) or 0


def advance(session: Session, follower: str, workspace_id: int, before: int, after: int) -> bool:
    """Moves from `before` to `after`. False when another node moved it first: then undo this transaction's work."""
    moved = session.first(_ADVANCE, follower=follower, workspace_id=workspace_id, before=before, position=after)
    return moved is not None


def all_positions(session: Session) -> list[tuple[str, int, int]]:
    """(follower, workspace id, position) of every follower, for metrics."""
    return [(row[0], row[1], row[2]) for row in session.rows(_ALL)]
