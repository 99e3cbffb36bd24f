"""Reading a workspace's settings whole, and knowing cheaply whether they have changed."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, exists, or_, select

from gateway.domain.campaigns import LIVE, UNSETTLED, CampaignState
from gateway.domain.retention import days_of
from gateway.domain.settings import Workspace
from gateway.storage import schema
from gateway.storage.query import Query, constant, in_set
from gateway.storage.record_table import RecordTable
from gateway.storage.records import (
    CAMPAIGNS,
    FORMS,
    GATEWAYS,
    GROUPS,
    KEYWORDS,
    LISTS,
    POLLS,
    POOLS,
    SENDERS,
    TAGS,
    USERS,
    WORKSPACES,
)
from gateway.storage.schema_automation import campaign_recipients
from gateway.storage.session import Session

_IDS = Query(
    select(schema.workspaces.c.id).where(schema.workspaces.c.removed_at.is_(None)).order_by(schema.workspaces.c.id)
)
_RETENTION = Query(select(schema.workspaces.c.id, schema.workspaces.c.retention).order_by(schema.workspaces.c.id))
_VERSIONS = Query(
    select(schema.workspaces.c.id, schema.workspaces.c.version).where(in_set(schema.workspaces.c.id, "ids"))
)
_WORKSPACE = Query(WORKSPACES.select().where(schema.workspaces.c.id == bindparam("id")))
_LOCKED = Query(WORKSPACES.select().where(schema.workspaces.c.id == bindparam("id")).with_for_update())
_BY_NAME = Query(WORKSPACES.select().where(schema.workspaces.c.name == bindparam("name")))

_SETTINGS: dict[str, RecordTable[Any]] = {
    "gateways": GATEWAYS,
    "senders": SENDERS,
    "pools": POOLS,
    "tags": TAGS,
    "lists": LISTS,
    "users": USERS,
    "groups": GROUPS,
    "keywords": KEYWORDS,
    "forms": FORMS,
    "polls": POLLS,
}
_ALL = {
    name: Query(
        table.select().where(table.table.c.workspace_id == bindparam("workspace_id")).order_by(table.table.c.id)
    )
    for name, table in _SETTINGS.items()
}
_campaigns, _to = CAMPAIGNS.table.c, campaign_recipients.c
# What was put aside for the night goes by its campaign's own hours, also when that is through.
_STILL_HELD = and_(
    _campaigns.state == constant(CampaignState.COMPLETED),
    _campaigns.quiet_start.is_not(None),
    exists().where(
        _to.workspace_id == _campaigns.workspace_id,
        _to.campaign_id == _campaigns.id,
        in_set(_to.state, "unsettled"),
    ),
)
_CAMPAIGNS = Query(
    CAMPAIGNS.select()
    .where(_campaigns.workspace_id == bindparam("workspace_id"), or_(in_set(_campaigns.state, "states"), _STILL_HELD))
    .order_by(_campaigns.id)
)
_KNOWN_TO_SENDS = (*LIVE, CampaignState.CANCELLED)


def workspace_ids(session: Session) -> list[int]:
    """Every workspace, oldest first; not those that were removed and are being emptied."""
    return [row[0] for row in session.rows(_IDS)]


def kept_days(session: Session, kind: str) -> dict[int, int]:
    """For how many days each workspace keeps a kind of thing; 0 is for good."""
    return {row[0]: days_of(msgspec.json.decode(row[1]), kind) for row in session.rows(_RETENTION)}


def versions(session: Session, workspace_ids: Iterable[int]) -> dict[int, int]:
    """The settings version of each of these workspaces."""
    return {row[0]: row[1] for row in session.rows(_VERSIONS, ids=session.set_of(workspace_ids))}


def workspace(session: Session, workspace_id: int, *, lock: bool = False) -> Workspace | None:
    """One workspace, its row locked when its settings are about to change (PostgreSQL)."""
    row = session.first(_LOCKED if lock else _WORKSPACE, id=workspace_id)
    return None if row is None else WORKSPACES.load(row)


def workspace_named(session: Session, name: str) -> Workspace | None:
    """The workspace of that name."""
    row = session.first(_BY_NAME, name=name)
    return None if row is None else WORKSPACES.load(row)


def settings_of(session: Session, workspace_id: int) -> dict[str, list[Any]]:
    """All that administrators and supervisors set up, by what it is, removed ones included, oldest first.

    Of campaigns those that a send must know of: not what is a draft, or through and out of the queue.
    """
    found: dict[str, list[Any]] = {
        name: table.fetch(session, _ALL[name], workspace_id=workspace_id) for name, table in _SETTINGS.items()
    }
    states = session.set_of(map(str, _KNOWN_TO_SENDS))
    unsettled = session.set_of(map(str, UNSETTLED))
    found["campaigns"] = CAMPAIGNS.fetch(
        session, _CAMPAIGNS, workspace_id=workspace_id, states=states, unsettled=unsettled
    )
    return found
