"""Search with GIN indexes, which know no order: the newest rows are compared one by one, then all hits are collected.

A common word is found among the newest already, where reading all its hits to sort them would take seconds.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import regex
from sqlalchemy import BigInteger, Text, bindparam, text

from gateway.storage.query import Query
from gateway.storage.search import LONGEST_ENDING, SHORTEST_FRAGMENT
from gateway.storage.session import Row, Session

NEWEST = 2_000
_PARAMETER = regex.compile(r"(?<!:):([a-z]\w*)")
_NUMBERS = frozenset({"workspace_id", "limit", "newest"})


def _query(sql: str) -> Query:
    names = dict.fromkeys(_PARAMETER.findall(sql))
    return Query(
        text(sql).bindparams(*(bindparam(name, type_=BigInteger if name in _NUMBERS else Text) for name in names))
    )


_MESSAGES_NEWEST = _query(
    "SELECT m.id, m.thread_id, m.conversation_id FROM (SELECT message_id, words FROM message_search"
    " WHERE workspace_id = :workspace_id ORDER BY message_id DESC LIMIT :newest) s"
    " JOIN messages m ON m.workspace_id = :workspace_id AND m.id = s.message_id"
    " WHERE s.words @@ CAST(:match AS tsquery) ORDER BY s.message_id DESC LIMIT :limit"
)
# MATERIALIZED: hoping to meet a rare word soon, the planner would otherwise walk all messages from the newest on.
_MESSAGES_ALL = _query(
    "WITH s AS MATERIALIZED (SELECT message_id FROM message_search"
    " WHERE workspace_id = :workspace_id AND words @@ CAST(:match AS tsquery)),"
    " newest AS MATERIALIZED (SELECT message_id FROM s ORDER BY message_id DESC LIMIT :limit)"
    " SELECT m.id, m.thread_id, m.conversation_id FROM newest"
    " JOIN messages m ON m.workspace_id = :workspace_id AND m.id = newest.message_id ORDER BY m.id DESC"
)
_CONTACTS_NEWEST = (
    "SELECT n.contact_id FROM (SELECT contact_id, words FROM contact_names"
    " WHERE workspace_id = :workspace_id ORDER BY contact_id DESC LIMIT :newest) n"
)
_CONTACTS_ALL = (
    "WITH s AS MATERIALIZED (SELECT contact_id FROM contact_search"
    " WHERE workspace_id = :workspace_id AND endings @@ CAST(:match AS tsquery))"
    " SELECT n.contact_id FROM s"
    " JOIN contact_names n ON n.workspace_id = :workspace_id AND n.contact_id = s.contact_id"
)
# A plan made for any word suits no word: a generic one turned 5 ms into 5.7 s.
_CUSTOM_PLANS = Query(text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"))


@cache
def _compared(sql: str, count: int) -> Query:
    conditions = " AND ".join(f"strpos(n.words, :fragment{number}) > 0" for number in range(count))
    return _query(f"{sql} WHERE {conditions} ORDER BY n.contact_id DESC LIMIT :limit")


def contacts(session: Session, workspace_id: int, fragments: Sequence[str], limit: int) -> Sequence[Row]:
    """(contact id,) of those that contain all fragments, of three letters or more, the newest first."""
    session.rows(_CUSTOM_PLANS)
    given: dict[str, Any] = {"workspace_id": workspace_id, "limit": limit}
    given |= {f"fragment{number}": fragment for number, fragment in enumerate(fragments)}
    found = session.rows(_compared(_CONTACTS_NEWEST, len(fragments)), newest=NEWEST, **given)
    if len(found) == limit:
        return found
    match = _match([fragment[:LONGEST_ENDING] for fragment in fragments])
    return session.rows(_compared(_CONTACTS_ALL, len(fragments)), match=match, **given)


def messages(session: Session, workspace_id: int, words: Sequence[str], limit: int) -> Sequence[Row]:
    """(id, thread, conversation) of messages with all the words, or with words that begin so, the newest first."""
    session.rows(_CUSTOM_PLANS)
    given = {"workspace_id": workspace_id, "match": _match(words), "limit": limit}
    found = session.rows(_MESSAGES_NEWEST, newest=NEWEST, **given)
    return found if len(found) == limit else session.rows(_MESSAGES_ALL, **given)


def _match(beginnings: Sequence[str]) -> str:
    """A tsquery: all of them, as words or, from three letters on, beginnings of words."""
    return " & ".join(_quoted(one) + (":*" if len(one) >= SHORTEST_FRAGMENT else "") for one in beginnings)


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
