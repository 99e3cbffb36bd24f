"""How the workspace works: its name, a preset to begin from, and each policy, explained by what it does."""

from aiohttp import web

from gateway.core.errors import Refused
from gateway.domain.presets import PRESETS
from gateway.web import problems
from gateway.web.api.body import to_type
from gateway.web.api.workspace import WorkspaceChange, update_workspace
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import policy_form, presets
from gateway.web.pages.settings.fields import Field, Form
from gateway.web.pages.settings.frame import call_of, settings_page
from gateway.web.pages.settings.policy_form import PolicyForm
from gateway.web.pages.settings.sections import get, post
from gateway.web.problems import Problem

SAID = {
    "saved": marked("Saved. It holds from now on; nothing that was stored has changed."),
    "preset": marked("The preset was applied. It holds from now on; nothing that was stored has changed."),
}


async def show(desk: Desk) -> web.StreamResponse:
    """The page; with `?preset=` what that one would change."""
    return await _page(desk, policy_form.form_of(desk), _name(desk))


async def change(desk: Desk) -> web.StreamResponse:
    """Saves the name and the policies."""
    form = Form(await desk.form(), desk.language)
    name = form.required("name", marked("Give it a name."))
    policy = policy_form.read(desk, form)
    try:
        if not form.faults:
            await update_workspace(call_of(desk), to_type({"name": name, "policy": policy}, WorkspaceChange))
            raise web.HTTPSeeOther("/settings/policies?said=saved")
    except (Problem, Refused) as error:
        form.take(error)
    field = Field("name", _name(desk).label, value=form.text("name"), required=True, error=form.faults.of("name"))
    form.faults.fields.pop("name", None)
    return await _page(desk, policy_form.with_faults(policy_form.form_of(desk), form), field, status=422)


async def apply_preset(desk: Desk) -> web.StreamResponse:
    """Sets all policies but the default country."""
    form = await desk.form()
    name = form.get("preset", "")
    if name not in PRESETS:
        raise problems.not_found("preset")
    await update_workspace(call_of(desk), WorkspaceChange(preset=name))
    raise web.HTTPSeeOther("/settings/policies?said=preset")


def _name(desk: Desk) -> Field:
    return Field("name", marked("Name of the workspace"), value=desk.view.workspace.name, required=True)


async def _page(desk: Desk, form: PolicyForm, name: Field, *, status: int = 200) -> web.StreamResponse:
    return await settings_page(
        desk,
        "policies",
        "settings/policies.html",
        status=status,
        said=SAID,
        form=form,
        workspace_name=name,
        presets=presets.cards(desk),
        preview=presets.preview(desk, desk.request.query.get("preset", "")),
    )


ROUTES = (get("", show), post("", change), post("/preset", apply_preset))
