"""Keeping a list under a name, renaming it, sharing it, and letting it go."""

from collections.abc import Mapping

from aiohttp import web

from gateway.core.commands.saved_views import CreateView, RemoveView, UpdateView
from gateway.core.decisions.saved_views import LAYOUTS
from gateway.web.pages.desk import Desk
from gateway.web.pages.filters import Filters, filters_in


async def save(desk: Desk) -> web.StreamResponse:
    """The list somebody looks at, under a name."""
    form = await desk.form()
    filters, layout = filters_in(form.get("query", "")), form.get("layout", LAYOUTS[0])
    await desk.execute(CreateView(form.get("name", ""), filters.kept(), form.get("shared") == "1", layout))
    raise web.HTTPSeeOther(_address(filters, form))


async def change(desk: Desk) -> web.StreamResponse:
    """Another name, or another circle."""
    form = await desk.form()
    await desk.execute(UpdateView(desk.id("viw"), name=form.get("name", ""), shared=form.get("shared") == "1"))
    raise web.HTTPSeeOther(_address(filters_in(form.get("query", "")), form))


async def remove(desk: Desk) -> web.StreamResponse:
    """The name goes; the list stays as one looks at it."""
    form = await desk.form()
    await desk.execute(RemoveView(desk.id("viw")))
    raise web.HTTPSeeOther(_address(filters_in(form.get("query", "")), form))


def _address(filters: Filters, form: Mapping[str, str]) -> str:
    return filters.table if form.get("layout") == "table" else filters.page
