"""Campaigns as their workers, their pages and the API see them: what comes next, and what became of whom."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, literal_column, select

from gateway.domain.campaigns import (
    LOST,
    Campaign,
    CampaignProgress,
    CampaignRecipient,
    RecipientState,
)
from gateway.domain.record import replace
from gateway.storage.page import Page, page_size, read_cursor, write_cursor
from gateway.storage.query import Query, constant, in_set
from gateway.storage.records import CAMPAIGN_PROGRESS, CAMPAIGN_RECIPIENTS, CAMPAIGNS
from gateway.storage.schema import messages, work
from gateway.storage.schema_automation import campaign_recipients as recipients
from gateway.storage.schema_automation import campaign_table as campaigns
from gateway.storage.schema_automation import list_members
from gateway.storage.session import Session

_ORDER = "recipient"
_WS = bindparam("workspace_id", type_=BigInteger)
_ID = bindparam("campaign_id", type_=BigInteger)
_LIMIT = bindparam("limit", type_=BigInteger)
_THIS = (recipients.c.workspace_id == _WS, recipients.c.campaign_id == _ID)
_WAITING = recipients.c.state == str(RecipientState.WAITING)
_PAGE = Query(
    CAMPAIGNS.select()
    .where(campaigns.c.workspace_id == _WS, campaigns.c.removed_at.is_(None), campaigns.c.id < bindparam("before"))
    .order_by(campaigns.c.id.desc())
    .limit(_LIMIT)
)
_MEMBERS = Query(
    select(list_members.c.contact_id)
    .where(
        list_members.c.workspace_id == _WS,
        list_members.c.list_id == bindparam("list_id"),
        list_members.c.contact_id > bindparam("after"),
        list_members.c.added_at <= bindparam("until"),
    )
    .order_by(list_members.c.contact_id)
    .limit(_LIMIT)
)
_KNOWN = Query(select(recipients.c.contact_id).where(*_THIS, in_set(recipients.c.contact_id, "contacts")))
_DUE = Query(
    CAMPAIGN_RECIPIENTS.select()
    .where(*_THIS, _WAITING, recipients.c.due_at <= bindparam("now"))
    .order_by(recipients.c.due_at, recipients.c.contact_id)
    .limit(_LIMIT)
)
_NEXT = Query(select(func.min(recipients.c.due_at)).where(*_THIS, _WAITING))
_ERRORS = Query(
    select(messages.c.id, messages.c.error_code, messages.c.error_message).where(
        messages.c.workspace_id == _WS, in_set(messages.c.id, "ids")
    )
)
_WAITING_IDS = Query(select(recipients.c.contact_id).where(*_THIS, _WAITING).limit(_LIMIT))
_ANY = Query(select(recipients.c.contact_id).where(*_THIS, in_set(recipients.c.state, "states")).limit(1))
# Counted up to a bound, each from its own partial index: what waits in bulk at these gateways, and what is under way.
_QUEUED = Query(
    select(func.count()).select_from(
        select(work.c.id)
        .where(
            work.c.state == constant("queued"),
            work.c.kind == constant("send"),
            in_set(work.c.gateway_id, "gateways"),
            work.c.bulk == literal_column("true"),
        )
        .limit(_LIMIT)
        .subquery()
    )
)
_RUNNING = Query(
    select(func.count()).where(
        work.c.state == constant("running"),
        work.c.kind == constant("send"),
        in_set(work.c.gateway_id, "gateways"),
        work.c.bulk == literal_column("true"),
    )
)


def campaign(session: Session, workspace_id: int, campaign_id: int) -> tuple[Campaign, CampaignProgress] | None:
    """One that was not removed, and where it stands."""
    found = CAMPAIGNS.by(session, workspace_id, "id", [campaign_id])
    progress = CAMPAIGN_PROGRESS.by(session, workspace_id, "campaign_id", [campaign_id])
    return (found[0], progress[0]) if found and progress and found[0].removed_at is None else None


def campaign_page(session: Session, workspace_id: int, limit: int, before: int) -> list[Campaign]:
    """The newest campaigns whose ids are below `before`."""
    return CAMPAIGNS.fetch(session, _PAGE, workspace_id=workspace_id, before=before, limit=limit)


def members_after(
    session: Session, workspace_id: int, list_ids: Iterable[int], after: int, until: int, limit: int
) -> tuple[list[int], int, bool]:
    """The next contacts on any of these lists who were there at `until` (ms), by id; how many were there more than
    once; whether these are the last. Each list is read from where the last slice ended, however long it is.
    """
    found: list[int] = []
    full: list[int] = []
    for list_id in list_ids:
        given = {"workspace_id": workspace_id, "list_id": list_id, "after": after, "until": until, "limit": limit}
        rows = [row[0] for row in session.rows(_MEMBERS, **given)]
        found += rows
        if len(rows) == limit:
            full.append(rows[-1])
    end = min(full, default=None)  # beyond it a list may have more than was read
    taken = [one for one in found if end is None or one <= end]
    return sorted(set(taken)), len(taken) - len(set(taken)), end is None


def known_recipients(session: Session, workspace_id: int, campaign_id: int, contact_ids: Iterable[int]) -> set[int]:
    """Those of these contacts who are written down already."""
    given = session.set_of(contact_ids)
    return {row[0] for row in session.rows(_KNOWN, workspace_id=workspace_id, campaign_id=campaign_id, contacts=given)}


def due_recipients(
    session: Session, workspace_id: int, campaign_id: int, now: int, limit: int
) -> list[CampaignRecipient]:
    """Whose turn it is, those whose hour came first."""
    given = {"workspace_id": workspace_id, "campaign_id": campaign_id, "now": now, "limit": limit}
    return CAMPAIGN_RECIPIENTS.fetch(session, _DUE, **given)


def next_due(session: Session, workspace_id: int, campaign_id: int) -> int | None:
    """When the next one's hour comes (ms); None where nobody waits."""
    found: int | None = session.scalar(_NEXT, workspace_id=workspace_id, campaign_id=campaign_id)
    return found


