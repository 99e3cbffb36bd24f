"""Sends that wait: one queue for each sender at each gateway, twice, for people and for bulk.

So a campaign, or a sender that is slow by its own rate, holds up no other queue, and each is claimed for itself.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import BigInteger, Boolean, and_, bindparam, exists, literal_column, select, update

from gateway.domain.model import Work
from gateway.domain.record import record
from gateway.storage.query import Query, constant, in_set
from gateway.storage.schema import gateways, senders, work
from gateway.storage.session import Session
from gateway.storage.work_queue import claim_due, due

SEND = "send"
PROMOTED_AT_ONCE = 500

_QUEUED, _PARKED, _SEND = constant("queued"), constant("parked"), constant(SEND)
_YES, _NO = literal_column("true", Boolean()), literal_column("false", Boolean())
_person = work.alias("person")

# Asked sender by sender, each an index seek: grouping would read every row that waits.
_WAITING = Query(
    select(gateways.c.id, senders.c.id)
    .join(senders, senders.c.workspace_id == gateways.c.workspace_id)
    .where(in_set(gateways.c.id, "gateways"))
    .where(
        exists().where(
            work.c.state == _QUEUED,
            work.c.kind == _SEND,
            work.c.gateway_id == gateways.c.id,
            work.c.bulk == bindparam("bulk"),
            work.c.sender_id == senders.c.id,
            work.c.due_at <= bindparam("now"),
        )
    )
    .order_by(gateways.c.id, senders.c.id)
)
_DUE = Query(
    due.where(
        work.c.kind == _SEND,
        work.c.gateway_id == bindparam("gateway_id"),
        work.c.bulk == bindparam("bulk"),
        work.c.sender_id == bindparam("sender_id"),
    )
)
_STRANDED = Query(
    due.where(work.c.kind == _SEND, work.c.gateway_id == bindparam("gateway_id"), in_set(work.c.sender_id, "senders"))
)
_BEFORE_PEOPLE = Query(
    select(work.c.workspace_id, work.c.id)
    .where(
        work.c.state == _QUEUED,
        work.c.state != _PARKED,
        work.c.kind == _SEND,
        work.c.bulk == _YES,
        work.c.lane.is_not(None),
        work.c.lane.in_(
            select(_person.c.lane).where(
                _person.c.state == _QUEUED,
                _person.c.kind == _SEND,
                in_set(_person.c.gateway_id, "gateways"),
                _person.c.bulk == _NO,
                _person.c.due_at <= bindparam("now"),
            )
        ),
    )
    .order_by(work.c.workspace_id, work.c.id)
    .limit(bindparam("limit", PROMOTED_AT_ONCE, type_=BigInteger))
    .with_for_update(skip_locked=True, of=work)
)
_PROMOTE = Query(
    update(work)
    .where(and_(in_set(work.c.workspace_id, "workspaces"), in_set(work.c.id, "ids")), work.c.state == _QUEUED)
    .values(bulk=_NO)
)


@record
class SendQueue:
    """What waits to leave from one sender through one gateway, for people or in bulk."""

    gateway_id: int
    sender_id: int
    bulk: bool


def waiting(session: Session, gateway_ids: Iterable[int], now: int, *, bulk: bool) -> list[SendQueue]:
    """The queues of these gateways in which something is due."""
    rows = session.rows(_WAITING, gateways=session.set_of(gateway_ids), now=now, bulk=bulk)
    return [SendQueue(gateway_id, sender_id, bulk) for gateway_id, sender_id in rows]


def claim(session: Session, queue: SendQueue, owner: str, now: int, limit: int, lease_ms: int) -> list[Work]:
    """Takes up to `limit` due rows of one queue, the longest due first, and leases them."""
    return claim_due(
        session,
        _DUE,
        owner,
        now,
        limit,
        lease_ms,
        gateway_id=queue.gateway_id,
        sender_id=queue.sender_id,
        bulk=queue.bulk,
    )


def claim_stranded(
    session: Session, gateway_id: int, sender_ids: Collection[int], owner: str, now: int, limit: int, lease_ms: int
) -> list[Work]:
    """Takes due rows of these senders from a gateway that does not send now, to find them another."""
    senders_ = session.set_of(sender_ids)
    return claim_due(session, _STRANDED, owner, now, limit, lease_ms, gateway_id=gateway_id, senders=senders_)


def promote(session: Session, gateway_ids: Iterable[int], now: int) -> int:
    """A reply waits for what is older in its thread: where that is bulk, it goes with the people's. Answers how many.

    Otherwise a campaign would hold up, behind all its other messages, the one person somebody wants to answer.
    """
    rows = session.rows(_BEFORE_PEOPLE, gateways=session.set_of(gateway_ids), now=now)
    if not rows:
        return 0
    workspaces = session.set_of({workspace_id for workspace_id, _ in rows})
    return session.run(_PROMOTE, workspaces=workspaces, ids=session.set_of(id_ for _, id_ in rows))
