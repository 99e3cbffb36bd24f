"""Tables of people: looked at, then read in beside everybody's work."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from gateway.core.commands.lists import NoteTable, StartImport
from gateway.domain.consent import Purpose
from gateway.domain.visibility import Permission
from gateway.storage.list_reads import contact_import, latest_imports
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import Id
from gateway.web.api.lookup import live_record
from gateway.web.api.media import find_media
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.lists import ImportShape, RefusedLine, TableShape, import_shape
from gateway.web.api.times import id_in_field, id_in_field_or_none
from gateway.web.table_look import Look, count_lines, look_at

routes = Routes("Lists")

Columns = Annotated[
    dict[Annotated[str, msgspec.Meta(max_length=2000)], Annotated[str, msgspec.Meta(max_length=200)]],
    msgspec.Meta(max_length=100),
]


class Agreed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That everybody in the table agreed to such messages: where and how they did is the proof that is kept."""

    words: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    purpose: Purpose = Purpose.MARKETING


class TableToLookAt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An uploaded CSV file.

    `columns` says by name what each column holds: `name`, `first_name`, `last_name`, `address`, `timezone`,
    `field:<name>`, or nothing (""). Left out, they are guessed.
    """

    media: Id
    columns: Columns | None = None


class NewImport(TableToLookAt, frozen=True, forbid_unknown_fields=True):
    """The same, to be read in; onto a list, and with consent, where they are said."""

    list: Id | None = None
    consent: Agreed | None = None


@routes.ask("/imports/look", permission=Permission.MANAGE_OUTREACH)
async def look_at_table(call: Call, body: TableToLookAt) -> TableShape:
    """Look at a table of people before it is read in. Nothing changes. After a day without it the file is deleted."""
    look = await _look(call, body)
    wrong = [RefusedLine(line, message) for line, message in look.wrong]
    return TableShape(look.columns, look.total, look.good, wrong, [list(cells) for cells in look.sample])


@routes.post("/imports", permission=Permission.MANAGE_OUTREACH, status=202)
async def start_import(call: Call, body: NewImport) -> ImportShape:
    """Read a table of people in.

    Whoever has one of a line's addresses already is completed; everybody else is saved. Nobody who opted out is
    subscribed again. The file is deleted at the end.
    """
    list_id = id_in_field_or_none("list", body.list, "list")
    if list_id is not None:
        live_record(call.view.lists, list_id, "list")
    media = await find_media(call, id_in_field("media", body.media, "media"))
    columns, total = await count_lines(call.state.blobs, media, body.columns)
    consent = body.consent
    command = StartImport(
        media.id,
        total,
        columns,
        list_id,
        str(consent.purpose) if consent else None,
        consent.words if consent else None,
    )
    return import_shape(await call.execute(command, import_shape))


@routes.get("/imports", permission=Permission.MANAGE_OUTREACH)
async def list_imports(call: Call) -> Page[ImportShape]:
    """List the newest tables that were read in."""
    found = await call.read(lambda session: latest_imports(session, call.workspace_id))
    return Page([import_shape(one) for one in found])


@routes.get("/imports/{import_id}", permission=Permission.MANAGE_OUTREACH)
async def get_import(call: Call, import_id: int) -> ImportShape:
    """Read how far an import has come, and what was refused."""
    found = await call.read(lambda session: contact_import(session, call.workspace_id, import_id))
    if found is None:
        raise problems.not_found("import")
    return import_shape(found)


async def _look(call: Call, body: TableToLookAt) -> Look:
    media = await find_media(call, id_in_field("media", body.media, "media"))
    columns: Mapping[str, str] | None = body.columns
    look = await look_at(call.state.blobs, media, columns, call.view.policy.default_country)
    await call.execute_more(NoteTable(media.id))
    return look
