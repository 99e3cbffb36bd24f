"""Leases: who runs a bind or a mailbox. Time is the database's, and the epoch is the fencing token.

An owner that was paused, and wakes still believing that it holds the lease, is found out by its old epoch.
"""

from sqlalchemy import BigInteger, bindparam, case, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from gateway.domain.record import record
from gateway.storage.clock import database_now
from gateway.storage.query import Query
from gateway.storage.schema import leases
from gateway.storage.session import Session


@record
class Lease:
    """`owner` may act under `name` until `expires_at` (database milliseconds); `epoch` grows with each holder."""

    name: str
    owner: str
    epoch: int
    expires_at: int


_ZERO = literal_column("0", BigInteger)
_ONE = literal_column("1", BigInteger)
_expired = leases.c.expires_at <= database_now()
_until = database_now() + bindparam("ttl_ms", type_=BigInteger)
_new = insert(leases).values(
    name=bindparam("name"), owner=bindparam("owner"), epoch=literal_column("1"), expires_at=_until
)
_ACQUIRE = Query(
    _new.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "owner": _new.excluded.owner,
            "epoch": leases.c.epoch + case((_expired, _ONE), else_=_ZERO),
            "expires_at": _new.excluded.expires_at,
        },
        where=_expired | (leases.c.owner == _new.excluded.owner),
    ).returning(leases.c.epoch, leases.c.expires_at)
)
_mine = (
    (leases.c.name == bindparam("its_name"))
    & (leases.c.owner == bindparam("its_owner"))
    & (leases.c.epoch == bindparam("its_epoch"))
)
_RENEW = Query(
    update(leases)
    .where(_mine, leases.c.expires_at > database_now())
    .values(expires_at=_until)
    .returning(leases.c.epoch, leases.c.expires_at)
)
_RELEASE = Query(update(leases).where(_mine).values(expires_at=_ZERO))
_CHECK = Query(select(leases.c.epoch).where(_mine).with_for_update(read=True))
_HELD = Query(
    select(leases.c.name, leases.c.owner, leases.c.epoch, leases.c.expires_at)
    .where(leases.c.expires_at > database_now())
    .order_by(leases.c.name)
)


def acquire(session: Session, name: str, owner: str, ttl_ms: int) -> Lease | None:
    """Takes a free or expired lease, with a new epoch, or renews one's own; None while another holds it."""
    row = session.first(_ACQUIRE, name=name, owner=owner, ttl_ms=ttl_ms)
    return None if row is None else Lease(name, owner, *row)


def renew(session: Session, lease: Lease, ttl_ms: int) -> Lease | None:
    """Holds on for another `ttl_ms`; None when it ended meanwhile: stop at once, and acquire anew."""
    row = session.first(_RENEW, its_name=lease.name, its_owner=lease.owner, its_epoch=lease.epoch, ttl_ms=ttl_ms)
    return None if row is None else Lease(lease.name, lease.owner, *row)


def release(session: Session, lease: Lease) -> None:
    """Gives a lease back, so that the next owner need not wait; nothing happens if another holds it already."""
    session.run(_RELEASE, its_name=lease.name, its_owner=lease.owner, its_epoch=lease.epoch)


def is_current(session: Session, lease: Lease) -> bool:
    """The fencing check: nobody has taken over, and nobody can before this transaction ends."""
    return session.first(_CHECK, its_name=lease.name, its_owner=lease.owner, its_epoch=lease.epoch) is not None


def held(session: Session) -> list[Lease]:
    """All leases that somebody holds now, by name."""
    return [Lease(*row) for row in session.rows(_HELD)]
