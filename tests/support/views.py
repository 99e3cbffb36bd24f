"""Settings of a workspace, for tests that need some and no database."""

from gateway.core.workspace_view import WorkspaceView, view_of
from gateway.domain.settings import Workspace


def empty_view() -> WorkspaceView:
    """A workspace with nothing in it."""
    names = ("gateways", "senders", "pools", "tags", "users", "groups")
    return view_of(Workspace(1, "Harbour & Pine", 0), {name: [] for name in names})
