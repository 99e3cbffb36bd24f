"""A saved view as the API says it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.settings import SavedView
from gateway.web.api.shapes.conversation import Named
from gateway.web.api.times import to_id, to_time


class SavedViewShape(msgspec.Struct, frozen=True):
    """A list of conversations under a name; `query` are parameters of `GET /conversations`."""

    id: str
    name: str
    shared: bool
    layout: str
    owner: Named | None
    query: dict[str, str | bool]
    created_at: datetime


def saved_view_shape(one: SavedView, view: WorkspaceView) -> SavedViewShape:
    """A saved view, with who made it."""
    user = view.users.get(one.user_id or 0)
    owner = Named(to_id("user", user.id), user.name) if user else None
    query = _query(one.query)
    return SavedViewShape(
        to_id("view", one.id), one.name, one.shared, one.layout, owner, query, to_time(one.created_at)
    )


def _query(kept: Mapping[str, str]) -> dict[str, str | bool]:
    return {name: value == "true" if name == "natural" else value for name, value in kept.items()}
