"""The few reads of a batch that are no plain look-up by one column."""

from collections.abc import Iterable

from sqlalchemy import and_, bindparam, func, or_, select

from gateway.domain.model import ContactAddress, Conversation, Entry, Message, ReadCursor
from gateway.domain.nature import Nature
from gateway.storage import schema
from gateway.storage.facts import IdempotencyKey, InboundKey, ProviderKey, bucket_of
from gateway.storage.query import Query, constant, in_set
from gateway.storage.records import (
    ADDRESSES,
    CONVERSATIONS,
    ENTRIES,
    IDEMPOTENCY_KEYS,
    INBOUND_KEYS,
    MESSAGES,
    NOTICE_SETTINGS,
    PROVIDER_KEYS,
    READ_CURSORS,
)
from gateway.storage.session import Session

_inbound = schema.inbound_keys.c
_provider = schema.provider_keys.c
_INBOUND_KEYS = Query(
    INBOUND_KEYS.select().where(
        or_(
            and_(_inbound.bucket == bindparam("bucket"), in_set(_inbound.key, "keys")),
            and_(_inbound.bucket == bindparam("previous"), in_set(_inbound.key, "keys")),
        )
    )
)
_PROVIDER_KEYS = Query(
    PROVIDER_KEYS.select().where(
        or_(
            and_(_provider.bucket == bindparam("bucket"), in_set(_provider.key, "keys")),
            and_(_provider.bucket == bindparam("previous"), in_set(_provider.key, "keys")),
        )
    )
)
# Said to be live, or the index of live addresses could not serve it and every address of the workspace would be read.
_LIVE_ADDRESSES = Query(
    ADDRESSES.select().where(
        schema.addresses.c.workspace_id == bindparam("workspace_id"),
        in_set(schema.addresses.c.value, "values"),
        schema.addresses.c.removed_at.is_(None),
    )
)
_THREAD_IDS = Query(
    select(schema.threads.c.id).where(
        schema.threads.c.workspace_id == bindparam("workspace_id"), in_set(schema.threads.c.contact_id, "contacts")
    )
)
_THREADS_OF_MESSAGES = Query(
    select(schema.messages.c.thread_id).where(
        schema.messages.c.workspace_id == bindparam("workspace_id"), in_set(schema.messages.c.id, "messages")
    )
)
_CURSORS = Query(
    READ_CURSORS.select().where(
        schema.read_cursors.c.workspace_id == bindparam("workspace_id"),
        in_set(schema.read_cursors.c.user_id, "users"),
        in_set(schema.read_cursors.c.thread_id, "threads"),
    )
)
_ENTRIES = Query(
    ENTRIES.select().where(
        schema.entries.c.workspace_id == bindparam("workspace_id"),
        in_set(schema.entries.c.thread_id, "threads"),
        in_set(schema.entries.c.seq, "seqs"),
    )
)
_IDEMPOTENCY = Query(
    IDEMPOTENCY_KEYS.select().where(
        schema.idempotency_keys.c.workspace_id == bindparam("workspace_id"),
        in_set(schema.idempotency_keys.c.user_id, "users"),
        in_set(schema.idempotency_keys.c.key, "keys"),
    )
)
_newest = (
    select(func.max(schema.conversations.c.id))
    .where(
        schema.conversations.c.workspace_id == bindparam("workspace_id"),
        in_set(schema.conversations.c.thread_id, "threads"),
    )
    .group_by(schema.conversations.c.thread_id)
)
_HELD = Query(
    MESSAGES.select().where(
        schema.messages.c.workspace_id == bindparam("workspace_id"),
        in_set(schema.messages.c.thread_id, "threads"),
        schema.messages.c.status == constant("held"),
    )
)
_NEWEST = Query(
    CONVERSATIONS.select().where(
        schema.conversations.c.workspace_id == bindparam("workspace_id"), schema.conversations.c.id.in_(_newest)
    )
)
_READERS = Query(
    READ_CURSORS.select().where(
        schema.read_cursors.c.workspace_id == bindparam("workspace_id"),
        schema.read_cursors.c.user_id.in_(
            select(schema.users.c.id).where(schema.users.c.workspace_id == bindparam("workspace_id"))
        ),
        in_set(schema.read_cursors.c.thread_id, "threads"),
    )
)
_OWNED = Query(
    select(schema.conversations.c.id).where(
        schema.conversations.c.workspace_id == bindparam("workspace_id"),
        schema.conversations.c.state != "closed",
        or_(in_set(schema.conversations.c.user_id, "users"), in_set(schema.conversations.c.group_id, "groups")),
    )
)
_ANSWERS = Query(
    IDEMPOTENCY_KEYS.select().where(
        schema.idempotency_keys.c.workspace_id == bindparam("workspace_id"),
        schema.idempotency_keys.c.answer.contains(bindparam("text")),
    )
)
_told = schema.entries
_NOTICES = Query(
    MESSAGES.select().where(
        schema.messages.c.workspace_id == bindparam("workspace_id"),
        schema.messages.c.id.in_(
            select(_told.c.message_id).where(
                _told.c.workspace_id == bindparam("workspace_id"), in_set(_told.c.thread_id, "threads")
            )
        ),
        schema.messages.c.nature == str(Nature.AUTO),
        schema.messages.c.body.contains(bindparam("text")),
    )
)


