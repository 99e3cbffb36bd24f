"""The first thing in an empty installation: a workspace to put everything else in."""

from collections.abc import Callable

from gateway.domain.ids import IdSource
from gateway.domain.presets import PRESETS
from gateway.domain.settings import Workspace
from gateway.storage.database import Conflict, Database
from gateway.storage.records import WORKSPACES
from gateway.storage.session import Session
from gateway.storage.workspaces import workspace_named


async def ensure_workspace(
    database: Database, ids: IdSource, clock: Callable[[], int], name: str, preset: str = "inbox-zero"
) -> tuple[Workspace, bool]:
    """The workspace of that name, and whether it was made just now. Safe for two nodes that start at once.

    Raises KeyError for a preset that does not exist.
    """
    policy = PRESETS[preset]

    def find_or_make(session: Session) -> tuple[Workspace, bool]:
        known = workspace_named(session, name)
        if known is not None:
            return known, False
        made = Workspace(ids.next(), name, clock(), preset=preset, policy=policy)
        WORKSPACES.insert(session, [made])
        return made, True

    while True:
        try:
            return await database.write(find_or_make)
        except Conflict:
            continue
