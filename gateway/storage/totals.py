"""The numbers beside the views. Conversations come from counters the writer keeps, the rest from the newest only."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, select

from gateway.domain.record import record
from gateway.storage.conversation_rows import tags_of
from gateway.storage.orders import Half, Leg
from gateway.storage.query import Query
from gateway.storage.ranges import View, ranges_of
from gateway.storage.schema import view_counts
from gateway.storage.session import Session
from gateway.storage.sight import Sight, sees_owner
from gateway.storage.unread import unread_of
from gateway.storage.view_query import Stretch, ViewQuery, parameters_for, statement_for

NEWEST = 1_000

_COUNTS = Query(
    select(view_counts.c.state, view_counts.c.user_id, view_counts.c.group_id, view_counts.c.count).where(
        view_counts.c.workspace_id == bindparam("workspace_id")
    )
)


@record
class ViewTotals:
    """How many conversations each view, user and group has open, for one who looks.

    `closed` and `all` are None where sealed conversations are restricted: only reading them all could count them.
    `unread_*` are those of the newest 1,000 of the inbox, `senders` and `tags` those of the newest 1,000 open ones.
    """

    views: Mapping[View, int | None]
    users: Mapping[int, int]
    groups: Mapping[int, int]
    senders: Mapping[int, int]
    tags: Mapping[int, int]
    unread_conversations: int
    unread_messages: int


def view_totals(session: Session, sight: Sight) -> ViewTotals:
    """All numbers of the sidebar in a handful of statements."""
    rows = session.rows(_COUNTS, workspace_id=sight.workspace_id)
    users: Counter[int] = Counter()
    groups: Counter[int] = Counter()
    views: Counter[View] = Counter()
    for state, user_id, group_id, count in rows:
        if state != "closed" and not sees_owner(sight, user_id, group_id):
            continue
        views[View(state)] += count
        views[View.ALL] += count
        if state == "open":
            users[user_id] += count
            groups[group_id] += count
            views.update(dict.fromkeys(_open_views(sight, user_id, group_id), count))
    unread = _unread(session, sight)
    senders, tags = _of_newest_open(session, sight)
    del users[0], groups[0]
    hidden = () if sight.closed else (View.CLOSED, View.ALL)
    return ViewTotals(
        views={view: None if view in hidden else views[view] for view in View},
        users=users,
        groups=groups,
        senders=senders,
        tags=tags,
        unread_conversations=sum(1 for count in unread if count),
        unread_messages=sum(unread),
    )


def _open_views(sight: Sight, user_id: int, group_id: int) -> Iterable[View]:
    if user_id == sight.user_id:
        yield View.MINE
        yield View.INBOX
    elif user_id == 0 and (group_id == 0 or group_id in sight.group_ids):
        yield View.INBOX
    if user_id == 0 and group_id == 0:
        yield View.UNASSIGNED


def _newest(session: Session, sight: Sight, view: View) -> list[tuple[int, int, int | None]]:
    """(id, thread, last sender) of a view's newest conversations."""
    query = ViewQuery(sight, view)
    given = parameters_for(session, query) | {"limit": NEWEST}
    found: dict[int, tuple[int, int, int | None, int]] = {}
    ranges = ranges_of(view, sight, user_id=None, group_id=None, sender_id=None)
    newest_first = Leg(Half.WHOLE, ranges, ordered=True)
    for range_ in ranges:
        statement = statement_for(query, newest_first, range_, Stretch())
        for id_, thread_id, sender_id, at in session.rows(statement, **given, **range_.values):
            found[id_] = (id_, thread_id, sender_id, at)
    newest = sorted(found.values(), key=lambda row: (row[3], row[0]), reverse=True)[:NEWEST]
    return [row[:3] for row in newest]


def _unread(session: Session, sight: Sight) -> list[int]:
    threads = [thread_id for _, thread_id, _ in _newest(session, sight, View.INBOX)]
    return list(unread_of(session, sight.workspace_id, sight.user_id, threads).values())


def _of_newest_open(session: Session, sight: Sight) -> tuple[Counter[int], Counter[int]]:
    newest = _newest(session, sight, View.OPEN)
    senders = Counter(sender_id for _, _, sender_id in newest if sender_id is not None)
    tags = tags_of(session, sight.workspace_id, [id_ for id_, _, _ in newest])
    return senders, Counter(tag for row in tags.values() for tag in row)
