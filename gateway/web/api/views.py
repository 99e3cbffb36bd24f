"""Saved views: lists of conversations kept under a name, one's own or shared with the team."""

from typing import Annotated, Literal

import msgspec

from gateway.core.commands.saved_views import CreateView, RemoveView, UpdateView
from gateway.domain.settings import SavedView
from gateway.domain.visibility import Permission
from gateway.storage.orders import Sort
from gateway.storage.ranges import View
from gateway.storage.saved_views import visible_views
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.conversations import ConversationsQuery, view_query
from gateway.web.api.inputs import UNSET, Name, Unset
from gateway.web.api.lookup import changed
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.views import SavedViewShape, saved_view_shape

routes = Routes("Views")

Filtered = Annotated[str, msgspec.Meta(min_length=1, max_length=320)]
Layout = Literal["list", "table"]


class SavedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The parameters of `GET /conversations`, but for its page."""

    view: View = View.INBOX
    sender: Filtered | None = None
    user: Filtered | None = None
    group: Filtered | None = None
    tag: Filtered | None = None
    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    filter: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    natural: bool | None = None
    sort: Sort = Sort.NEWEST


class NewView(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list to keep; `shared` with the whole team, or only one's own."""

    name: Name
    query: SavedQuery
    shared: bool = False
    layout: Layout = "list"


class ViewChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; `query` replaces all of it."""

    name: Name | Unset = UNSET
    query: SavedQuery | Unset = UNSET
    shared: bool | Unset = UNSET
    layout: Layout | Unset = UNSET


@routes.get("/views")
async def list_views(call: Call, query: PageQuery) -> Page[SavedViewShape]:
    """List saved views: shared ones, and one's own."""
    return page_of(await _visible(call), query, lambda one: saved_view_shape(one, call.view), lambda one: one.id)


@routes.post("/views", status=201)
async def create_view(call: Call, body: NewView) -> SavedViewShape:
    """Save a view."""
    _may_change(call, shared=body.shared)
    command = CreateView(body.name.strip(), _checked(call, body.query), body.shared, body.layout)
    return saved_view_shape(await call.execute(command, lambda one: saved_view_shape(one, call.view)), call.view)


@routes.get("/views/{view_id}")
async def get_view(call: Call, view_id: int) -> SavedViewShape:
    """Read a saved view."""
    return saved_view_shape(await _find(call, view_id), call.view)


@routes.patch("/views/{view_id}")
async def update_view(call: Call, view_id: int, body: ViewChange) -> SavedViewShape:
    """Change a saved view."""
    before = await _find(call, view_id)
    _may_change(call, shared=before.shared or body.shared is True)
    query = UNSET if isinstance(body.query, msgspec.UnsetType) else _checked(call, body.query)
    command = UpdateView(view_id, changed(body.name), changed(query), changed(body.shared), changed(body.layout))
    return saved_view_shape(await call.execute(command), call.view)


@routes.delete("/views/{view_id}")
async def remove_view(call: Call, view_id: int) -> None:
    """Remove a saved view; its conversations stay."""
    before = await _find(call, view_id)
    _may_change(call, shared=before.shared)
    await call.execute(RemoveView(view_id))


def _checked(call: Call, query: SavedQuery) -> dict[str, str]:
    """As it is stored. Refused (422) for names nobody has and filters that are none."""
    fields: dict[str, object] = msgspec.to_builtins(query)
    view_query(call, msgspec.convert(fields, ConversationsQuery))
    written = {name: str(value) for name, value in fields.items() if value is not None and value != ""}
    if query.natural is not None:
        written["natural"] = "true" if query.natural else "false"
    return {"view": query.view.value, **written}


async def _visible(call: Call) -> list[SavedView]:
    return await call.read(lambda session: visible_views(session, call.workspace_id, call.signed.user.id))


async def _find(call: Call, made: int) -> SavedView:
    found = next((one for one in await _visible(call) if one.id == made), None)
    if found is None:
        raise problems.not_found("view")
    return found


def _may_change(call: Call, *, shared: bool) -> None:
    if shared and not call.signed.may(Permission.MANAGE_CONTENT):
        raise problems.forbidden("Shared views are kept by supervisors and administrators; make it your own.")
