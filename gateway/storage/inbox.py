"""The list of conversations: one page of a view, in a time that doesn't grow with the number of threads."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select

from gateway.domain.model import Conversation
from gateway.storage.conversation_rows import ConversationRow, rows_of
from gateway.storage.find import find_contacts, find_messages
from gateway.storage.looks import Look, look
from gateway.storage.narrowing import THREADS_OF_CONTACTS, few_of
from gateway.storage.page import Page, page_size, read_cursor, write_cursor
from gateway.storage.query import Query, in_set
from gateway.storage.ranges import Range, RangeKind, View, ranges_of
from gateway.storage.records import CONVERSATIONS
from gateway.storage.schema import contacts
from gateway.storage.session import Session
from gateway.storage.sight import Sight
from gateway.storage.view_query import ViewQuery
from gateway.storage.walks import Place

MOST_HITS = 500
_PAGES_READ_FOR_UNREAD = 20

_merged_ones = select(contacts.c.id, contacts.c.merged_into).where(
    contacts.c.workspace_id == bindparam("workspace_id"), contacts.c.merged_into.is_not(None)
)
# Two statements, since one with OR reads the whole table.
_MERGED = (
    Query(_merged_ones.where(in_set(contacts.c.id, "contacts"))),
    Query(_merged_ones.where(in_set(contacts.c.merged_into, "contacts"))),
)

Keyed = tuple[Conversation, Any]


def conversation_page(session: Session, query: ViewQuery) -> Page[ConversationRow]:
    """One page of a view, 1 to 200 rows. BadCursor if the cursor is not this order's.

    One look goes only so far (`looks.py`): where it ended before the page was full, fewer rows come with a `next`.
    """
    size = page_size(query.limit)
    place = None
    if query.cursor is not None:
        place = read_cursor(query.cursor, query.sort, str if query.sort.by_text else int)
    ranges = _ranges(session, query)
    found: list[Keyed] = []
    rows: list[ConversationRow] = []
    end: Place | None = None
    for _ in range(_PAGES_READ_FOR_UNREAD if query.unread_only else 1):
        seen = look(session, query, ranges, size + 1, place)
        found, end = _keyed(session, query, seen), seen.end
        shown = rows_of(session, query.sight.workspace_id, query.sight.user_id, [one for one, _ in found[:size]])
        rows += [row for row in shown if row.unread or not query.unread_only]
        if len(found) > size:
            place = (found[size - 1][1], found[size - 1][0].id)
        if len(found) <= size or len(rows) >= size:
            break
    more = len(found) > size
    if len(rows) > size:  # pages filled up with unread ones may overshoot; the next begins after the last one shown
        rows, more = rows[:size], True
        last = rows[-1].conversation
        place, end = (next(key for one, key in found if one.id == last.id), last.id), None
    place = place if more else end
    return Page(rows, None if place is None else write_cursor(query.sort, *place))


def conversation_row(session: Session, sight: Sight, conversation_id: int) -> ConversationRow | None:
    """One conversation as a row; None if there is none that may be seen."""
    query = ViewQuery(sight, View.ALL)
    range_ = Range(RangeKind.IDS, {"range_ids": session.set_of([conversation_id])})
    found = _keyed(session, query, look(session, query, [range_], 1, None))
    rows = rows_of(session, sight.workspace_id, sight.user_id, [one for one, _ in found])
    return rows[0] if rows else None


def rows_among(session: Session, query: ViewQuery, ids: Iterable[int]) -> list[ConversationRow]:
    """Of the conversations named those that the view, its filters and its search hold, in its order."""
    named = Range(RangeKind.IDS, {"range_ids": session.set_of(ids)})
    found = [one for one, _ in _keyed(session, query, look(session, query, [named], MOST_HITS, None))]
    if query.q:
        hits = look(session, query, _ranges(session, query), MOST_HITS, None).keys
        found = [one for one in found if one.id in hits]
    rows = rows_of(session, query.sight.workspace_id, query.sight.user_id, found)
    return [row for row in rows if row.unread or not query.unread_only]


def cursor_before(session: Session, query: ViewQuery) -> str | None:
    """The cursor of the page before the one that `query` names by its cursor; None when that is the first page."""
    if query.cursor is None:
        return None
    place = read_cursor(query.cursor, query.sort, str if query.sort.by_text else int)
    size = page_size(query.limit)
    # The cursor's own row ends the page before; the row `size` further back ends the one before that.
    seen = look(session, query, _ranges(session, query), size, place, backwards=True)
    if seen.end is not None:
        key, id_ = seen.end  # not every row back to the beginning was looked at: the page begins with the last that was
        return write_cursor(query.sort, key, id_ + 1 if query.sort.descending else id_ - 1)
    return write_cursor(query.sort, seen.last[1], seen.last[0]) if len(seen.keys) == size else None


def _keyed(session: Session, query: ViewQuery, seen: Look) -> list[Keyed]:
    """The conversations that a look found, with their sort keys."""
    # Whole rows only of those that are shown: a view of five ranges would read five pages of them.
    first = list(seen.keys)
    found = {one.id: one for one in CONVERSATIONS.by(session, query.sight.workspace_id, "id", first)} if first else {}
    return [(found[id_], seen.keys[id_]) for id_ in first]


def _ranges(session: Session, query: ViewQuery) -> list[Range]:
    if query.q == "":
        few = few_of(session, query, with_merged)
        if few is not None:
            return [few]
        return ranges_of(
            query.view, query.sight, user_id=query.user_id, group_id=query.group_id, sender_id=query.sender_id
        )
    workspace_id = query.sight.workspace_id
    people = with_merged(session, workspace_id, find_contacts(session, workspace_id, query.q, MOST_HITS))
    rows = session.rows(THREADS_OF_CONTACTS, workspace_id=workspace_id, contacts=session.set_of(people))
    hits = find_messages(session, workspace_id, query.q, MOST_HITS)
    thread_ids = {row[0] for row in rows} | {hit.thread_id for hit in hits if hit.conversation_id is None}
    conversation_ids = {hit.conversation_id for hit in hits if hit.conversation_id is not None}
    found = []
    if thread_ids:
        found.append(Range(RangeKind.THREADS, {"range_threads": session.set_of(thread_ids)}))
    if conversation_ids:
        found.append(Range(RangeKind.IDS, {"range_ids": session.set_of(conversation_ids)}))
    return found


def with_merged(session: Session, workspace_id: int, contact_ids: Iterable[int]) -> set[int]:
    """The contacts, those they were merged into, and those merged into them: all that is one person."""
    people = set(contact_ids)
    new = people
    while new:
        given = {"workspace_id": workspace_id, "contacts": session.set_of(new)}
        new = {id_ for query in _MERGED for row in session.rows(query, **given) for id_ in row} - people
        people |= new
    return people
