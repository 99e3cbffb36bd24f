"""The team's library of files, and one person's uploads that wait to be sent."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, bindparam

from gateway.domain.model import Media
from gateway.storage.query import Query
from gateway.storage.records import MEDIA
from gateway.storage.schema import media as table
from gateway.storage.session import Session

NEWEST = (1 << 63) - 1

_LIBRARY = Query(
    MEDIA.select()
    .where(
        table.c.workspace_id == bindparam("workspace_id"),
        table.c.library,
        table.c.removed_at.is_(None),
        table.c.id < bindparam("before", type_=BigInteger),
    )
    .order_by(table.c.id.desc())
    .limit(bindparam("limit", type_=BigInteger))
)


def library(session: Session, workspace_id: int, *, limit: int, before: int = NEWEST) -> list[Media]:
    """Up to `limit` files of the library, the newest first; those older than the one with the id `before`."""
    return MEDIA.fetch(session, _LIBRARY, workspace_id=workspace_id, before=before, limit=limit)


def sendable(session: Session, workspace_id: int, user_id: int, ids: Iterable[int]) -> list[Media]:
    """Of these the user's own uploads that no message carries yet, and the library's, in the order asked for."""
    wanted = list(ids)
    found = {one.id: one for one in MEDIA.by(session, workspace_id, "id", wanted)} if wanted else {}
    return [found[one] for one in wanted if one in found and _is_free(found[one], user_id)]


def _is_free(media: Media, user_id: int) -> bool:
    return media.blob is not None and (media.library or (media.message_id is None and media.user_id == user_id))
