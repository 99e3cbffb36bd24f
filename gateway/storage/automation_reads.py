"""Automations in their order, and the log of their runs."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, and_, bindparam, func, literal_column, select

from gateway.domain.automation import (
    LOOKED_BACK_MS,
    MOST_LOOKED_AT,
    Automation,
    AutomationHold,
    AutomationRun,
    RunState,
    hold_key,
)
from gateway.domain.ids import first_id_at
from gateway.domain.model import Contact, ContactAddress, Conversation, Event
from gateway.domain.record import record
from gateway.domain.settings import Snippet
from gateway.storage.conversation_rows import addresses_of
from gateway.storage.query import Query
from gateway.storage.records import (
    AUTOMATION_HOLDS,
    AUTOMATION_MARKS,
    AUTOMATION_RUNS,
    AUTOMATIONS,
    CONTACTS,
    CONVERSATIONS,
    EVENTS,
    SNIPPETS,
    THREADS,
)
from gateway.storage.schema import events
from gateway.storage.schema_automation import automation_holds as holds
from gateway.storage.schema_automation import automation_runs as runs
from gateway.storage.schema_automation import automations
from gateway.storage.session import Session

_OF_WORKSPACE = automations.c.workspace_id == bindparam("workspace_id")
_LIVE = Query(
    AUTOMATIONS.select()
    .where(_OF_WORKSPACE, automations.c.removed_at.is_(None))
    .order_by(automations.c.place, automations.c.id)
)
_of_one = runs.c.workspace_id == bindparam("workspace_id"), runs.c.automation_id == bindparam("automation_id")
_PAGE = Query(
    AUTOMATION_RUNS.select()
    .where(*_of_one, runs.c.id < bindparam("before", type_=BigInteger))
    .order_by(runs.c.id.desc())
    .limit(bindparam("limit", type_=BigInteger))
)
_IN_THREAD = Query(
    select(runs.c.created_at)
    .where(*_of_one, runs.c.thread_id == bindparam("thread_id", type_=BigInteger))
    .where(runs.c.id >= bindparam("since", type_=BigInteger), runs.c.state != str(RunState.STOPPED))
    .order_by(runs.c.id.desc())
    .limit(bindparam("limit", type_=BigInteger))
)
_HELD = and_(holds.c.workspace_id == bindparam("workspace_id"), holds.c.released_at.is_(None))
_HOLDS = Query(
    AUTOMATION_HOLDS.select()
    .where(_HELD, holds.c.automation_id == bindparam("automation_id"))
    .where(holds.c.key > bindparam("after"))
    .order_by(holds.c.key)
    .limit(bindparam("limit", type_=BigInteger))
)
_HOW_MANY_HELD = Query(select(holds.c.automation_id, func.count()).where(_HELD).group_by(holds.c.automation_id))
_SUMMARY = Query(
    select(runs.c.automation_id, func.count(), func.max(runs.c.created_at))
    .where(runs.c.workspace_id == bindparam("workspace_id"), runs.c.id >= bindparam("since", type_=BigInteger))
    .group_by(runs.c.automation_id)
)
_FIRST_BEYOND = Query(
    select(events.c.position, events.c.at)
    .where(events.c.workspace_id == bindparam("workspace_id"), events.c.position >= bindparam("position"))
    .order_by(events.c.position)
    .limit(literal_column("1"))
)
_BEFORE = Query(
    EVENTS.select()
    .where(
        events.c.workspace_id == bindparam("workspace_id"),
        events.c.position < bindparam("before", type_=BigInteger),
        events.c.position >= bindparam("first", type_=BigInteger),
        events.c.type == bindparam("type"),
    )
    .order_by(events.c.position.desc())
    .limit(bindparam("limit", type_=BigInteger))
)
LAST = (1 << 63) - 1


@record
class Held:
    """A thread in which an automation does nothing more, and whose it is."""

    hold: AutomationHold
    contact: Contact | None
    addresses: tuple[ContactAddress, ...] = ()


@record
class Activity:
    """How often an automation ran of late, and when it did last (ms)."""

    count: int
    last_at: int


def live_automations(session: Session, workspace_id: int) -> list[Automation]:
    """Those that were not removed, in their order."""
    return AUTOMATIONS.fetch(session, _LIVE, workspace_id=workspace_id)


def team_templates(session: Session, workspace_id: int) -> list[Snippet]:
    """The templates that the whole team uses, by name."""
    found = SNIPPETS.by(session, workspace_id, "kind", ["template"])
    return sorted((one for one in found if one.removed_at is None and one.shared), key=lambda one: one.name.casefold())


def automation(session: Session, workspace_id: int, automation_id: int) -> Automation | None:
    """One of them, unless it was removed."""
    found = AUTOMATIONS.by(session, workspace_id, "id", [automation_id])
    return next((one for one in found if one.removed_at is None), None)


def run(session: Session, workspace_id: int, run_id: int) -> AutomationRun | None:
    """One run."""
    found = AUTOMATION_RUNS.by(session, workspace_id, "id", [run_id])
    return found[0] if found else None


def run_begun_for(session: Session, workspace_id: int, key: str) -> AutomationRun | None:
    """The run that a mark names, if it was made."""
    marks = AUTOMATION_MARKS.by(session, workspace_id, "key", [key])
    return run(session, workspace_id, marks[0].value) if marks else None


def runs_of(
    session: Session, workspace_id: int, automation_id: int, limit: int, before: int = LAST
) -> list[AutomationRun]:
    """Up to `limit` runs, the newest first, with ids below `before`."""
    return AUTOMATION_RUNS.fetch(
        session, _PAGE, workspace_id=workspace_id, automation_id=automation_id, limit=limit, before=before
    )


def ran_in_thread(
    session: Session, workspace_id: int, automation_id: int, thread_id: int, now: int
) -> tuple[AutomationHold | None, list[int]]:
    """Whether it is held in a thread at the moment; and when it ran there of late (ms), the newest first.

    As many as have to be known to say that it was too often, and none from before it was let go on.
    """
    found = AUTOMATION_HOLDS.by(session, workspace_id, "key", [hold_key(automation_id, thread_id)])
    hold = found[0] if found else None
    if hold is not None and hold.released_at is None:
        return hold, []
    since = max(now - LOOKED_BACK_MS, hold.released_at or 0 if hold else 0)
    rows = session.rows(
        _IN_THREAD,
        workspace_id=workspace_id,
        automation_id=automation_id,
        thread_id=thread_id,
        since=first_id_at(since),
        limit=MOST_LOOKED_AT,
    )
    return None, [created_at for (created_at,) in rows]


def holds_of(session: Session, workspace_id: int, automation_id: int, limit: int, after: str = "") -> list[Held]:
    """Up to `limit` threads in which it is held, by key, those behind `after`."""
    found: list[AutomationHold] = AUTOMATION_HOLDS.fetch(
        session, _HOLDS, workspace_id=workspace_id, automation_id=automation_id, after=after, limit=limit
    )
    threads = {one.id: one for one in THREADS.by(session, workspace_id, "id", [one.thread_id for one in found])}
    whose = {one.contact_id for one in threads.values()}
    contacts = {one.id: one for one in CONTACTS.by(session, workspace_id, "id", whose)}
    addresses = addresses_of(session, workspace_id, contacts)

    def of(hold: AutomationHold) -> Held:
        contact_id = threads[hold.thread_id].contact_id if hold.thread_id in threads else 0
        return Held(hold, contacts.get(contact_id), addresses.get(contact_id, ()))

    return [of(one) for one in found]


def how_many_held(session: Session, workspace_id: int) -> dict[int, int]:
    """In how many threads automations are held, by their ids; those of which none is are not in it."""
    rows = session.rows(_HOW_MANY_HELD, workspace_id=workspace_id)
    return {row[0]: row[1] for row in rows}


def conversation_now(session: Session, workspace_id: int, conversation_id: int | None) -> Conversation | None:
    """A conversation as it stands."""
    found = CONVERSATIONS.by(session, workspace_id, "id", [] if conversation_id is None else [conversation_id])
    return found[0] if found else None


def activity(session: Session, workspace_id: int, since: int) -> dict[int, Activity]:
    """What the automations of a workspace did since a moment (ms), by their ids."""
    rows = session.rows(_SUMMARY, workspace_id=workspace_id, since=first_id_at(since))
    return {automation_id: Activity(count, last_at) for automation_id, count, last_at in rows}


def first_position_since(session: Session, workspace_id: int, head: int, at: int) -> int:
    """The first position of the log whose event is not older than `at` (ms); one beyond `head` if there is none.

    Positions follow the clock closely enough to be halved: a minute's event is found with twenty lookups in a million.
    """
    low, high = 1, head + 1
    while low < high:
        middle = (low + high) // 2
        row = session.first(_FIRST_BEYOND, workspace_id=workspace_id, position=middle)
        if row is None or row[1] >= at:
            high = middle
        else:
            low = row[0] + 1
    return low


def events_before(
    session: Session, workspace_id: int, event_type: str, before: int, first: int, limit: int
) -> list[Event]:
    """Up to `limit` events of a type, the newest first, from `first` up to but without `before`."""
    return EVENTS.fetch(
        session, _BEFORE, workspace_id=workspace_id, type=event_type, before=before, first=first, limit=limit
    )


def events_at(session: Session, workspace_id: int, positions: Iterable[int]) -> dict[int, Event]:
    """Lines of the log by their positions."""
    return {one.position: one for one in EVENTS.by(session, workspace_id, "position", positions)}