def inbound_keys(session: Session, keys: Iterable[str], now: int) -> list[InboundKey]:
    """Which of these provider messages were stored in this bucket or the one before."""
    bucket = bucket_of(now)
    return INBOUND_KEYS.fetch(session, _INBOUND_KEYS, keys=session.set_of(keys), bucket=bucket, previous=bucket - 1)


def provider_keys(session: Session, keys: Iterable[str], now: int) -> list[ProviderKey]:
    """The parts that these provider ids name, this bucket's first."""
    bucket = bucket_of(now)
    found = PROVIDER_KEYS.fetch(session, _PROVIDER_KEYS, keys=session.set_of(keys), bucket=bucket, previous=bucket - 1)
    return sorted(found, key=lambda one: -one.bucket)


def live_addresses(session: Session, workspace_id: int, values: Iterable[str]) -> list[ContactAddress]:
    """The addresses in use that are written so."""
    return ADDRESSES.fetch(session, _LIVE_ADDRESSES, workspace_id=workspace_id, values=session.set_of(values))


def thread_ids(session: Session, workspace_id: int, contact_ids: Iterable[int]) -> list[int]:
    """The threads of these contacts."""
    rows = session.rows(_THREAD_IDS, workspace_id=workspace_id, contacts=session.set_of(contact_ids))
    return [row[0] for row in rows]


def threads_of_messages(session: Session, workspace_id: int, message_ids: Iterable[int]) -> set[int]:
    """The threads to lock before these messages are read to be changed."""
    rows = session.rows(_THREADS_OF_MESSAGES, workspace_id=workspace_id, messages=session.set_of(message_ids))
    return {row[0] for row in rows}


def read_cursors(session: Session, workspace_id: int, pairs: Iterable[tuple[int, int]]) -> list[ReadCursor]:
    """Read cursors of (user, thread) pairs, and perhaps of a few more pairs of the same users and threads."""
    wanted = list(pairs)
    return READ_CURSORS.fetch(
        session,
        _CURSORS,
        workspace_id=workspace_id,
        users=session.set_of({user for user, _ in wanted}),
        threads=session.set_of({thread for _, thread in wanted}),
    )


def entries(session: Session, workspace_id: int, places: Iterable[tuple[int, int]]) -> list[Entry]:
    """The entries at (thread, seq), and perhaps a few more of the same threads and numbers."""
    wanted = list(places)
    return ENTRIES.fetch(
        session,
        _ENTRIES,
        workspace_id=workspace_id,
        threads=session.set_of({thread for thread, _ in wanted}),
        seqs=session.set_of({seq for _, seq in wanted}),
    )


def idempotency_keys(session: Session, workspace_id: int, pairs: Iterable[tuple[int, str]]) -> list[IdempotencyKey]:
    """Answers already given to (user, key) pairs."""
    wanted = list(pairs)
    return IDEMPOTENCY_KEYS.fetch(
        session,
        _IDEMPOTENCY,
        workspace_id=workspace_id,
        users=session.set_of({user for user, _ in wanted}),
        keys=session.set_of({key for _, key in wanted}),
    )


def newest_conversations(session: Session, workspace_id: int, thread_ids: Iterable[int]) -> list[Conversation]:
    """The newest conversation of each of these threads."""
    return CONVERSATIONS.fetch(session, _NEWEST, workspace_id=workspace_id, threads=session.set_of(thread_ids))


def held_messages(session: Session, workspace_id: int, thread_ids: Iterable[int]) -> list[Message]:
    """What waits in these threads, for the morning or for somebody's decision."""
    return MESSAGES.fetch(session, _HELD, workspace_id=workspace_id, threads=session.set_of(thread_ids))


def readers(session: Session, workspace_id: int, thread_ids: Iterable[int]) -> list[ReadCursor]:
    """Every user's cursor in these threads; through the users, so that the key's index serves it."""
    return READ_CURSORS.fetch(session, _READERS, workspace_id=workspace_id, threads=session.set_of(thread_ids))


def owned_conversations(
    session: Session, workspace_id: int, user_ids: Iterable[int], group_ids: Iterable[int]
) -> set[int]:
    """The conversations that are not closed and belong to one of these users or groups."""
    rows = session.rows(
        _OWNED, workspace_id=workspace_id, users=session.set_of(user_ids), groups=session.set_of(group_ids)
    )
    return {row[0] for row in rows}


def answers_naming(session: Session, workspace_id: int, text: str) -> list[IdempotencyKey]:
    """Answered requests whose answer contains that text. Reads all that are kept: for rare use."""
    return IDEMPOTENCY_KEYS.fetch(session, _ANSWERS, workspace_id=workspace_id, text=text)


def notices_naming(session: Session, workspace_id: int, texts: Iterable[str]) -> list[Message]:
    """What the team was told by e-mail or text in which one of these stands. Reads all of it: for rare use."""
    told = {one.address for one in NOTICE_SETTINGS.by(session, workspace_id, "workspace_id", [workspace_id])}
    contacts = {one.contact_id for one in live_addresses(session, workspace_id, told)} if told else set()
    threads = session.set_of(thread_ids(session, workspace_id, contacts)) if contacts else None
    found: dict[int, Message] = {}
    for text in texts if threads is not None else ():
        read = MESSAGES.fetch(session, _NOTICES, workspace_id=workspace_id, threads=threads, text=text)
        found.update((one.id, one) for one in read)
    return list(found.values())
