"""Conditions that only few conversations meet, found by an index of their own instead of reading a view to its end.

Read in its order, a view of 100,000 conversations in which one fits takes a third of a second. What a name, a number or
a tag says is indexed elsewhere: where those indexes know of a few, the few are looked at and nothing else. Where they
know of many, a page is soon full anyway.
"""

from collections.abc import Callable

from sqlalchemy import BigInteger, bindparam, select

from gateway.domain.conditions import Condition, Field, Operator
from gateway.storage.contact_name import digits, plain
from gateway.storage.find import find_contacts
from gateway.storage.query import Query, in_set
from gateway.storage.ranges import Range, RangeKind
from gateway.storage.schema import conversation_tags, threads
from gateway.storage.search import SHORTEST_FRAGMENT
from gateway.storage.session import Session
from gateway.storage.view_query import ViewQuery

FEW = 500
_WITH_WORDS = (Operator.CONTAINS, Operator.STARTS_WITH, Operator.IS)
WithMerged = Callable[[Session, int, list[int]], set[int]]

THREADS_OF_CONTACTS = Query(
    select(threads.c.id).where(
        threads.c.workspace_id == bindparam("workspace_id"),
        in_set(threads.c.contact_id, "contacts"),
    )
)
_TAGGED = Query(
    select(conversation_tags.c.conversation_id)
    .where(
        conversation_tags.c.workspace_id == bindparam("workspace_id"),
        conversation_tags.c.tag_id == bindparam("tag_id"),
    )
    .limit(bindparam("limit", type_=BigInteger))
)


def few_of(session: Session, query: ViewQuery, with_merged: WithMerged) -> Range | None:
    """The few conversations among which is all that a query asks for; None where no index knows that they are few.

    They need not fit: whoever reads the range asks all conditions of them. `with_merged` adds who is the same person.
    """
    workspace_id = query.sight.workspace_id
    tags = [one.id for one in query.conditions.all if one.field is Field.TAG and one.operator is Operator.IS]
    for tag_id in (query.tag_id, *tags):
        if tag_id is not None:
            rows = session.rows(_TAGGED, workspace_id=workspace_id, tag_id=tag_id, limit=FEW + 1)
            if len(rows) <= FEW:
                return Range(RangeKind.IDS, {"range_ids": session.set_of(row[0] for row in rows)})
    for one in query.conditions.all:
        words = _indexed(one)
        if not words:
            continue
        people = find_contacts(session, workspace_id, words, FEW + 1)
        if len(people) <= FEW:
            given = session.set_of(with_merged(session, workspace_id, people))
            found = session.rows(THREADS_OF_CONTACTS, workspace_id=workspace_id, contacts=given)
            return Range(RangeKind.THREADS, {"range_threads": session.set_of(row[0] for row in found)})
    return None


def _indexed(one: Condition) -> str:
    """What the index of contacts can be asked so that it knows of everybody who fits; empty where it can't."""
    if one.operator not in _WITH_WORDS:
        return ""
    if one.field is Field.NUMBER:
        # With letters it may be an address, which is compared as it is written.
        found = digits(one.value)
        written = any(letter.isalpha() or letter == "@" for letter in one.value)
        return found if len(found) >= SHORTEST_FRAGMENT and not written else ""
    # The longest word alone: shorter ones the index would leave out, or take for the beginning of a name.
    longest = max(plain(one.value).split(), key=len, default="") if one.field is Field.CONTACT else ""
    return longest if len(longest) >= SHORTEST_FRAGMENT and not any(map(str.isdigit, longest)) else ""
