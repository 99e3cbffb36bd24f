"""The search indexes: names and addresses in the same commit, message words a moment later. `find.py` asks them.

Both databases are given the same folded words, so that they find the same. Results come newest first and are never
ranked: ranking reads every hit (3.1 s for a common word in 5 million messages, against 0.9 ms).
"""

from collections.abc import Iterable, Sequence

import regex
from sqlalchemy import BigInteger, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.domain.model import Contact, ContactAddress, Message
from gateway.storage.contact_name import ContactName, contact_name, plain
from gateway.storage.query import SQLITE, Query
from gateway.storage.records import ADDRESSES, CONTACT_NAMES
from gateway.storage.session import Session

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LONGEST_WORD = 64

_CONTACT_ADD = Query(text("INSERT INTO contact_search (rowid, words) VALUES (:id, :words)"))
_CONTACT_DROP = Query(text("DELETE FROM contact_search WHERE rowid = :id"))
_MESSAGE_ADD = Query(text("INSERT INTO message_search (rowid, words) VALUES (:id, :words)"))
_MESSAGE_DROP = Query(text("DELETE FROM message_search WHERE rowid = :id"))
_MESSAGE_ADD_POSTGRESQL = Query(
    text(
        "INSERT INTO message_search (workspace_id, message_id, words)"
        " VALUES (:workspace_id, :id, array_to_tsvector(:words))"
        " ON CONFLICT (workspace_id, message_id) DO UPDATE SET words = excluded.words"
    ).bindparams(
        bindparam("workspace_id", type_=BigInteger),
        bindparam("id", type_=BigInteger),
        bindparam("words", type_=ARRAY(Text)),
    )
)
_MESSAGE_DROP_POSTGRESQL = Query(
    text("DELETE FROM message_search WHERE workspace_id = :workspace_id AND message_id = :id").bindparams(
        bindparam("workspace_id", type_=BigInteger), bindparam("id", type_=BigInteger)
    )
)


def words_of(written: str) -> list[str]:
    """The words of a text as they are indexed and looked for, each once, in order."""
    return list(dict.fromkeys(word[:_LONGEST_WORD] for word in _WORD.findall(plain(written))))


def index_contacts(session: Session, contacts: Iterable[Contact]) -> None:
    """Indexes contacts as they are now, with their live addresses; to be called after those were written.

    Contacts whose name and addresses didn't change cost one look; those that were erased are forgotten.
    """
    by_workspace: dict[int, dict[int, Contact]] = {}
    for contact in contacts:
        by_workspace.setdefault(contact.workspace_id, {})[contact.id] = contact
    for workspace_id, latest in by_workspace.items():
        _index(session, workspace_id, list(latest.values()))


def _index(session: Session, workspace_id: int, contacts: Sequence[Contact]) -> None:
    ids = [contact.id for contact in contacts]
    addresses: dict[int, list[ContactAddress]] = {}
    for address in ADDRESSES.by(session, workspace_id, "contact_id", ids):
        addresses.setdefault(address.contact_id, []).append(address)
    before = {name.contact_id: name for name in CONTACT_NAMES.by(session, workspace_id, "contact_id", ids)}
    after = [contact_name(contact, sorted(addresses.get(contact.id, ()), key=_age)) for contact in contacts]
    forget_contacts(session, workspace_id, [contact.id for contact in contacts if contact.erased_at is not None])
    erased = {contact.id for contact in contacts if contact.erased_at is not None}
    live = [name for name in after if name.contact_id not in erased]
    new = [name for name in live if name.contact_id not in before]
    changed = [(before[name.contact_id], name) for name in live if before.get(name.contact_id, name) != name]
    if new:
        CONTACT_NAMES.insert(session, new)
    CONTACT_NAMES.update(session, changed)
    if session.dialect == SQLITE:
        _drop(session, _CONTACT_DROP, workspace_id, [name.contact_id for _, name in changed])
        _add(session, [*new, *(name for _, name in changed)])


def _age(address: ContactAddress) -> int:
    return address.id


def _add(session: Session, names: Sequence[ContactName]) -> None:
    if names:
        session.each(_CONTACT_ADD, [{"id": name.contact_id, "words": name.words} for name in names])


def _drop(session: Session, query: Query, workspace_id: int, ids: Sequence[int]) -> None:
    if ids:
        session.each(query, [{"workspace_id": workspace_id, "id": id_} for id_ in ids])


def index_messages(session: Session, messages: Iterable[Message]) -> None:
    """Indexes the words of messages. Doing it again, or after an edit, replaces what was there."""
    rows = [
        (message.workspace_id, message.id, words_of(f"{message.subject or ''} {message.body}")) for message in messages
    ]
    if not rows:
        return
    if session.dialect == SQLITE:
        session.each(_MESSAGE_DROP, [{"id": id_} for _, id_, _ in rows])
        session.each(_MESSAGE_ADD, [{"id": id_, "words": " ".join(words)} for _, id_, words in rows if words])
    else:
        session.each(
            _MESSAGE_ADD_POSTGRESQL,
            [{"workspace_id": workspace_id, "id": id_, "words": words} for workspace_id, id_, words in rows],
        )


def forget_contacts(session: Session, workspace_id: int, contact_ids: Sequence[int]) -> None:
    """Takes contacts out of the index, names and addresses."""
    known = CONTACT_NAMES.by(session, workspace_id, "contact_id", contact_ids) if contact_ids else []
    if known:
        CONTACT_NAMES.delete(session, known)
        if session.dialect == SQLITE:
            _drop(session, _CONTACT_DROP, workspace_id, [name.contact_id for name in known])


def forget_messages(session: Session, workspace_id: int, message_ids: Sequence[int]) -> None:
    """Takes messages out of the index."""
    query = _MESSAGE_DROP if session.dialect == SQLITE else _MESSAGE_DROP_POSTGRESQL
    _drop(session, query, workspace_id, message_ids)
