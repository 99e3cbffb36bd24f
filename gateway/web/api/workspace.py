"""The workspace: its name, its preset and its policies."""

from typing import Any

import msgspec
from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import UpdateWorkspace
from gateway.domain.presets import PRESETS
from gateway.domain.visibility import Permission
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Name, Unset
from gateway.web.api.lookup import changed
from gateway.web.api.route import Routes
from gateway.web.api.shapes.settings import WorkspaceShape, workspace_shape
from gateway.web.reports.everything import everything_as_lines

routes = Routes("Workspace")


class WorkspaceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes: a `preset` sets all policies, `policy` single ones, over it when both are there.

    `retention` has days by kind, 0 for good, null for what is so unless set. `assignment` replaces all its rules, each
    `{method: "round_robin" or "least_busy", group_id?, sender_id?, tag_id?, cap?}`, the first before the others.
    """

    name: Name | Unset = UNSET
    preset: str | Unset = UNSET
    policy: dict[str, Any] | Unset = UNSET
    two_factor_required: bool | Unset = UNSET
    retention: dict[str, int | None] | Unset = UNSET
    password_login: bool | Unset = UNSET
    assignment: list[dict[str, Any]] | Unset = UNSET


@routes.get("/workspace")
async def get_workspace(call: Call) -> WorkspaceShape:
    """Read the workspace."""
    return workspace_shape(call.view.workspace)


@routes.get("/workspace/export", permission=Permission.MANAGE_SETTINGS, raw=True, produces="application/x-ndjson")
async def export_workspace(call: Call) -> web.StreamResponse:
    """Take everything out as lines of JSON, without secrets; files are named in it, each has its own address."""
    await call.execute_more(RecordExport("workspace", call.workspace_id))
    return await everything_as_lines(call.request, call.state.database, call.workspace_id)


@routes.patch("/workspace", permission=Permission.MANAGE_SETTINGS)
async def update_workspace(call: Call, body: WorkspaceChange) -> WorkspaceShape:
    """Change the workspace."""
    if body.preset is not UNSET and body.preset not in PRESETS:
        raise problems.invalid("preset", f"There is no such preset; use one of {', '.join(PRESETS)}.")
    if body.name is not UNSET:
        await call.state.auth.workspaces.require_free(str(body.name), but=call.workspace_id)
    command = UpdateWorkspace(
        changed(body.name),
        changed(body.preset),
        changed(body.policy),
        changed(body.two_factor_required),
        changed(body.retention),
        changed(body.password_login),
        UNCHANGED if body.assignment is UNSET else tuple(body.assignment),
        call.signed.session.id if call.signed.session else None,
    )
    return workspace_shape(await call.execute(command))
