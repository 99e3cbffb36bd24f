"""The installation's workspaces: made, renamed, suspended, removed, by administrators of the first one alone.

Commands that are about another workspace are issued in it, in the name of whoever asks here.
"""

from gateway.core.caller import Caller
from gateway.core.commands.settings import CreateWorkspace, RemoveWorkspace, SuspendWorkspace, UpdateWorkspace
from gateway.core.directory import Directory
from gateway.core.errors import conflict, not_found
from gateway.core.workspace_view import WorkspaceView
from gateway.core.writer import Writer
from gateway.domain.record import record
from gateway.domain.settings import Workspace
from gateway.storage.database import Database
from gateway.storage.workspaces import workspace_named


@record(gc=True)
class Workspaces:
    """What an installation's administrator does with them."""

    database: Database
    directory: Directory
    writer: Writer

    async def home(self) -> int:
        """The first one: its administrators are the installation's."""
        return (await self.directory.workspace_ids())[0]

    async def all(self) -> list[WorkspaceView]:
        """Every workspace that is not on its way out, the oldest first."""
        views = [await self.directory.get(one) for one in await self.directory.workspace_ids()]
        return [view for view in views if view.workspace.removed_at is None]

    async def find(self, workspace_id: int) -> Workspace:
        """One that is there. Refused (not found) otherwise."""
        found = next((one.workspace for one in await self.all() if one.id == workspace_id), None)
        if found is None:
            raise not_found("workspace")
        return found

    async def create(self, caller: Caller, name: str, preset: str) -> Workspace:
        """A new one, empty."""
        await self.require_free(name)
        return await self.writer.execute(CreateWorkspace(name, preset), _within(caller, await self.home()))

    async def rename(self, caller: Caller, workspace_id: int, name: str) -> Workspace:
        """Another name, which no other has."""
        await self.find(workspace_id)
        await self.require_free(name, but=workspace_id)
        return await self.writer.execute(UpdateWorkspace(name=name), _within(caller, workspace_id))

    async def suspend(self, caller: Caller, workspace_id: int, *, suspended: bool) -> Workspace:
        """Shut, or open again. The first one stays open: nobody could lift it."""
        await self.find(workspace_id)
        if workspace_id == await self.home():
            raise conflict("first-workspace", "The first workspace stays: its administrators look after the others.")
        return await self.writer.execute(SuspendWorkspace(suspended), _within(caller, workspace_id))

    async def remove(self, caller: Caller, workspace_id: int, name: str) -> None:
        """Gone, with all that is in it; never the first one."""
        await self.find(workspace_id)
        if workspace_id == await self.home():
            raise conflict("first-workspace", "The first workspace stays: its administrators look after the others.")
        await self.writer.execute(RemoveWorkspace(name), _within(caller, workspace_id))

    async def require_free(self, name: str, but: int | None = None) -> None:
        """Refused (conflict) where a workspace but this one has the name."""
        plain = name.strip()
        found = await self.database.read(lambda session: workspace_named(session, plain))
        if found is not None and found.id != but:
            raise conflict("name-taken", "There is a workspace of that name already. Choose another name.")


def _within(caller: Caller, workspace_id: int) -> Caller:
    """The same person, acting in another workspace with the installation's right, not as a user of it."""
    return Caller(workspace_id, caller.actor, None, caller.name, address=caller.address)
