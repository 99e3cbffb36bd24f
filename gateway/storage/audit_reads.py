"""The audit trail as it is read: newest first, narrowed by who, what and when."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import BigInteger, bindparam, select

from gateway.domain.audit import AuditLine
from gateway.domain.record import record
from gateway.storage.query import Query, in_set
from gateway.storage.records import AUDIT_LINES
from gateway.storage.schema import audit_lines
from gateway.storage.session import Session


@record
class Wanted:
    """What to show; None is no matter. `begin` and `end` are milliseconds, the end itself left out."""

    user_id: int | None = None
    actions: Sequence[str] | None = None
    begin: int | None = None
    end: int | None = None
    subject_id: int | None = None


_LAST = (1 << 63) - 1
_PEOPLE = Query(
    select(audit_lines.c.user_id)
    .where(audit_lines.c.workspace_id == bindparam("workspace_id"), audit_lines.c.user_id.is_not(None))
    .distinct()
)


@cache
def _page(user: bool, actions: bool, begin: bool, end: bool, subject: bool) -> Query:
    lines = audit_lines.c
    query = AUDIT_LINES.select().where(
        lines.workspace_id == bindparam("workspace_id"), lines.id < bindparam("before", type_=BigInteger)
    )
    if user:
        query = query.where(lines.user_id == bindparam("user_id", type_=BigInteger))
    if actions:
        query = query.where(in_set(lines.action, "actions"))
    if begin:
        query = query.where(lines.at >= bindparam("begin", type_=BigInteger))
    if end:
        query = query.where(lines.at < bindparam("end", type_=BigInteger))
    if subject:
        query = query.where(lines.subject_id == bindparam("subject_id", type_=BigInteger))
    return Query(query.order_by(lines.id.desc()).limit(bindparam("limit", type_=BigInteger)))


def audit_page(
    session: Session, workspace_id: int, wanted: Wanted, limit: int, before: int | None = None
) -> list[AuditLine]:
    """The newest lines below the id `before`."""
    given: dict[str, object] = {
        "user_id": wanted.user_id, "begin": wanted.begin, "end": wanted.end, "subject_id": wanted.subject_id
    }  # fmt: skip
    parameters = {name: value for name, value in given.items() if value is not None}
    if wanted.actions is not None:
        parameters["actions"] = session.set_of(wanted.actions)
    query = _page(*(name in parameters for name in ("user_id", "actions", "begin", "end", "subject_id")))
    return AUDIT_LINES.fetch(
        session, query, workspace_id=workspace_id, before=before or _LAST, limit=limit, **parameters
    )


def audited_users(session: Session, workspace_id: int) -> set[int]:
    """Everybody who stands in the trail."""
    return {row[0] for row in session.rows(_PEOPLE, workspace_id=workspace_id)}
