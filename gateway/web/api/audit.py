"""The audit trail: who did what in administration, and when."""

from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from gateway.domain.audit import AuditLine
from gateway.domain.visibility import Permission
from gateway.storage.audit_reads import Wanted, audit_page
from gateway.web.api.call import Call
from gateway.web.api.inputs import Id
from gateway.web.api.paging import Cursor, Limit, page_from, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.times import id_in_field_or_none, to_id, to_id_or_none, to_ms_or_none, to_time

routes = Routes("Audit trail")


class AuditQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"begin": "from", "end": "to"}):
    """Whose lines, of which actions (comma list), from and to when (the latter left out)."""

    user: Id | None = None
    actions: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class AuditShape(msgspec.Struct, frozen=True):
    """One line. `details` has changed fields as `[was, is]`; `hidden` among them names those that are not told."""

    id: str
    at: datetime
    action: str
    actor: str
    actor_name: str | None
    user_id: str | None
    subject_id: str | None
    subject: str | None
    details: dict[str, Any]
    address: str | None


@routes.get("/audit", permission=Permission.VIEW_AUDIT)
async def list_audit(call: Call, query: AuditQuery) -> Page[AuditShape]:
    """List the audit trail, the newest line first."""
    after = read_cursor(query.cursor, int)
    wanted = Wanted(
        id_in_field_or_none("user", query.user, "user"),
        tuple(query.actions.split(",")) if query.actions else None,
        to_ms_or_none(query.begin, "from"),
        to_ms_or_none(query.end, "to"),
    )
    before = after[0] if after else None
    read = partial(audit_page, workspace_id=call.workspace_id, wanted=wanted, limit=query.limit + 1, before=before)
    return page_from(await call.read(read), query.limit, _shape, lambda one: write_cursor(one.id))


def _shape(one: AuditLine) -> AuditShape:
    subject = to_id(one.noun, one.subject_id) if one.noun and one.subject_id else None
    return AuditShape(
        to_id("audit", one.id),
        to_time(one.at),
        one.action,
        one.actor,
        one.actor_name,
        to_id_or_none("user", one.user_id),
        subject,
        one.subject,
        dict(one.details),
        one.address,
    )
