"""The lists somebody can open by name: the team's, and their own."""

from gateway.domain.settings import SavedView
from gateway.storage.records import SAVED_VIEWS
from gateway.storage.session import Session


def visible_views(session: Session, workspace_id: int, user_id: int) -> list[SavedView]:
    """Those that are shared or one's own, by name."""
    found = SAVED_VIEWS.by(session, workspace_id, "workspace_id", [workspace_id])
    mine = [one for one in found if one.removed_at is None and (one.shared or one.user_id == user_id)]
    return sorted(mine, key=lambda one: (one.name.casefold(), one.id))
