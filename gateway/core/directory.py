"""Settings of all workspaces, kept in memory and read again when their version has moved on."""

from collections.abc import Callable, Sequence

from gateway.core.workspace_view import WorkspaceView, view_of
from gateway.domain.settings import Gateway
from gateway.sdk.values import SenderView
from gateway.storage import workspaces
from gateway.storage.database import Database, StorageUnavailable
from gateway.storage.session import Session

FRESH_MS = 1000
"""How old a picture may be before its version is asked for again: others change settings too."""


def load_view(session: Session, workspace_id: int, *, lock: bool = False) -> WorkspaceView | None:
    """A workspace's settings as they are in this transaction."""
    workspace = workspaces.workspace(session, workspace_id, lock=lock)
    return None if workspace is None else view_of(workspace, workspaces.settings_of(session, workspace_id))


class Directory:
    """The pictures. The writer hands in a new one with each change it commits; others are noticed within a second."""

    def __init__(self, database: Database, monotonic: Callable[[], float]) -> None:
        self._database = database
        self._monotonic = monotonic
        self._views: dict[int, WorkspaceView] = {}
        self._checked: dict[int, float] = {}
        self._tokens: dict[str, tuple[int, int]] = {}

    def peek(self, workspace_id: int) -> WorkspaceView | None:
        """What is in memory, however old."""
        return self._views.get(workspace_id)

    def put(self, view: WorkspaceView) -> None:
        """A newer picture, just committed or just read."""
        known = self._views.get(view.id)
        if known is None or known.workspace.version <= view.workspace.version:
            self._views[view.id] = view
            self._checked[view.id] = self._monotonic()
            for gateway in view.gateways.values():
                self._tokens[gateway.token] = (view.id, gateway.id)

    def forget(self, workspace_id: int) -> None:
        """Read it again at the next use."""
        self._checked.pop(workspace_id, None)

    async def senders_of(self, gateway: Gateway) -> Sequence[SenderView]:
        """The live senders that a gateway serves."""
        view = await self.get(gateway.workspace_id)
        served = (one for one in view.live(view.senders) if gateway.id in one.gateway_ids)
        return [SenderView(one.id, one.kind, one.value) for one in served]

    async def get(self, workspace_id: int) -> WorkspaceView:
        """The settings of a workspace, at most a second old. Raises KeyError when there is none of that id.

        While the database can't be reached they are what they were: what comes in needs them on its way to the spool.
        Raises StorageUnavailable where they were never read.
        """
        view = self._views.get(workspace_id)
        checked = self._checked.get(workspace_id)
        if view is not None and checked is not None and self._monotonic() - checked < FRESH_MS / 1000:
            return view
        version = view.workspace.version if view else -1
        try:
            newer = await self._database.read(lambda session: _newer(session, workspace_id, version))
        except StorageUnavailable:
            if view is None:
                raise
            newer = None
        if newer is not None:
            self.put(newer)
            return newer
        if view is None:
            raise KeyError(workspace_id)
        self._checked[workspace_id] = self._monotonic()
        return view

    async def workspace_ids(self) -> list[int]:
        """Every workspace of the installation."""
        return await self._database.read(workspaces.workspace_ids)

    async def gateway_by_token(self, token: str) -> Gateway | None:
        """The gateway a provider's URL names, unless it was removed."""
        if token not in self._tokens:
            for workspace_id in await self.workspace_ids():
                await self.get(workspace_id)
        found = self._tokens.get(token)
        if found is None:
            return None
        gateway = (await self.get(found[0])).gateways.get(found[1])
        return gateway if gateway and gateway.removed_at is None and gateway.token == token else None


def _newer(session: Session, workspace_id: int, version: int) -> WorkspaceView | None:
    if workspaces.versions(session, [workspace_id]).get(workspace_id, version) == version:
        return None
    return load_view(session, workspace_id)
