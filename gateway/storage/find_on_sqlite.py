"""Search with FTS5, which gives out rows from the newest on as far as anybody asks: of a word, and of three letters.

The rows of a longer beginning it collects first, however many: 240 ms for a word in half of 5 million messages. So a
few of the newest rows in which words begin with the same three letters are compared with what is looked for. If there
were some among them, comparing goes on; else the longer beginning is asked for, which by now is known to be rare.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import text

from gateway.storage.query import Query
from gateway.storage.search import LONGEST_ENDING, SHORTEST_FRAGMENT
from gateway.storage.session import Row, Session

FEW, FEW_NUMBERS, MANY = 100, 30, 5_000  # most fragments of numbers are rare
_ALL = -1  # as SQLite writes no limit

# Rows come in the order of the index that is walked (CROSS JOIN keeps it in front) and no more of them are read than
# are shown. Asked to order the whole, SQLite would read all of the slice before giving out the first.
_CONTACTS = (
    "SELECT n.contact_id FROM"
    " (SELECT rowid FROM contact_search WHERE contact_search MATCH :match ORDER BY rowid DESC LIMIT :slice) s"
    " CROSS JOIN contact_names n ON n.workspace_id = :workspace_id AND n.contact_id = s.rowid"
)
_MESSAGES = (
    "SELECT m.id, m.thread_id, m.conversation_id FROM"
    " (SELECT rowid, words FROM message_search WHERE message_search MATCH :match ORDER BY rowid DESC LIMIT :slice) s"
    " CROSS JOIN messages m ON m.workspace_id = :workspace_id AND m.id = s.rowid"
)
_FULL_SLICE = "SELECT 1 FROM {0} WHERE {0} MATCH :match ORDER BY rowid DESC LIMIT 1 OFFSET :slice - 1"


@cache
def _compared(sql: str, condition: str, count: int) -> Query:
    conditions = [condition.format(number) for number in range(count)]
    return Query(text(f"{sql}{' WHERE ' if conditions else ''}{' AND '.join(conditions)} LIMIT :limit"))


@cache
def _full_slice(table: str) -> Query:
    return Query(text(_FULL_SLICE.format(table)))


def contacts(session: Session, workspace_id: int, fragments: Sequence[str], limit: int) -> Sequence[Row]:
    """(contact id,) of those that contain all fragments, of three letters or more, the newest first."""
    query = _compared(_CONTACTS, "instr(n.words, :fragment{}) > 0", len(fragments))
    given = {"workspace_id": workspace_id, "limit": limit} | _numbered(fragments)
    endings = [fragment[:LONGEST_ENDING] for fragment in fragments]
    # Every three letters of a fragment begin an ending: what has them all is nearly always what is looked for.
    threes = [one[start : start + 3] for one in endings for start in range(len(one) - 2)]
    few = FEW_NUMBERS if all(one.isdigit() for one in endings) else FEW
    return _newest(session, query, "contact_search", endings, given, (threes, _ALL), few)


def messages(session: Session, workspace_id: int, words: Sequence[str], limit: int) -> Sequence[Row]:
    """(id, thread, conversation) of messages with all the words, or with words that begin so, the newest first."""
    long = [f" {word}" for word in words if len(word) > SHORTEST_FRAGMENT]
    query = _compared(_MESSAGES, "instr(' ' || s.words, :fragment{}) > 0", len(long))
    given = {"workspace_id": workspace_id, "limit": limit} | _numbered(long)
    return _newest(session, query, "message_search", words, given, (_shortened(words), MANY))


def _newest(
    session: Session,
    query: Query,
    table: str,
    beginnings: Sequence[str],
    given: Mapping[str, Any],
    common: tuple[Sequence[str], int],
    few: int = FEW,
) -> Sequence[Row]:
    """`common`: what else to match if there are some among the newest, and how many of those rows to compare."""
    short, limit = _match(_shortened(beginnings)), given["limit"]
    if short == _match(beginnings):
        return session.rows(query, match=short, slice=_ALL, **given)
    found = session.rows(query, match=short, slice=few, **given)
    if len(found) == limit or not session.rows(_full_slice(table), match=short, slice=few):
        return found
    if len(found) > few // 50:
        match, size = common
        found = session.rows(query, match=_match(match), slice=size, **given)
        if len(found) == limit or size == _ALL:
            return found
    return session.rows(query, match=_match(beginnings), slice=_ALL, **given)


def _shortened(beginnings: Iterable[str]) -> list[str]:
    return [beginning[:SHORTEST_FRAGMENT] for beginning in beginnings]


def _match(beginnings: Iterable[str]) -> str:
    """FTS5's notation: all of them, as words or, from three letters on, beginnings of words."""
    return " ".join(_quoted(one) + ("*" if len(one) >= SHORTEST_FRAGMENT else "") for one in beginnings)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _numbered(fragments: Iterable[str]) -> dict[str, str]:
    return {f"fragment{number}": fragment for number, fragment in enumerate(fragments)}
