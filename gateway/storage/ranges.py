"""Which index ranges a view is made of. Each is read newest first up to the page's size, and merged with the others.

So a page of 50 reads some 50 rows a range, whatever number of threads there is.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, bindparam

from gateway.domain.conversation import State
from gateway.domain.policy import Visibility
from gateway.domain.record import record
from gateway.storage.query import constant, in_set
from gateway.storage.schema import conversations
from gateway.storage.sight import Sight


class View(StrEnum):
    """The views beside the list. All but the last four show open conversations."""

    INBOX = "inbox"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    OPEN = "open"
    SNOOZED = "snoozed"
    COMPLETED = "completed"
    CLOSED = "closed"
    ARCHIVED = "archived"
    ALL = "all"


OPEN_VIEWS = frozenset({View.INBOX, View.MINE, View.UNASSIGNED, View.OPEN})


class RangeKind(StrEnum):
    """An index of `schema.py`, and so an order by `last_at` that needs no sorting."""

    USER = "user"
    GROUP = "group"
    TEAM = "team"
    UNGROUPED = "ungrouped"
    SENDER = "sender"
    STATE = "state"
    THREADS = "threads"
    IDS = "ids"


FOUND_KINDS = frozenset({RangeKind.THREADS, RangeKind.IDS})
"""Ranges of what a search found: no index has those in an order."""


@record
class Range:
    """A range and the values of its parameters."""

    kind: RangeKind
    values: Mapping[str, Any] = field(default_factory=dict)


def condition(kind: RangeKind) -> list[ColumnElement[bool]]:
    """The range's condition, worded so that its partial index is chosen."""
    c = conversations.c
    open_ = c.state == constant("open")
    nobody, somebody = c.user_id.is_(None), c.user_id.is_not(None)
    match kind:
        case RangeKind.USER:
            return [open_, somebody, c.user_id == bindparam("range_user")]
        case RangeKind.GROUP:
            return [open_, nobody, c.group_id.is_not(None), c.group_id == bindparam("range_group")]
        case RangeKind.TEAM:
            return [open_, somebody, c.group_id.is_not(None), c.group_id == bindparam("range_group")]
        case RangeKind.UNGROUPED:
            return [open_, nobody, c.group_id.is_(None)]
        case RangeKind.SENDER:
            return [open_, c.last_sender_id == bindparam("range_sender")]
        case RangeKind.STATE:
            return [c.state == bindparam("range_state")]
        case RangeKind.THREADS:
            return [in_set(c.thread_id, "range_threads")]
        case RangeKind.IDS:
            return [in_set(c.id, "range_ids")]


def ranges_of(
    view: View, sight: Sight, *, user_id: int | None, group_id: int | None, sender_id: int | None
) -> list[Range]:
    """The ranges that hold everything of a view, and as little else as there is an index for."""
    mine = Range(RangeKind.USER, {"range_user": sight.user_id})
    unassigned = Range(RangeKind.UNGROUPED)
    groups = [Range(RangeKind.GROUP, {"range_group": group}) for group in sorted(sight.group_ids)]
    match view:
        case View.INBOX:
            return [mine, unassigned, *groups]
        case View.MINE:
            return [mine]
        case View.UNASSIGNED:
            return [unassigned]
        case View.OPEN:
            return _open(sight, mine, [unassigned, *groups], user_id, group_id, sender_id)
        case View.ALL:
            return [Range(RangeKind.STATE, {"range_state": state.value}) for state in State]
        case _:
            return [Range(RangeKind.STATE, {"range_state": view.value})]


def _open(
    sight: Sight, mine: Range, others: list[Range], user_id: int | None, group_id: int | None, sender_id: int | None
) -> list[Range]:
    if user_id is not None:
        return [Range(RangeKind.USER, {"range_user": user_id})]
    if group_id is not None:
        return [Range(kind, {"range_group": group_id}) for kind in (RangeKind.GROUP, RangeKind.TEAM)]
    if sender_id is not None:
        return [Range(RangeKind.SENDER, {"range_sender": sender_id})]
    if sight.live is Visibility.ALL:
        return [Range(RangeKind.STATE, {"range_state": "open"})]
    if sight.live is Visibility.OWNER:
        return [mine, others[0]]
    teams = [Range(RangeKind.TEAM, {"range_group": group}) for group in sorted(sight.group_ids)]
    return [mine, *others, *teams]
