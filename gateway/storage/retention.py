"""What a workspace keeps only for so long, removed in slices: whole lines of logs, and of messages their words.

A message itself stays, with its status, sender and cost, so that threads keep their order and reports their figures.
Words are looked for by a cursor over ids, which are ordered by time, so that what is empty already is not read again.
Messages that are still to be sent when the cursor passes are written down, and their words go when that is over.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Table, and_, bindparam, delete, insert, literal, select, tuple_, update

from gateway.domain.ids import first_id_at
from gateway.domain.status import WAITING, Status
from gateway.storage import cursors, search
from gateway.storage.database import Conflict
from gateway.storage.query import Query, in_set
from gateway.storage.schema import (
    audit_lines,
    conversations,
    events,
    media,
    messages,
    notes,
    overdue_words,
    raw_payloads,
    receipts,
)
from gateway.storage.schema_automation import automation_runs, webhook_attempts, webhook_deliveries
from gateway.storage.session import Session
from gateway.storage.workspaces import kept_days

DAY = 86_400_000
SLICE = 1_000
_UNFINISHED = WAITING | {Status.SENDING, Status.UNCERTAIN}
"""Of these a worker, or a person who decides, may still need the words."""
_workspace = bindparam("workspace_id", type_=BigInteger)
_before = bindparam("before", type_=BigInteger)
_after = bindparam("after", type_=BigInteger)
_limit = bindparam("limit", type_=BigInteger)


def _older(table: Table, at: str) -> Query:
    key = list(table.primary_key)
    old = select(*key).where(table.c.workspace_id == _workspace, table.c[at] < _before).limit(_limit)
    return Query(delete(table).where(tuple_(*key).in_(old)))


_LOGS: Mapping[str, tuple[Query, ...]] = {
    "audit": (_older(audit_lines, "at"),),
    "raw_payloads": (_older(raw_payloads, "at"),),
    "webhook_deliveries": (_older(webhook_deliveries, "created_at"), _older(webhook_attempts, "at")),
    "automation_runs": (_older(automation_runs, "finished_at"),),
}
# Positions are in the order of time, so only the first ones are looked at.
_first = (
    select(events.c.position, events.c.at)
    .where(events.c.workspace_id == _workspace)
    .order_by(events.c.position)
    .limit(_limit)
    .subquery()
)
_EVENTS = Query(
    delete(events).where(
        events.c.workspace_id == _workspace,
        events.c.position.in_(select(_first.c.position).where(_first.c.at < _before)),
    )
)


def _next(table: Table, *columns: str) -> Query:
    wanted = [table.c[name] for name in ("id", *columns)]
    of = table.c.workspace_id == _workspace
    return Query(
        select(*wanted).where(of, table.c.id > _after, table.c.id < _before).order_by(table.c.id).limit(_limit)
    )


_MESSAGES, _NOTES, _MEDIA = _next(messages, "status", "conversation_id"), _next(notes), _next(media)
_PASSED = Query(insert(overdue_words))
_OVERDUE = Query(
    select(messages.c.id, messages.c.status, messages.c.conversation_id)
    .join(
        overdue_words,
        and_(overdue_words.c.workspace_id == messages.c.workspace_id, overdue_words.c.message_id == messages.c.id),
    )
    .where(overdue_words.c.workspace_id == _workspace, messages.c.workspace_id == _workspace, messages.c.id < _before)
    .where(*(messages.c.status != str(one) for one in sorted(_UNFINISHED)))
    .limit(_limit)
)
_NOT_OVERDUE = Query(
    delete(overdue_words).where(overdue_words.c.workspace_id == _workspace, in_set(overdue_words.c.message_id, "ids"))
)
_gone = {"state": literal("unavailable"), "size": None, "name": None, "url": None, "blob": None, "content_id": None}
_EMPTY_MESSAGES = Query(
    update(messages)
    .where(messages.c.workspace_id == _workspace, in_set(messages.c.id, "ids"))
    .values(body=literal(""), subject=None, quoted=None, appended=None, metadata=literal("{}"), html_id=None)
)
_EMPTY_RECEIPTS = Query(
    update(receipts)
    .where(receipts.c.workspace_id == _workspace, in_set(receipts.c.message_id, "ids"))
    .values(raw=literal(b""), text=None)
)
_EMPTY_PREVIEWS = Query(
    update(conversations)
    .where(conversations.c.workspace_id == _workspace, in_set(conversations.c.id, "conversations"))
    .where(in_set(conversations.c.last_message_id, "ids"))
    .values(preview=literal(""))
)
_EMPTY_NOTES = Query(
    update(notes).where(notes.c.workspace_id == _workspace, in_set(notes.c.id, "ids")).values(body=literal(""))
)
_EMPTY_FILES = Query(
    update(media)
    .where(media.c.workspace_id == _workspace, in_set(media.c.message_id, "ids"), media.c.library.is_(False))
    .values(**_gone)
)
_EMPTY_MEDIA = Query(
    update(media)
    .where(media.c.workspace_id == _workspace, in_set(media.c.id, "ids"), media.c.library.is_(False))
    .values(**_gone)
)


def keep_no_longer(session: Session, now: int) -> Mapping[str, int]:
    """One slice of each kind in each workspace that has something past its time; how much it was, by kind.

    Nothing is left when all are 0. Raises Conflict when another node was at it at the same time.
    """
    done: dict[str, int] = {}
    for kind, slice_of in _KINDS.items():
        for workspace_id, days in kept_days(session, kind).items():
            if days:
                done[kind] = done.get(kind, 0) + slice_of(session, workspace_id, now - days * DAY)
    return done


def _log(kind: str) -> Callable[[Session, int, int], int]:
    def remove(session: Session, workspace_id: int, before: int) -> int:
        found = (session.run(one, workspace_id=workspace_id, before=before, limit=SLICE) for one in _LOGS[kind])
        return sum(found)

    return remove


def _events(session: Session, workspace_id: int, before: int) -> int:
    return session.run(_EVENTS, workspace_id=workspace_id, before=before, limit=SLICE)


def _words(session: Session, workspace_id: int, before: int) -> int:
    """Messages and notes."""
    rows = _slice(session, workspace_id, before, "messages", _MESSAGES)
    passed = [row[0] for row in rows if row[1] in _UNFINISHED]
    session.each(_PASSED, [{"workspace_id": workspace_id, "message_id": one} for one in passed])
    late = session.rows(_OVERDUE, workspace_id=workspace_id, before=first_id_at(before), limit=SLICE)
    _empty(session, workspace_id, {row[0]: row[2] for row in (*rows, *late) if row[1] not in _UNFINISHED})
    if late:
        session.run(_NOT_OVERDUE, workspace_id=workspace_id, ids=session.set_of([row[0] for row in late]))
    noted = [row[0] for row in _slice(session, workspace_id, before, "notes", _NOTES)]
    if noted:
        session.run(_EMPTY_NOTES, workspace_id=workspace_id, ids=session.set_of(noted))
    return len(rows) + len(late) + len(noted)


def _empty(session: Session, workspace_id: int, of: Mapping[int, int | None]) -> None:
    """The words of these messages, each with its conversation."""
    if not of:
        return
    chosen = {"workspace_id": workspace_id, "ids": session.set_of(of)}
    for query in (_EMPTY_MESSAGES, _EMPTY_RECEIPTS, _EMPTY_FILES):
        session.run(query, **chosen)
    shown = {one for one in of.values() if one is not None}
    session.run(_EMPTY_PREVIEWS, **chosen, conversations=session.set_of(shown))
    search.forget_messages(session, workspace_id, list(of))


def _media(session: Session, workspace_id: int, before: int) -> int:
    """Their bytes go with the next sweep of files that nothing names; the team's library stays."""
    found = [row[0] for row in _slice(session, workspace_id, before, "media", _MEDIA)]
    if found:
        session.run(_EMPTY_MEDIA, workspace_id=workspace_id, ids=session.set_of(found))
    return len(found)


def _slice(session: Session, workspace_id: int, before: int, what: str, query: Query) -> list[tuple[Any, ...]]:
    """The next rows by id, older than a moment; the cursor goes on behind them in this very transaction."""
    follower = f"retention:{what}"
    at = cursors.position(session, follower, workspace_id)
    end = first_id_at(before)
    rows = [tuple(row) for row in session.rows(query, workspace_id=workspace_id, after=at, before=end, limit=SLICE)]
    if rows and not cursors.advance(session, follower, workspace_id, at, rows[-1][0]):
        raise Conflict("another node removes the same")
    return rows


_KINDS: Mapping[str, Callable[[Session, int, int], int]] = {
    **{kind: _log(kind) for kind in _LOGS},
    "events": _events,
    "media": _media,
    "messages": _words,
}
