"""Asking the search indexes: contacts by any fragment of a name or number, messages by words and their beginnings."""

from dataclasses import dataclass
from functools import cache

import regex
from sqlalchemy import BigInteger, Text, bindparam, select, text

from gateway.storage.contact_name import digits, plain
from gateway.storage.query import POSTGRESQL, SQLITE, Query
from gateway.storage.schema import contact_names
from gateway.storage.search import words_of
from gateway.storage.session import Session

SHORTEST_FRAGMENT = 3  # a trigram index knows nothing shorter
MOST_WORDS = 6
NEWEST_SLICE = 2_000
_NUMBER = regex.compile(r"[\s\d+().\-/\p{Pd}]+")
_NUMBER_TYPES = {"workspace_id": BigInteger, "limit": BigInteger, "slice": BigInteger}


@dataclass(frozen=True, slots=True)
class MessageHit:
    """A message in which the words were found."""

    message_id: int
    thread_id: int
    conversation_id: int | None


def _query(sql: str, *names: str) -> Query:
    return Query(text(sql).bindparams(*(bindparam(name, type_=_NUMBER_TYPES.get(name, Text)) for name in names)))


# CROSS JOIN keeps SQLite from turning the join round: the full-text table gives the order.
_CONTACTS_SQLITE = _query(
    "SELECT n.contact_id FROM contact_search s CROSS JOIN contact_names n"
    " ON n.workspace_id = :workspace_id AND n.contact_id = s.rowid"
    " WHERE s.words MATCH :match ORDER BY s.rowid DESC LIMIT :limit",
    "workspace_id", "match", "limit",
)  # fmt: skip
_MESSAGES_SQLITE = _query(
    "SELECT m.id, m.thread_id, m.conversation_id FROM message_search s CROSS JOIN messages m"
    " ON m.workspace_id = :workspace_id AND m.id = s.rowid"
    " WHERE s.words MATCH :match ORDER BY s.rowid DESC LIMIT :limit",
    "workspace_id", "match", "limit",
)  # fmt: skip
# A common word is found in the newest messages already, where reading all its hits to sort them would take seconds.
_MESSAGES_NEWEST = _query(
    "SELECT m.id, m.thread_id, m.conversation_id FROM (SELECT message_id, words FROM message_search"
    " WHERE workspace_id = :workspace_id ORDER BY message_id DESC LIMIT :slice) s"
    " JOIN messages m ON m.workspace_id = :workspace_id AND m.id = s.message_id"
    " WHERE s.words @@ CAST(:match AS tsquery) ORDER BY s.message_id DESC LIMIT :limit",
    "workspace_id", "match", "limit", "slice",
)  # fmt: skip
# MATERIALIZED: hoping to meet a rare word soon, the planner would otherwise walk all messages from the newest on.
_MESSAGES_ALL = _query(
    "WITH s AS MATERIALIZED (SELECT message_id FROM message_search"
    " WHERE workspace_id = :workspace_id AND words @@ CAST(:match AS tsquery)),"
    " newest AS MATERIALIZED (SELECT message_id FROM s ORDER BY message_id DESC LIMIT :limit)"
    " SELECT m.id, m.thread_id, m.conversation_id FROM newest"
    " JOIN messages m ON m.workspace_id = :workspace_id AND m.id = newest.message_id ORDER BY m.id DESC",
    "workspace_id", "match", "limit",
)  # fmt: skip
_LAST_DIGITS = _query(
    "SELECT contact_id FROM addresses WHERE workspace_id = :workspace_id AND removed_at IS NULL"
    " AND reverse(value) LIKE :pattern LIMIT :limit",
    "workspace_id", "pattern", "limit",
)  # fmt: skip
_BEGINNING = Query(
    select(contact_names.c.contact_id)
    .where(
        contact_names.c.workspace_id == bindparam("workspace_id"),
        contact_names.c.sort_name >= bindparam("start"),
        contact_names.c.sort_name < bindparam("stop"),
    )
    .order_by(contact_names.c.sort_name)
    .limit(bindparam("limit", type_=BigInteger))
)
# A plan made for any word suits no word: a generic one turned 5 ms into 5.7 s.
_CUSTOM_PLANS = Query(text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"))


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
        if len(fragment) < SHORTEST_FRAGMENT:
            continue
        if session.dialect == POSTGRESQL:
            _prepare(session)
            pattern = fragment[::-1] + "%"
            rows = session.rows(_LAST_DIGITS, workspace_id=workspace_id, pattern=pattern, limit=limit)
            found |= dict.fromkeys(row[0] for row in rows)
        if len(found) < limit:
            found |= dict.fromkeys(_containing(session, workspace_id, [fragment], limit))
    return list(found)[:limit]


def _containing(session: Session, workspace_id: int, fragments: list[str], limit: int) -> list[int]:
    if session.dialect == SQLITE:
        match = " ".join(_quoted(fragment) for fragment in fragments)
        rows = session.rows(_CONTACTS_SQLITE, workspace_id=workspace_id, match=match, limit=limit)
    else:
        _prepare(session)
        patterns = {f"pattern{n}": f"%{_escaped(fragment)}%" for n, fragment in enumerate(fragments)}
        rows = session.rows(_contacts_like(len(fragments)), workspace_id=workspace_id, limit=limit, **patterns)
    return [row[0] for row in rows]


@cache
def _contacts_like(count: int) -> Query:
    names = [f"pattern{n}" for n in range(count)]
    like = [contact_names.c.words.like(bindparam(name, type_=Text)) for name in names]
    return Query(
        select(contact_names.c.contact_id)
        .where(contact_names.c.workspace_id == bindparam("workspace_id"), *like)
        .order_by(contact_names.c.contact_id.desc())
        .limit(bindparam("limit", type_=BigInteger))
    )


def _beginning(session: Session, workspace_id: int, start: str, limit: int) -> list[int]:
    stop = start[:-1] + chr(ord(start[-1]) + 1)
    return [row[0] for row in session.rows(_BEGINNING, workspace_id=workspace_id, start=start, stop=stop, limit=limit)]


def find_messages(session: Session, workspace_id: int, q: str, limit: int) -> list[MessageHit]:
    """Messages that contain every word of `q`, or a word that begins so (from three letters on), the newest first."""
    words = words_of(q)[:MOST_WORDS]
    if not words:
        return []
    if session.dialect == SQLITE:
        match = " ".join(_quoted(word) + _star(word, "*") for word in words)
        rows = session.rows(_MESSAGES_SQLITE, workspace_id=workspace_id, match=match, limit=limit)
    else:
        _prepare(session)
        match = " & ".join(f"'{word}'" + _star(word, ":*") for word in words)
        given = {"workspace_id": workspace_id, "match": match, "limit": limit}
        rows = session.rows(_MESSAGES_NEWEST, slice=NEWEST_SLICE, **given)
        if len(rows) < limit:
            rows = session.rows(_MESSAGES_ALL, **given)
    return [MessageHit(*row) for row in rows]


def _prepare(session: Session) -> None:
    session.rows(_CUSTOM_PLANS)


def _star(word: str, star: str) -> str:
    return star if len(word) >= SHORTEST_FRAGMENT else ""


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _escaped(fragment: str) -> str:
    return fragment.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
