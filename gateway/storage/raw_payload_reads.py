"""What could not be read, for the page that shows it."""

from sqlalchemy import BigInteger, bindparam

from gateway.storage.facts import RawPayload
from gateway.storage.query import Query
from gateway.storage.records import RAW_PAYLOADS
from gateway.storage.schema import raw_payloads
from gateway.storage.session import Session

_NEWEST = Query(
    RAW_PAYLOADS.select()
    .where(
        raw_payloads.c.workspace_id == bindparam("workspace_id"),
        raw_payloads.c.id < bindparam("before", type_=BigInteger),
    )
    .order_by(raw_payloads.c.id.desc())
    .limit(bindparam("limit", type_=BigInteger))
)


def raw_payload_page(session: Session, workspace_id: int, limit: int, before: int = (1 << 63) - 1) -> list[RawPayload]:
    """The newest first, with ids below `before`."""
    return RAW_PAYLOADS.fetch(session, _NEWEST, workspace_id=workspace_id, before=before, limit=limit)
