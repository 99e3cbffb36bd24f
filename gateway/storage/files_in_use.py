"""Which stored files something still names: those of messages, uploads and formatted mails alike."""

from collections.abc import Collection

from sqlalchemy import select

from gateway.storage.query import Query, in_set
from gateway.storage.schema import media
from gateway.storage.session import Session

_NAMED = Query(select(media.c.blob).where(in_set(media.c.blob, "blobs")))


def named(session: Session, blobs: Collection[str]) -> set[str]:
    """Those of these blobs that are some file's, in whatever workspace."""
    return {blob for (blob,) in session.rows(_NAMED, blobs=session.set_of(blobs))}
