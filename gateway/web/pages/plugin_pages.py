"""Plugins' pages: their HTML in our frame, or alone for a script of ours, as a panel or a fragment asks for it.

A plugin is code the operator installed, so its HTML is shown as it is; the page's policy still keeps scripts inline and
from elsewhere from running.
"""

from aiohttp import web
from markupsafe import Markup

from gateway.host.plugin_web import NotServed
from gateway.web import problems
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.shell import address_of, lone_shell
from gateway.web.plugin_routes import problem_of_plugin


async def show_page(desk: Desk) -> web.StreamResponse:
    """The page of a plugin, for anybody who is signed in."""
    found = desk.request.match_info
    plugin, path = found["plugin"], found["path"].strip("/")
    if not desk.state.plugin_web.has_page(plugin, path):
        raise problems.not_found("page")
    try:
        content = await desk.state.plugin_web.render(plugin, path, desk.workspace_id, dict(desk.request.query))
    except NotServed as refused:
        raise problem_of_plugin(refused) from None
    if desk.by_script:
        return html(content)
    label = desk.state.registry.pages[plugin, path].item.label
    shell = await lone_shell(desk, address_of(plugin, path))
    return desk.page("plugin.html", shell=shell, label=label, content=Markup(content))  # noqa: S704  see above
