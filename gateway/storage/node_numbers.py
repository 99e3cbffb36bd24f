"""Numbers for nodes, so that no two processes make the same id. Held under a lease, by the database's clock.

A node that comes back takes its old number; one that is gone for longer than the lease loses it.
"""

from gateway.domain.ids import MAX_NODE
from gateway.storage.leases import Lease, acquire, held
from gateway.storage.session import Session

LEASE_MS = 3_600_000
_PREFIX = "node number "


class NoNumberLeft(Exception):
    """As many processes as there are numbers are running, or were within the last hour."""


def take_number(session: Session, owner: str) -> tuple[int, Lease]:
    """The number of this node, 0 to 1023, and its lease: renew it well within the hour, release it at the end."""
    taken = {lease.name: lease.owner for lease in held(session)}
    wanted = [number for number in range(MAX_NODE + 1) if taken.get(f"{_PREFIX}{number}", owner) == owner]
    for number in sorted(wanted, key=lambda number: f"{_PREFIX}{number}" not in taken):
        lease = acquire(session, f"{_PREFIX}{number}", owner, LEASE_MS)
        if lease is not None:
            return number, lease
    raise NoNumberLeft
