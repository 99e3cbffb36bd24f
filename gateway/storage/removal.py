"""Emptying a workspace that was removed, in bites, until nothing of it is left; then it is gone itself."""

from functools import cache

from sqlalchemy import BigInteger, Table, bindparam, delete, select, tuple_

from gateway.storage import search
from gateway.storage.all_tables import metadata
from gateway.storage.query import Query
from gateway.storage.schema import contact_names, contacts, messages, workspaces
from gateway.storage.session import Session

BITE = 2_000
_REMOVED = Query(select(workspaces.c.id).where(workspaces.c.removed_at.is_not(None)).order_by(workspaces.c.id))
_GONE = Query(delete(workspaces).where(workspaces.c.id == bindparam("workspace_id")))


@cache
def _tables() -> tuple[Table, ...]:
    """All that hold something of a workspace. What words and names are found by goes with messages and contacts."""
    found = [table for table in metadata.sorted_tables if "workspace_id" in table.c]
    last = (contacts, contact_names)  # the names of contacts are what takes them out of the index
    return tuple(sorted(found, key=lambda table: (last.index(table) + 1 if table in last else 0, table.name)))


@cache
def _delete(table: Table) -> Query:
    """In the order of `_ids`: of what goes, its words were taken out of the index."""
    key = list(table.primary_key)
    some = (
        select(*key)
        .where(table.c.workspace_id == bindparam("workspace_id", type_=BigInteger))
        .order_by(*key)
        .limit(bindparam("bite", type_=BigInteger))
    )
    return Query(delete(table).where(tuple_(*key).in_(some)))


@cache
def _ids(table: Table) -> Query:
    return Query(
        select(table.c.id)
        .where(table.c.workspace_id == bindparam("workspace_id", type_=BigInteger))
        .order_by(table.c.id)
        .limit(bindparam("bite", type_=BigInteger))
    )


def removed_workspaces(session: Session) -> list[int]:
    """Those that were removed and are not yet gone."""
    return [row[0] for row in session.rows(_REMOVED)]


def empty_workspace(session: Session, workspace_id: int) -> bool:
    """Removes up to `BITE` rows; False once the workspace is gone. A file that nothing names is swept away later."""
    left = BITE
    for table in _tables():
        if table is contacts or table is messages:
            found = [row[0] for row in session.rows(_ids(table), workspace_id=workspace_id, bite=left)]
            if table is contacts:
                search.forget_contacts(session, workspace_id, found)
            else:
                search.forget_messages(session, workspace_id, found)
        left -= session.run(_delete(table), workspace_id=workspace_id, bite=left)
        if left <= 0:
            return True
    if left < BITE:  # somebody may have been at work while it was emptied: it is gone when nothing more was found
        return True
    session.run(_GONE, workspace_id=workspace_id)
    return False
