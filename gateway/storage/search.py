"""The search indexes: names and addresses in the same commit, message words a moment later. `find.py` asks them.

Both databases are given the same folded words, so that they find the same. Results come newest first and are never
ranked: ranking reads every hit (3.1 s for a common word in 5 million messages, against 0.9 ms).

Any fragment of a name or number is the beginning of one of its endings, so endings are what is indexed of contacts: a
number's fragment is then looked up, where trigrams intersect lists that grow with the store.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import regex
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.domain.model import Contact, ContactAddress, Message
from gateway.storage.bulk import Insertion
from gateway.storage.contact_name import ContactName, contact_name, plain
from gateway.storage.query import SQLITE, Query, in_set
from gateway.storage.records import ADDRESSES, CONTACT_NAMES
from gateway.storage.schema import messages as message_table
from gateway.storage.session import Session

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
# Most texts, in 0.55 of the time: letters small, invisible signs left out, a blank for every other that is no digit.
_ASCII_FOLDED: dict[int, str | None] = {
    code: sign.lower() if sign.isalnum() else " " if sign.isprintable() or sign.isspace() else None
    for code, sign in enumerate(map(chr, range(128)))
}
_LONGEST_WORD = 64
SHORTEST_FRAGMENT = 3
LONGEST_ENDING = 16  # a number with its plus; a longer fragment is compared with the text itself


def _index_of(name: str, column: str) -> Insertion:
    """Rows of a full-text table of SQLite's, which is none of the schema's."""
    return Insertion(Table(name, MetaData(), Column("rowid", BigInteger), Column(column, Text)), ("rowid", column))


# The index keeps no text of its own: to take a row out, SQLite must be told what went in.
_CONTACT_ADD = _index_of("contact_search", "endings")
_CONTACT_DROP = Query(
    text("INSERT INTO contact_search (contact_search, rowid, endings) VALUES ('delete', :id, :words)")
)
_TEXTS = Query(
    select(message_table.c.id, message_table.c.subject, message_table.c.body).where(
        message_table.c.workspace_id == bindparam("workspace_id"), in_set(message_table.c.id, "ids")
    )
)
_MESSAGE_ADD = _index_of("message_search", "words")
_MESSAGE_DROP = Query(text("DELETE FROM message_search WHERE rowid IN (SELECT value FROM json_each(:ids))"))


def _postgresql(sql: str) -> Query:
    types: dict[str, Any] = {"workspace_id": BigInteger, "id": BigInteger, "words": ARRAY(Text)}
    return Query(text(sql).bindparams(*(bindparam(name, type_=types[name]) for name in types if f":{name}" in sql)))


_CONTACT_ADD_POSTGRESQL = _postgresql(
    "INSERT INTO contact_search (workspace_id, contact_id, endings)"
    " VALUES (:workspace_id, :id, array_to_tsvector(:words))"
)
_CONTACT_DROP_POSTGRESQL = _postgresql(
    "DELETE FROM contact_search WHERE workspace_id = :workspace_id AND contact_id = :id"
)
_MESSAGE_ADD_POSTGRESQL = _postgresql(
    "INSERT INTO message_search (workspace_id, message_id, words)"
    " VALUES (:workspace_id, :id, array_to_tsvector(:words))"
    " ON CONFLICT (workspace_id, message_id) DO UPDATE SET words = excluded.words"
)
_MESSAGE_DROP_POSTGRESQL = _postgresql(
    "DELETE FROM message_search WHERE workspace_id = :workspace_id AND message_id = :id"
)


def words_of(written: str) -> list[str]:
    """The words of a text as they are indexed and looked for, each once, in order."""
    found = written.translate(_ASCII_FOLDED).split() if written.isascii() else _WORD.findall(plain(written))
    if len(written) > _LONGEST_WORD:
        found = [word[:_LONGEST_WORD] for word in found]
    return list(dict.fromkeys(found))


def endings_of(words: str) -> list[str]:
    """What is indexed of a contact's `words`: every ending of each, cut to `LONGEST_ENDING` letters, each once.

    Taking a contact out of SQLite's index needs the same answer as putting it in: who changes this, builds it anew.
    """
    return list(
        dict.fromkeys(
            word[start : start + LONGEST_ENDING]
            for word in (found[:_LONGEST_WORD] for found in words.split())
            for start in range(len(word) - SHORTEST_FRAGMENT + 1)
        )
    )


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
    _drop_endings(session, [name for name, _ in changed])
    _add_endings(session, [*new, *(name for _, name in changed)])


def _age(address: ContactAddress) -> int:
    return address.id


def _add_endings(session: Session, names: Iterable[ContactName]) -> None:
    rows = _endings(names)
    if session.dialect == SQLITE:
        _insert(session, _CONTACT_ADD, [(id_, " ".join(endings)) for _, id_, endings in rows])
    else:
        session.each(
            _CONTACT_ADD_POSTGRESQL,
            [{"workspace_id": workspace, "id": id_, "words": endings} for workspace, id_, endings in rows],
        )


def _drop_endings(session: Session, names: Iterable[ContactName]) -> None:
    rows = _endings(names)
    if session.dialect == SQLITE:
        session.each(_CONTACT_DROP, [{"id": id_, "words": " ".join(endings)} for _, id_, endings in rows])
    else:
        session.each(_CONTACT_DROP_POSTGRESQL, [{"workspace_id": workspace, "id": id_} for workspace, id_, _ in rows])


def _endings(names: Iterable[ContactName]) -> list[tuple[int, int, list[str]]]:
    rows = ((name.workspace_id, name.contact_id, endings_of(name.words)) for name in names)
    return [row for row in rows if row[2]]


def _insert(session: Session, insertion: Insertion, rows: Sequence[tuple[int, str]]) -> None:
    if rows:
        session.insert(insertion, list(zip(*rows, strict=True)))


def index_stored(session: Session, workspace_id: int, message_ids: Iterable[int]) -> None:
    """Indexes the words of messages that are in the database, reading no more of them than that."""
    found = session.rows(_TEXTS, workspace_id=workspace_id, ids=session.set_of(message_ids))
    _index_texts(session, [(workspace_id, *row) for row in found])


def index_messages(session: Session, messages: Iterable[Message]) -> None:
    """Indexes the words of messages. Doing it again, or after an edit, replaces what was there."""
    _index_texts(session, [(one.workspace_id, one.id, one.subject, one.body) for one in messages])


def _index_texts(session: Session, texts: Sequence[tuple[int, int, str | None, str]]) -> None:
    rows = [(workspace, id_, words_of(f"{subject or ''} {body}")) for workspace, id_, subject, body in texts]
    if not rows:
        return
    if session.dialect == SQLITE:
        session.run(_MESSAGE_DROP, ids=session.set_of(id_ for _, id_, _ in rows))
        _insert(session, _MESSAGE_ADD, [(id_, " ".join(words)) for _, id_, words in rows if words])
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
        _drop_endings(session, known)


def forget_messages(session: Session, workspace_id: int, message_ids: Sequence[int]) -> None:
    """Takes messages out of the index."""
    if message_ids and session.dialect == SQLITE:
        session.run(_MESSAGE_DROP, ids=session.set_of(message_ids))
    elif message_ids:
        session.each(_MESSAGE_DROP_POSTGRESQL, [{"workspace_id": workspace_id, "id": id_} for id_ in message_ids])
