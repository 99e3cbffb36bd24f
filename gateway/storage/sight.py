"""Who looks, as statements need it: P4 of `domain/visibility.py` as a condition on rows."""

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, or_, select

from gateway.domain.policy import Policy, Visibility
from gateway.domain.record import record
from gateway.domain.visibility import Permission, Viewer, may
from gateway.storage.query import constant, in_set, some
from gateway.storage.schema import conversations
from gateway.storage.session import Session


@record
class Sight:
    """A viewer in a workspace. `live` is what they see of live conversations, `closed` whether every closed one."""

    workspace_id: int
    user_id: int
    group_ids: frozenset[int]
    live: Visibility = Visibility.ALL
    closed: bool = True


def sight_of(viewer: Viewer, workspace_id: int, policy: Policy) -> Sight:
    """What a viewer sees under a workspace's policy."""
    if may(viewer.role, Permission.SEE_ALL):
        return Sight(workspace_id, viewer.user_id, viewer.group_ids)
    closed = not policy.restrict_closed
    return Sight(workspace_id, viewer.user_id, viewer.group_ids, policy.visibility, closed)


def seen(sight: Sight) -> ColumnElement[bool] | None:
    """The condition on `conversations` rows, with the parameters of `sight_parameters`; None if everything is seen."""
    if sight.live is Visibility.ALL and sight.closed:
        return None
    closed = conversations.c.state == constant("closed")
    if sight.closed:
        return or_(closed, _owned(conversations, sight.live))
    live = conversations.alias("live")
    beside: Select[Any] = select(literal_column("1")).where(
        live.c.workspace_id == conversations.c.workspace_id,
        live.c.thread_id == conversations.c.thread_id,
        live.c.state != constant("closed"),
        _owned(live, sight.live),
    )
    return or_(~closed & _owned(conversations, sight.live), closed & some(beside.correlate(conversations)))


def _owned(table: Any, visibility: Visibility) -> ColumnElement[bool]:
    if visibility is Visibility.ALL:
        return table.c.state != constant("closed")  # type: ignore[no-any-return]
    mine = or_(table.c.user_id == bindparam("viewer"), table.c.user_id.is_(None) & table.c.group_id.is_(None))
    return or_(mine, in_set(table.c.group_id, "viewer_groups")) if visibility is Visibility.GROUP else mine


def sight_parameters(session: Session, sight: Sight) -> dict[str, Any]:
    """Values for `seen`; those it doesn't use do no harm."""
    return {"viewer": sight.user_id, "viewer_groups": session.set_of(sight.group_ids)}


def sees_owner(sight: Sight, user_id: int, group_id: int) -> bool:
    """`seen` for counts of live conversations: an owner's user and group, 0 for none."""
    if sight.live is Visibility.ALL or user_id == sight.user_id or not (user_id or group_id):
        return True
    return sight.live is Visibility.GROUP and group_id in sight.group_ids
