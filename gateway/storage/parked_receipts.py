"""Receipts that wait for their part."""

from sqlalchemy import bindparam, select

from gateway.storage.facts import bucket_of
from gateway.storage.query import Query
from gateway.storage.schema import parked_receipts, provider_keys
from gateway.storage.session import Session

_FINDABLE = Query(
    select(parked_receipts.c.workspace_id, parked_receipts.c.key)
    .join(provider_keys, provider_keys.c.key == parked_receipts.c.key)
    .where(
        provider_keys.c.bucket.in_([bindparam("bucket"), bindparam("previous")]),
        provider_keys.c.workspace_id == parked_receipts.c.workspace_id,
    )
    .limit(bindparam("limit"))
)


def findable(session: Session, now: int, limit: int = 200) -> dict[int, set[str]]:
    """Keys, by workspace, under which a receipt is parked although its part is known by now."""
    found: dict[int, set[str]] = {}
    for workspace_id, key in session.rows(_FINDABLE, bucket=bucket_of(now), previous=bucket_of(now) - 1, limit=limit):
        found.setdefault(workspace_id, set()).add(key)
    return found
