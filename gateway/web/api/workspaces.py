"""The installation's workspaces, for administrators of its first one; for everybody else there are none."""

from datetime import datetime
from typing import Annotated

import msgspec

from gateway.domain.presets import PRESETS
from gateway.domain.settings import Workspace
from gateway.domain.visibility import Permission
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Name, Unset
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.times import to_id, to_time

routes = Routes("Workspaces")


class NewWorkspace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another business, with the policies of a preset."""

    name: Name
    preset: str = "inbox-zero"


class WorkspaceEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes."""

    name: Name | Unset = UNSET
    suspended: bool | Unset = UNSET


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The workspace's name, typed once more."""

    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class WorkspaceBrief(msgspec.Struct, frozen=True):
    """A workspace of the installation."""

    id: str
    name: str
    suspended: bool
    created_at: datetime


@routes.get("/workspaces", permission=Permission.MANAGE_SETTINGS)
async def list_workspaces(call: Call, query: PageQuery) -> Page[WorkspaceBrief]:
    """List the workspaces."""
    await _require_home(call)
    found = [view.workspace for view in await call.state.auth.workspaces.all()]
    return page_of(found, query, _brief, lambda one: one.id)


@routes.post("/workspaces", permission=Permission.MANAGE_SETTINGS, status=201)
async def create_workspace(call: Call, body: NewWorkspace) -> WorkspaceBrief:
    """Make a workspace."""
    await _require_home(call)
    if body.preset not in PRESETS:
        raise problems.invalid("preset", f"There is no such preset; use one of {', '.join(PRESETS)}.")
    return _brief(await call.state.auth.workspaces.create(call.caller, body.name, body.preset))


@routes.patch("/workspaces/{workspace_id}", permission=Permission.MANAGE_SETTINGS)
async def update_workspace_of_installation(call: Call, workspace_id: int, body: WorkspaceEdit) -> WorkspaceBrief:
    """Rename, suspend or resume a workspace."""
    await _require_home(call)
    workspaces = call.state.auth.workspaces
    if body.name is not UNSET:
        await workspaces.rename(call.caller, workspace_id, str(body.name))
    if body.suspended is not UNSET:
        await workspaces.suspend(call.caller, workspace_id, suspended=bool(body.suspended))
    return _brief(await workspaces.find(workspace_id))


@routes.post("/workspaces/{workspace_id}/remove", permission=Permission.MANAGE_SETTINGS, status=204)
async def remove_workspace(call: Call, workspace_id: int, body: Confirmation) -> None:
    """Remove a workspace with all that is in it."""
    await _require_home(call)
    await call.state.auth.workspaces.remove(call.caller, workspace_id, body.name)


async def _require_home(call: Call) -> None:
    if call.workspace_id != await call.state.auth.workspaces.home():
        raise problems.not_found("workspace")


def _brief(one: Workspace) -> WorkspaceBrief:
    return WorkspaceBrief(to_id("workspace", one.id), one.name, one.suspended_at is not None, to_time(one.created_at))