def waiting_ids(session: Session, workspace_id: int, campaign_id: int, limit: int) -> list[int]:
    """Some who wait."""
    rows = session.rows(_WAITING_IDS, workspace_id=workspace_id, campaign_id=campaign_id, limit=limit)
    return [row[0] for row in rows]


def any_in(session: Session, workspace_id: int, campaign_id: int, states: Collection[RecipientState]) -> bool:
    """Whether anybody is in one of these states."""
    given = session.set_of(map(str, states))
    return session.first(_ANY, workspace_id=workspace_id, campaign_id=campaign_id, states=given) is not None


def bulk_waiting(session: Session, gateway_ids: Iterable[int], most: int) -> int:
    """How much of what goes out in bulk waits at these gateways or is under way; no more than `most` is counted."""
    gateways = session.set_of(gateway_ids)
    queued: int = session.scalar(_QUEUED, gateways=gateways, limit=most)
    running: int = session.scalar(_RUNNING, gateways=gateways)
    return min(queued + running, most)


@cache
def _recipient_page(narrowed: bool, replied: bool, opted_out: bool) -> Query:
    statement = (
        CAMPAIGN_RECIPIENTS.select()
        .where(*_THIS, recipients.c.contact_id > bindparam("after"))
        .order_by(recipients.c.contact_id)
        .limit(_LIMIT)
    )
    if narrowed:
        statement = statement.where(in_set(recipients.c.state, "states"))
    if replied:
        statement = statement.where(recipients.c.replied_at.is_not(None))
    if opted_out:
        statement = statement.where(recipients.c.opted_out_at.is_not(None))
    return Query(statement)


def recipient_page(
    session: Session,
    workspace_id: int,
    campaign_id: int,
    *,
    states: Sequence[RecipientState] = (),
    replied: bool = False,
    opted_out: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[CampaignRecipient]:
    """Recipients by contact, narrowed to some states, or to whoever answered or opted out.

    Who was written to in vain has the reason of the message; only what stood in the way before is kept with them.
    """
    size = page_size(limit)
    after = 0 if cursor is None else read_cursor(cursor, _ORDER, int)[1]
    given: dict[str, Any] = {"states": session.set_of(map(str, states))} if states else {}
    query = _recipient_page(bool(states), replied, opted_out)
    found = CAMPAIGN_RECIPIENTS.fetch(
        session, query, workspace_id=workspace_id, campaign_id=campaign_id, after=after, limit=size + 1, **given
    )
    more = write_cursor(_ORDER, found[size - 1].contact_id, found[size - 1].contact_id) if len(found) > size else None
    return Page(_with_reasons(session, workspace_id, found[:size]), more)


def _with_reasons(session: Session, workspace_id: int, rows: list[CampaignRecipient]) -> list[CampaignRecipient]:
    lost = {one.message_id for one in rows if one.state in LOST and one.code is None and one.message_id is not None}
    if not lost:
        return rows
    errors = {row[0]: row[1:] for row in session.rows(_ERRORS, workspace_id=workspace_id, ids=session.set_of(lost))}
    return [
        replace(one, code=errors[one.message_id][0], reason=errors[one.message_id][1])
        if one.message_id in errors and one.message_id in lost
        else one
        for one in rows
    ]
