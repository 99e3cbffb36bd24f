"""Automations in their order, and the log of their runs."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, bindparam, func, literal_column, select

from gateway.domain.automation import Automation, AutomationRun
from gateway.domain.ids import first_id_at
from gateway.domain.model import Event
from gateway.domain.record import record
from gateway.domain.settings import Snippet
from gateway.storage.query import Query
from gateway.storage.records import AUTOMATION_MARKS, AUTOMATION_RUNS, AUTOMATIONS, EVENTS, SNIPPETS
from gateway.storage.schema import events
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
_SINCE = Query(
    select(func.count())
    .select_from(runs)
    .where(*_of_one, runs.c.id >= bindparam("since", type_=BigInteger), runs.c.thread_id == bindparam("thread_id"))
)
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


def runs_in_thread(session: Session, workspace_id: int, automation_id: int, thread_id: int, since: int) -> int:
    """How often it ran in a thread since a moment (ms)."""
    count: int = session.scalar(
        _SINCE,
        workspace_id=workspace_id,
        automation_id=automation_id,
        thread_id=thread_id,
        since=first_id_at(since),
    )
    return count


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
