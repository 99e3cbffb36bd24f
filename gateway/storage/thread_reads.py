"""The entries of a thread, and of the threads merged into it, interleaved by time."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, or_, select, tuple_

from gateway.domain.model import Entry, EntryKind, Note, Thread
from gateway.domain.record import record
from gateway.storage.families import family_of
from gateway.storage.message_reads import MessageView, message_views
from gateway.storage.page import page_size
from gateway.storage.query import Query, in_set
from gateway.storage.records import ENTRIES, NOTES
from gateway.storage.schema import entries as table
from gateway.storage.session import Session

LAST = (1 << 63) - 1


@record
class Place:
    """Where an entry stands. In a thread of its own `seq` says it; among merged threads, time and entry id do."""

    thread_id: int
    seq: int
    at: int
    id: int


@record
class EntryView:
    """One line of a thread: with its message, its note, or the event that the entry itself is."""

    entry: Entry
    message: MessageView | None = None
    note: Note | None = None

    @property
    def place(self) -> Place:
        """For `before` and `after` of the next page."""
        return Place(self.entry.thread_id, self.entry.seq, self.entry.at, self.entry.id)


def entries(
    session: Session,
    workspace_id: int,
    thread_id: int,
    *,
    limit: int,
    before: int | Place | None = None,
    after: int | Place | None = None,
    types: Collection[str] | None = None,
    above_floor: bool = False,
) -> list[EntryView]:
    """Up to `limit` (at most 200) entries, ascending; empty if there is no such thread.

    From the oldest, or those just after `after`, or those just before `before` (`LAST`: the newest). A number is a
    `seq` of the thread asked for. `types` are kinds of entries, event types, and `inbound` or `outbound`. With
    `above_floor` what Remove hid stays hidden.
    """
    family = family_of(session, workspace_id, thread_id)
    backwards = before is not None
    place = before if backwards else after
    if len(family) > 1 and isinstance(place, int) and 0 < place < LAST:
        place = _place_of(session, workspace_id, thread_id, place)
    found: list[Entry] = []
    for thread in family:
        found += _of_thread(session, thread, place, backwards, page_size(limit), types, above_floor)
    if len(family) > 1:
        found.sort(key=lambda entry: (entry.at, entry.id))
    else:
        found.sort(key=lambda entry: entry.seq)
    return _views(session, workspace_id, found[-page_size(limit) :] if backwards else found[: page_size(limit)])


def _of_thread(
    session: Session,
    thread: Thread,
    place: int | Place | None,
    backwards: bool,
    limit: int,
    types: Collection[str] | None,
    above_floor: bool,
) -> list[Entry]:
    elsewhere = isinstance(place, Place) and place.thread_id != thread.id
    seq = place.seq if isinstance(place, Place) else place
    query = _statement(backwards, elsewhere, types is not None)
    return ENTRIES.fetch(
        session,
        query,
        workspace_id=thread.workspace_id,
        thread_id=thread.id,
        seq=seq if seq is not None else (LAST if backwards else 0),
        floor=thread.floor_seq if above_floor else 0,
        limit=limit,
        types=session.set_of(types or ()),
        **({"at": place.at, "id": place.id} if isinstance(place, Place) else {}),
    )


@cache
def _statement(backwards: bool, elsewhere: bool, typed: bool) -> Query:
    c = table.c
    where: list[ColumnElement[bool]] = [
        c.workspace_id == bindparam("workspace_id"),
        c.thread_id == bindparam("thread_id"),
        c.seq > bindparam("floor", type_=BigInteger),
    ]
    if elsewhere:
        there = tuple_(bindparam("at", type_=BigInteger), bindparam("id", type_=BigInteger))
        where.append(tuple_(c.at, c.id) < there if backwards else tuple_(c.at, c.id) > there)
    else:
        seq = bindparam("seq", type_=BigInteger)
        where.append(c.seq < seq if backwards else c.seq > seq)
    if typed:
        where.append(or_(in_set(c.kind, "types"), in_set(c.event, "types"), in_set(c.direction, "types")))
    return Query(
        ENTRIES.select()
        .where(*where)
        .order_by(c.seq.desc() if backwards else c.seq)
        .limit(bindparam("limit", type_=BigInteger))
    )


_COUNTS = Query(
    select(table.c.kind, func.count())
    .where(table.c.workspace_id == bindparam("workspace_id"), in_set(table.c.thread_id, "threads"))
    .group_by(table.c.kind)
)


def entry_counts(session: Session, workspace_id: int, thread_id: int) -> dict[EntryKind, int]:
    """How many entries of each kind a thread has, those merged into it included."""
    family = session.set_of(one.id for one in family_of(session, workspace_id, thread_id))
    return {EntryKind(kind): count for kind, count in session.rows(_COUNTS, workspace_id=workspace_id, threads=family)}


_AT = Query(
    select(table.c.at, table.c.id).where(
        table.c.workspace_id == bindparam("workspace_id"),
        table.c.thread_id == bindparam("thread_id"),
        table.c.seq == bindparam("seq"),
    )
)


def _place_of(session: Session, workspace_id: int, thread_id: int, seq: int) -> int | Place:
    row = session.first(_AT, workspace_id=workspace_id, thread_id=thread_id, seq=seq)
    return seq if row is None else Place(thread_id, seq, row[0], row[1])


def _views(session: Session, workspace_id: int, found: Sequence[Entry]) -> list[EntryView]:
    message_ids = {entry.message_id for entry in found if entry.message_id is not None}
    note_ids = {entry.note_id for entry in found if entry.note_id is not None}
    messages = message_views(session, workspace_id, message_ids) if message_ids else {}
    notes = {note.id: note for note in NOTES.by(session, workspace_id, "id", note_ids)} if note_ids else {}
    return [
        EntryView(
            entry,
            None if entry.message_id is None else messages.get(entry.message_id),
            None if entry.note_id is None else notes.get(entry.note_id),
        )
        for entry in found
    ]
