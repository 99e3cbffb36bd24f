"""One thread, or one conversation, with who it belongs to and what went before."""

from sqlalchemy import BigInteger, bindparam, literal_column, select, tuple_

from gateway.domain.address import AddressKind
from gateway.domain.model import Contact, ContactAddress, Conversation, Thread
from gateway.domain.record import record
from gateway.storage.conversation_rows import ConversationRow, addresses_of, contacts_after_merging, rows_of
from gateway.storage.families import family_of
from gateway.storage.inbox import conversation_row
from gateway.storage.query import Query, constant, in_set
from gateway.storage.records import CONVERSATIONS
from gateway.storage.schema import addresses, conversations, threads
from gateway.storage.session import Session
from gateway.storage.sight import Sight

MOST_PREVIOUS = 200

_BY_ADDRESS = Query(
    select(threads.c.id)
    .join(
        addresses,
        (addresses.c.workspace_id == threads.c.workspace_id) & (addresses.c.contact_id == threads.c.contact_id),
    )
    .where(
        addresses.c.workspace_id == bindparam("workspace_id"),
        addresses.c.value == bindparam("value"),
        addresses.c.kind == bindparam("kind"),
        addresses.c.removed_at.is_(None),
    )
)
_LIVE = Query(
    CONVERSATIONS.select().where(
        conversations.c.workspace_id == bindparam("workspace_id"),
        in_set(conversations.c.thread_id, "threads"),
        conversations.c.state != constant("closed"),
    )
)
_CLOSED = Query(
    select(conversations.c.id)
    .where(
        conversations.c.workspace_id == bindparam("workspace_id"),
        in_set(conversations.c.thread_id, "threads"),
        conversations.c.state == constant("closed"),
        tuple_(conversations.c.opened_at, conversations.c.id)
        < tuple_(bindparam("opened_at", type_=BigInteger), bindparam("id", type_=BigInteger)),
    )
    .order_by(conversations.c.opened_at.desc(), conversations.c.id.desc())
    .limit(literal_column(str(MOST_PREVIOUS)))
)


@record
class ThreadView:
    """A thread as it is shown after merging: the winner's. `live` is the conversation that is not closed.

    `threads` are all that are read as this one, itself first. Whether it may be seen is decided by `live`'s owner.
    """

    thread: Thread
    threads: tuple[Thread, ...]
    contact: Contact
    addresses: tuple[ContactAddress, ...]
    live: ConversationRow | None


@record
class ConversationView:
    """A conversation, and the closed ones of the same contact before it, the newest first (at most 200)."""

    row: ConversationRow
    previous: tuple[int, ...]


def thread_by_address(session: Session, workspace_id: int, kind: AddressKind, value: str) -> Thread | None:
    """The thread of whoever has this canonical address now."""
    id_ = session.scalar(_BY_ADDRESS, workspace_id=workspace_id, kind=str(kind), value=value)
    return None if id_ is None else family_of(session, workspace_id, id_)[0]


def thread_view(session: Session, workspace_id: int, user_id: int, thread_id: int) -> ThreadView | None:
    """A thread, asked for by its id or that of one merged into it. `user_id` is whose unread counts."""
    family = family_of(session, workspace_id, thread_id)
    if not family:
        return None
    root = family[0]
    contact = contacts_after_merging(session, workspace_id, [root.contact_id])[root.contact_id]
    live = _live(session, workspace_id, family)
    rows = rows_of(session, workspace_id, user_id, [live] if live else [])
    return ThreadView(
        thread=root,
        threads=tuple(family),
        contact=contact,
        addresses=addresses_of(session, workspace_id, [contact.id]).get(contact.id, ()),
        live=rows[0] if rows else None,
    )


def _live(session: Session, workspace_id: int, family: list[Thread]) -> Conversation | None:
    ids = session.set_of(thread.id for thread in family)
    found = CONVERSATIONS.fetch(session, _LIVE, workspace_id=workspace_id, threads=ids)
    return max(found, key=lambda one: (one.opened_at, one.id), default=None)


def conversation_view(session: Session, sight: Sight, conversation_id: int) -> ConversationView | None:
    """A conversation that may be seen; None otherwise."""
    row = conversation_row(session, sight, conversation_id)
    if row is None:
        return None
    family = family_of(session, sight.workspace_id, row.thread.id)
    ids = session.set_of(thread.id for thread in family)
    opened_at = row.conversation.opened_at
    closed = session.rows(
        _CLOSED, workspace_id=sight.workspace_id, threads=ids, opened_at=opened_at, id=conversation_id
    )
    return ConversationView(row, tuple(id_ for (id_,) in closed))
