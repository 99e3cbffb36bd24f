"""Lists of contacts: who is on them, and taking them out as CSV."""

from typing import Annotated

import msgspec
from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.commands.lists import ChangeMembers, CreateList, RemoveList, UpdateList
from gateway.core.errors import invalid
from gateway.domain.lists import ContactList
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import ContactView
from gateway.storage.list_reads import member_counts, member_page
from gateway.storage.page import BadCursor
from gateway.storage.session import Session
from gateway.web.api.call import Call
from gateway.web.api.contacts import shape
from gateway.web.api.inputs import UNSET, Id, Name, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.contact import ContactShape
from gateway.web.api.shapes.lists import ListShape, MembersShape, list_shape
from gateway.web.api.times import ids_in_field
from gateway.web.contact_sight import sees_contact
from gateway.web.reports.list_table import list_csv

routes = Routes("Lists")

Description = Annotated[str, msgspec.Meta(max_length=2000)]
Ids = Annotated[list[Id], msgspec.Meta(max_length=500)]


class NewList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name to mean many contacts by."""

    name: Name
    description: Description | None = None


class ListChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes."""

    name: Name | Unset = UNSET
    description: Description | Unset | None = UNSET


class MembersChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ids of contacts to put on the list and to take off it."""

    add: Ids = []
    remove: Ids = []


@routes.get("/lists")
async def list_lists(call: Call, query: PageQuery) -> Page[ListShape]:
    """List the contact lists, with how many are on each."""
    page = page_of(call.view.live(call.view.lists), query, lambda one: one, lambda one: one.id)
    ids = [one.id for one in page.items]
    counts = await call.read(lambda session: member_counts(session, call.workspace_id, ids))
    return Page([list_shape(one, counts[one.id]) for one in page.items], page.next)


@routes.post("/lists", permission=Permission.MANAGE_OUTREACH, status=201)
async def create_list(call: Call, body: NewList) -> ListShape:
    """Make a list."""
    return list_shape(await call.execute(CreateList(body.name.strip(), body.description), _empty_list), 0)


@routes.get("/lists/{list_id}")
async def get_list(call: Call, list_id: int) -> ListShape:
    """Read a list."""
    return await _counted(call, live_record(call.view.lists, list_id, "list"))


@routes.patch("/lists/{list_id}", permission=Permission.MANAGE_OUTREACH)
async def update_list(call: Call, list_id: int, body: ListChange) -> ListShape:
    """Rename or describe a list."""
    command = UpdateList(list_id, changed(body.name), changed(body.description))
    return await _counted(call, await call.execute(command))


@routes.delete("/lists/{list_id}", permission=Permission.MANAGE_OUTREACH)
async def remove_list(call: Call, list_id: int) -> None:
    """Remove a list; its contacts stay."""
    await call.execute(RemoveList(list_id))


@routes.get("/lists/{list_id}/members")
async def list_members(call: Call, list_id: int, query: PageQuery) -> Page[ContactShape]:
    """List who is on it, the newest contact first."""
    live_record(call.view.lists, list_id, "list")

    def look(session: Session) -> tuple[list[ContactView], str | None]:
        page = member_page(session, call.workspace_id, list_id, limit=query.limit, cursor=query.cursor)
        return [one for one in page.items if sees_contact(session, call, one)], page.next

    try:
        found, following = await call.read(look)
    except BadCursor as error:
        raise invalid("cursor", f"{error}.") from None
    return Page([shape(one) for one in found], following)


@routes.post("/lists/{list_id}/members", permission=Permission.EDIT_CONTACTS)
async def change_list_members(call: Call, list_id: int, body: MembersChange) -> MembersShape:
    """Put contacts on a list and take others off it; `changed` counts those for whom that made a difference."""
    add, remove = ids_in_field("contact", body.add, "add"), ids_in_field("contact", body.remove, "remove")
    if not add and not remove:
        raise invalid("add", "Name at least one contact.", "empty")
    return MembersShape(await call.execute(ChangeMembers(list_id, add, remove), MembersShape))


@routes.get("/lists/{list_id}/export", permission=Permission.EXPORT, raw=True, produces="text/csv")
async def export_list(call: Call, list_id: int) -> web.StreamResponse:
    """Take a list out as CSV, as an import would read it in again."""
    live_record(call.view.lists, list_id, "list")
    await call.execute_more(RecordExport("list", list_id))
    return await list_csv(call.request, call.read, call.workspace_id, call.view.lists[list_id])


def _empty_list(made: ContactList) -> ListShape:
    return list_shape(made, 0)


async def _counted(call: Call, found: ContactList) -> ListShape:
    counts = await call.read(lambda session: member_counts(session, call.workspace_id, [found.id]))
    return list_shape(found, counts[found.id])
