"""Parked work: what failed too often and waits for a person."""

from dataclasses import replace
from datetime import datetime

import msgspec

from gateway.domain.model import Work
from gateway.domain.visibility import Permission
from gateway.storage import work_queue, work_views
from gateway.storage.records import WORK
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.paging import PageQuery, page_from, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.times import to_id, to_id_or_none, to_time

routes = Routes("Work")

_NEWEST = (1 << 63) - 1


class WorkShape(msgspec.Struct, frozen=True):
    """Something that was to be done and could not: `kind` says what, `last_error` why."""

    id: str
    kind: str
    state: str
    gateway_id: str | None
    attempts: int
    last_error: str | None
    due_at: datetime
    created_at: datetime


@routes.get("/work", permission=Permission.MANAGE_GATEWAYS)
async def list_parked_work(call: Call, query: PageQuery) -> Page[WorkShape]:
    """List parked work, the newest first."""
    cursor = read_cursor(query.cursor, int)
    before = cursor[0] if cursor else _NEWEST
    found = await call.read(lambda session: work_views.parked(session, call.workspace_id, query.limit + 1, before))
    return page_from(found, query.limit, _shape, lambda work: write_cursor(work.id))


@routes.post("/work/{work_id}/replay", permission=Permission.MANAGE_GATEWAYS, status=202)
async def replay_work(call: Call, work_id: int) -> WorkShape:
    """Queue parked work again, now."""
    now = call.state.clock()
    parked = await call.read(lambda session: WORK.by(session, call.workspace_id, "id", [work_id]))
    replayed = await call.state.database.write(
        lambda session: work_queue.replay(session, call.workspace_id, work_id, now)
    )
    if not parked or not replayed:
        raise problems.not_found("parked work")
    return _shape(replace(parked[0], state="queued", attempts=0, due_at=now))


@routes.delete("/work/{work_id}", permission=Permission.MANAGE_GATEWAYS)
async def drop_work(call: Call, work_id: int) -> None:
    """Throw parked work away; what it was about is not done."""
    dropped = await call.state.database.write(lambda session: work_queue.drop(session, call.workspace_id, work_id))
    if not dropped:
        raise problems.not_found("parked work")


def _shape(work: Work) -> WorkShape:
    return WorkShape(
        to_id("work", work.id),
        work.kind,
        work.state,
        to_id_or_none("gateway", work.gateway_id),
        work.attempts,
        work.last_error,
        to_time(work.due_at),
        to_time(work.created_at),
    )
