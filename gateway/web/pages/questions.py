"""Lists as the read models take them, for who asks."""

from gateway.storage.sight import Sight, sight_of
from gateway.storage.view_query import ViewQuery
from gateway.web.pages.desk import Desk
from gateway.web.pages.filters import Filters


def sight(desk: Desk) -> Sight:
    """What the person sees, as the read models take it."""
    return sight_of(desk.viewer, desk.workspace_id, desk.view.policy)


def asked(desk: Desk, filters: Filters, *, limit: int, cursor: str | None = None) -> ViewQuery:
    """A list as the read model takes it, for who asks."""
    return filters.asked(sight(desk), desk.times.now, desk.times.zone, limit=limit, cursor=cursor)
