"""Lists of contacts as pages and the API show them: how many are on each, who, and the lists of a contact."""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import BigInteger, Exists, and_, bindparam, exists, func, or_, select

from gateway.domain.lists import ContactImport
from gateway.storage.contact_reads import ContactView, views_of
from gateway.storage.conversation_rows import contacts_after_merging
from gateway.storage.inbox import with_merged
from gateway.storage.page import Page, page_size, read_cursor, write_cursor
from gateway.storage.query import Query, in_set
from gateway.storage.records import IMPORTS, LIST_MEMBERS
from gateway.storage.schema import contacts
from gateway.storage.schema_automation import contact_imports, list_members
from gateway.storage.session import Session

_ORDER = "member"
MOST_IMPORTS = 20


def _winner_is_there() -> Exists:
    """Of somebody who was merged: whether the other is on the list as well, and stands for both."""
    winner = list_members.alias("winner")
    return exists().where(
        winner.c.workspace_id == list_members.c.workspace_id,
        winner.c.list_id == list_members.c.list_id,
        winner.c.contact_id == contacts.c.merged_into,
    )


_people = list_members.join(
    contacts,
    and_(contacts.c.workspace_id == list_members.c.workspace_id, contacts.c.id == list_members.c.contact_id),
)
_once = or_(contacts.c.merged_into.is_(None), ~_winner_is_there())
_COUNTS = Query(
    select(list_members.c.list_id, func.count())
    .select_from(_people)
    .where(list_members.c.workspace_id == bindparam("workspace_id"), in_set(list_members.c.list_id, "lists"), _once)
    .group_by(list_members.c.list_id)
)
_IMPORTS = Query(
    IMPORTS.select()
    .where(contact_imports.c.workspace_id == bindparam("workspace_id"))
    .order_by(contact_imports.c.id.desc())
    .limit(bindparam("limit", type_=BigInteger))
)


@cache
def _members(later: bool) -> Query:
    statement = (
        select(list_members.c.contact_id)
        .select_from(_people)
        .where(
            list_members.c.workspace_id == bindparam("workspace_id"),
            list_members.c.list_id == bindparam("list_id"),
            _once,
        )
        .order_by(list_members.c.contact_id.desc())
        .limit(bindparam("limit", type_=BigInteger))
    )
    if later:
        statement = statement.where(list_members.c.contact_id < bindparam("id", type_=BigInteger))
    return Query(statement)


def member_counts(session: Session, workspace_id: int, list_ids: Iterable[int]) -> dict[int, int]:
    """How many contacts are on each list; those that were merged count once."""
    wanted = list(list_ids)
    rows = session.rows(_COUNTS, workspace_id=workspace_id, lists=session.set_of(wanted))
    return dict.fromkeys(wanted, 0) | {row[0]: row[1] for row in rows}


def member_page(
    session: Session, workspace_id: int, list_id: int, *, limit: int = 50, cursor: str | None = None
) -> Page[ContactView]:
    """Who is on a list, the newest contact first; whoever was merged is shown as the one they are now."""
    size = page_size(limit)
    place = {} if cursor is None else {"id": read_cursor(cursor, _ORDER, int)[1]}
    query = _members(cursor is not None)
    rows = session.rows(query, workspace_id=workspace_id, list_id=list_id, limit=size + 1, **place)
    ids = [row[0] for row in rows[:size]]
    winners = contacts_after_merging(session, workspace_id, ids)
    people = list({winners[one].id: winners[one] for one in ids if one in winners}.values())
    more = write_cursor(_ORDER, ids[-1], ids[-1]) if len(rows) > size else None
    return Page(views_of(session, workspace_id, people), more)


def lists_of(session: Session, workspace_id: int, contact_id: int) -> list[int]:
    """The lists a contact is on, by themselves or through whoever was merged into them."""
    family = with_merged(session, workspace_id, [contact_id])
    return sorted({one.list_id for one in LIST_MEMBERS.by(session, workspace_id, "contact_id", family)})


def on_lists(session: Session, workspace_id: int, contact_ids: Iterable[int]) -> Mapping[int, set[int]]:
    """The lists of each of these contacts, as themselves."""
    found: dict[int, set[int]] = {}
    for one in LIST_MEMBERS.by(session, workspace_id, "contact_id", contact_ids):
        found.setdefault(one.contact_id, set()).add(one.list_id)
    return found


def latest_imports(session: Session, workspace_id: int) -> list[ContactImport]:
    """The newest tables read in, the newest first."""
    return IMPORTS.fetch(session, _IMPORTS, workspace_id=workspace_id, limit=MOST_IMPORTS)


def contact_import(session: Session, workspace_id: int, import_id: int) -> ContactImport | None:
    """One of them."""
    found = IMPORTS.by(session, workspace_id, "id", [import_id])
    return found[0] if found else None
