"""Asking the search indexes: contacts by any fragment of a name or number, messages by words and their beginnings.

Common words and rare ones are found in different ways, or one of both takes time that grows with the store: the common
are met among the newest rows soon, and of the rare all there is can be read. Nobody knows beforehand which a word is,
so the newest are asked first (`find_on_sqlite.py`, `find_on_postgresql.py`).
"""

import regex
from sqlalchemy import BigInteger, bindparam, select

from gateway.domain.record import record
from gateway.storage import find_on_postgresql, find_on_sqlite
from gateway.storage.contact_name import digits, plain
from gateway.storage.query import SQLITE, Query
from gateway.storage.schema import contact_names
from gateway.storage.search import SHORTEST_FRAGMENT, words_of
from gateway.storage.session import Session

MOST_WORDS = 6
_NUMBER = regex.compile(r"[\s\d+().\-/\p{Pd}]+")


@record
class MessageHit:
    """A message in which the words were found."""

    message_id: int
    thread_id: int
    conversation_id: int | None


_BEGINNING = Query(
    select(contact_names.c.contact_id)
    .where(
        contact_names.c.workspace_id == bindparam("workspace_id"),
        contact_names.c.sort_name >= bindparam("start"),
        contact_names.c.sort_name < bindparam("stop"),
    )
    .order_by(contact_names.c.sort_name, contact_names.c.contact_id)
    .limit(bindparam("limit", type_=BigInteger))
)


def find_contacts(session: Session, workspace_id: int, q: str, limit: int) -> list[int]:
    """Ids of contacts whose name or addresses contain every word of `q`, the newest first.

    A number is found by any fragment in any format. Merged contacts are found as themselves (`Contact.merged_into`).
    """
    if _NUMBER.fullmatch(q) and len(digits(q)) >= SHORTEST_FRAGMENT:
        return _by_number(session, workspace_id, digits(q), limit)
    words = plain(q).split()[:MOST_WORDS]
    long = [word for word in words if len(word) >= SHORTEST_FRAGMENT]
    if long:
        return _containing(session, workspace_id, long, limit)
    return _beginning(session, workspace_id, " ".join(words), limit) if words else []


def _by_number(session: Session, workspace_id: int, number: str, limit: int) -> list[int]:
    found: dict[int, None] = {}
    # Typed with a trunk zero or 00, a number is stored without.
    for fragment in dict.fromkeys((number, number.lstrip("0"))):
        if len(fragment) >= SHORTEST_FRAGMENT and len(found) < limit:
            found |= dict.fromkeys(_containing(session, workspace_id, [fragment], limit))
    return list(found)[:limit]


def _containing(session: Session, workspace_id: int, fragments: list[str], limit: int) -> list[int]:
    find = find_on_sqlite if session.dialect == SQLITE else find_on_postgresql
    return [row[0] for row in find.contacts(session, workspace_id, fragments, limit)]


def _beginning(session: Session, workspace_id: int, start: str, limit: int) -> list[int]:
    stop = start[:-1] + chr(ord(start[-1]) + 1)
    return [row[0] for row in session.rows(_BEGINNING, workspace_id=workspace_id, start=start, stop=stop, limit=limit)]


def find_messages(session: Session, workspace_id: int, q: str, limit: int) -> list[MessageHit]:
    """Messages that contain every word of `q`, or a word that begins so (from three letters on), the newest first."""
    words = words_of(q)[:MOST_WORDS]
    if not words:
        return []
    find = find_on_sqlite if session.dialect == SQLITE else find_on_postgresql
    return [MessageHit(*row) for row in find.messages(session, workspace_id, words, limit)]
