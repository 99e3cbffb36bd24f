"""Rows of the list: conversations with what is shown beside them, each loaded for the whole page at once."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from gateway.domain.model import Contact, ContactAddress, Conversation, Direction, Thread
from gateway.domain.record import record
from gateway.domain.status import Status
from gateway.storage.drafts import drafts_of
from gateway.storage.query import Query, in_set
from gateway.storage.records import ADDRESSES, CONTACTS, THREADS
from gateway.storage.schema import conversation_tags, messages
from gateway.storage.session import Session
from gateway.storage.unread import unread_of

_MOST_MERGES = 8

_TAGS = Query(
    select(conversation_tags.c.conversation_id, conversation_tags.c.tag_id)
    .where(
        conversation_tags.c.workspace_id == bindparam("workspace_id"),
        in_set(conversation_tags.c.conversation_id, "conversations"),
    )
    .order_by(conversation_tags.c.conversation_id, conversation_tags.c.tag_id)
)
_STATUSES = Query(
    select(messages.c.id, messages.c.status).where(
        messages.c.workspace_id == bindparam("workspace_id"), in_set(messages.c.id, "messages")
    )
)


@record
class ConversationRow:
    """A conversation as a list shows it. `contact` is who it belongs to after merging, with their live addresses.

    `unread` counts for the one who looks, `drafted` is whether they have something half written; only a thread's newest
    conversation has any. `sent` is what became of the last message, if that is ours.
    """

    conversation: Conversation
    thread: Thread
    contact: Contact
    addresses: tuple[ContactAddress, ...]
    tag_ids: tuple[int, ...]
    unread: int
    sent: Status | None = None
    drafted: bool = False


def rows_of(
    session: Session, workspace_id: int, user_id: int, conversations: Sequence[Conversation]
) -> list[ConversationRow]:
    """The rows of some conversations of a workspace, in their order."""
    if not conversations:
        return []
    threads = {
        thread.id: thread
        for thread in THREADS.by(session, workspace_id, "id", {one.thread_id for one in conversations})
    }
    contacts = contacts_after_merging(session, workspace_id, {one.contact_id for one in conversations})
    addresses = addresses_of(session, workspace_id, {contact.id for contact in contacts.values()})
    tags = tags_of(session, workspace_id, [one.id for one in conversations])
    newest = {one.thread_id for one in conversations if threads[one.thread_id].conversation_id == one.id}
    unread = unread_of(session, workspace_id, user_id, newest)
    drafts = drafts_of(session, workspace_id, user_id, newest)
    drafted = {thread_id for thread_id, draft in drafts.items() if draft.holds_anything}
    sent = _statuses_of(session, workspace_id, conversations)
    return [
        ConversationRow(
            conversation=one,
            thread=threads[one.thread_id],
            contact=contacts[one.contact_id],
            addresses=addresses.get(contacts[one.contact_id].id, ()),
            tag_ids=tags.get(one.id, ()),
            unread=unread.get(one.thread_id, 0) if threads[one.thread_id].conversation_id == one.id else 0,
            sent=sent.get(one.last_message_id or 0),
            drafted=one.thread_id in drafted and one.id == threads[one.thread_id].conversation_id,
        )
        for one in conversations
    ]


def _statuses_of(session: Session, workspace_id: int, conversations: Iterable[Conversation]) -> dict[int, Status]:
    """What became of the last messages that are ours, by message."""
    ours = [one.last_message_id for one in conversations if one.last_direction is Direction.OUTBOUND]
    ids = {id_ for id_ in ours if id_ is not None}
    if not ids:
        return {}
    found = session.rows(_STATUSES, workspace_id=workspace_id, messages=session.set_of(ids))
    return {id_: Status(status) for id_, status in found}


def contacts_after_merging(session: Session, workspace_id: int, ids: Iterable[int]) -> dict[int, Contact]:
    """For each id the contact it belongs to now: itself, or the one it was merged into."""
    wanted = set(ids)
    known: dict[int, Contact] = {}
    missing = set(wanted)
    for _ in range(_MOST_MERGES):
        found = CONTACTS.by(session, workspace_id, "id", missing)
        known |= {contact.id: contact for contact in found}
        missing = {contact.merged_into for contact in found if contact.merged_into is not None} - known.keys()
        if not missing:
            break
    return {id_: _winner(known, known[id_]) for id_ in wanted if id_ in known}


def _winner(known: dict[int, Contact], contact: Contact) -> Contact:
    for _ in range(_MOST_MERGES):
        if contact.merged_into is None or contact.merged_into not in known:
            break
        contact = known[contact.merged_into]
    return contact


def addresses_of(
    session: Session, workspace_id: int, contact_ids: Iterable[int]
) -> dict[int, tuple[ContactAddress, ...]]:
    """The live addresses of contacts, the oldest first."""
    found: dict[int, list[ContactAddress]] = {}
    for address in sorted(ADDRESSES.by(session, workspace_id, "contact_id", contact_ids), key=lambda one: one.id):
        if address.removed_at is None:
            found.setdefault(address.contact_id, []).append(address)
    return {contact_id: tuple(addresses) for contact_id, addresses in found.items()}


def tags_of(session: Session, workspace_id: int, conversation_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The ids of the tags on conversations."""
    found: dict[int, list[int]] = {}
    given = session.set_of(conversation_ids)
    for conversation_id, tag_id in session.rows(_TAGS, workspace_id=workspace_id, conversations=given):
        found.setdefault(conversation_id, []).append(tag_id)
    return {conversation_id: tuple(tags) for conversation_id, tags in found.items()}
