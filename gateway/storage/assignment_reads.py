"""Conversations that wait for somebody, and how many everybody has."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, bindparam, select, tuple_

from gateway.domain.record import record
from gateway.storage.query import Query
from gateway.storage.ranges import RangeKind, condition
from gateway.storage.records import CONVERSATION_TAGS, VIEW_COUNTS
from gateway.storage.schema import conversations
from gateway.storage.session import Session

AT_ONCE = 500


def _waiting(kind: RangeKind) -> Query:
    c = conversations.c
    here, there = tuple_(c.last_at, c.id), tuple_(*(bindparam(one, type_=BigInteger) for one in ("at", "id")))
    return Query(
        select(c.id, c.last_at, c.last_sender_id)
        .where(c.workspace_id == bindparam("workspace_id"), *condition(kind), here > there)
        .order_by(c.last_at, c.id)
        .limit(bindparam("limit", type_=BigInteger))
    )


# Two statements, worded as the ranges of the views are, for the sake of their indexes.
_OF_NOBODY = _waiting(RangeKind.UNGROUPED)
_OF_A_GROUP = _waiting(RangeKind.GROUP)


@record
class Waiting:
    """An open conversation that no user has, with what rules ask about."""

    id: int
    last_at: int
    group_id: int | None
    sender_id: int | None
    tag_ids: frozenset[int] = frozenset()


def waiting_after(
    session: Session,
    workspace_id: int,
    group_ids: Iterable[int],
    after: tuple[int, int],
    *,
    tags: bool,
    limit: int = AT_ONCE,
) -> tuple[list[Waiting], tuple[int, int] | None]:
    """The next of those that belong to nobody or to one of these groups, the longest untouched first.

    `after` and what is answered beside them are time (ms) and id of the last one looked at; None where these are all.
    `tags` reads theirs too. `limit` is of each group.
    """
    given = {"workspace_id": workspace_id, "at": after[0], "id": after[1], "limit": limit}
    read: dict[int | None, Sequence[Any]] = {None: session.rows(_OF_NOBODY, **given)}
    read.update({one: session.rows(_OF_A_GROUP, **given, range_group=one) for one in group_ids})
    ends = [(rows[-1][1], rows[-1][0]) for rows in read.values() if len(rows) == limit]
    end = min(ends, default=None)  # beyond it there may be more of one group than was read
    rows = sorted((row[1], row[0], row[2], group) for group, found in read.items() for row in found)
    taken = [row for row in rows if end is None or row[:2] <= end]
    tagged: dict[int, set[int]] = {}
    if tags and taken:
        for one in CONVERSATION_TAGS.by(session, workspace_id, "conversation_id", [row[1] for row in taken]):
            tagged.setdefault(one.conversation_id, set()).add(one.tag_id)
    found = [Waiting(id_, at, group, sender, frozenset(tagged.get(id_, ()))) for at, id_, sender, group in taken]
    return found, end


def open_by_user(session: Session, workspace_id: int) -> dict[int, int]:
    """How many open conversations each user has; under 0 those that nobody has."""
    found: dict[int, int] = {}
    for one in VIEW_COUNTS.by(session, workspace_id, "workspace_id", [workspace_id]):
        if one.state == "open" and one.count:
            found[one.user_id] = found.get(one.user_id, 0) + one.count
    return found
