"""Reading a table of people in: the file, what its columns hold, and what came of it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from aiohttp import web

from gateway.core.commands.lists import CreateList, NoteTable, StartImport
from gateway.core.commands.media_files import RemoveMedia
from gateway.core.errors import Refused, invalid
from gateway.domain.contact_table import ADDRESS, FIELD, FIRST_NAME, IGNORED, LAST_NAME, NAME, TIMEZONE
from gateway.domain.ids import format_id
from gateway.domain.lists import ContactImport, ImportState
from gateway.domain.model import Media
from gateway.domain.visibility import Permission
from gateway.storage.list_reads import contact_import, latest_imports
from gateway.storage.records import MEDIA
from gateway.web import guard, problems
from gateway.web.language import marked
from gateway.web.pages.contact_card import PURPOSES
from gateway.web.pages.desk import Desk, checked, html
from gateway.web.pages.list_pages import list_row, live_list
from gateway.web.pages.message_forms import text
from gateway.web.pages.settings.forms import Faults, answerable, faults_of
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.views_lists import Column, ImportRow, TablePage
from gateway.web.pages.views_shell import Choice
from gateway.web.problems import Problem
from gateway.web.table_look import Look, count_lines, head_of, look_at
from gateway.web.uploads import keep_file

NEW_LIST = "new"
_MEANINGS: Final = (
    (marked("Nothing: leave it out"), IGNORED),
    (marked("Number or e-mail address"), ADDRESS),
    (marked("Name"), NAME),
    (marked("First name"), FIRST_NAME),
    (marked("Last name"), LAST_NAME),
    (marked("Time zone"), TIMEZONE),
)
_STATES: Final = {
    ImportState.RUNNING: marked("Reading in"),
    ImportState.DONE: marked("Imported"),
    ImportState.FAILED: marked("Not imported"),
}


async def show_imports(desk: Desk) -> web.StreamResponse:
    """The form for a file, and what was read in lately."""
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    return await _imports(desk, desk.request.query.get("list", ""), {})


async def upload(desk: Desk) -> web.StreamResponse:
    """Takes the file, and goes on to what its columns hold."""
    fields = await checked(desk.request, desk.signed)
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    file, onto = fields.get("table"), text(str(fields.get("list", "")))
    try:
        if not isinstance(file, web.FileField) or not file.filename:
            raise invalid("table", "Choose a file first.", "empty")
        content = file.file.read()

        async def whole() -> AsyncIterator[bytes]:
            yield content

        media = await keep_file(desk.state, desk.caller, whole(), "text/csv", file.filename)
        try:
            await look_at(desk.state.blobs, media, None, desk.view.policy.default_country)
            await desk.execute(NoteTable(media.id))
        except Refused:
            await desk.execute(RemoveMedia(media.id))
            raise
    except (Refused, Problem) as refused:
        if not answerable(refused):
            raise
        return await _imports(desk, onto, {"table": " ".join(faults_of(refused, desk.language).values())})
    query = f"?list={list_row(live_list(desk, desk.parse(onto, 'lst'))).id}" if onto else ""
    raise web.HTTPSeeOther(f"/imports/table/{format_id('med', media.id)}{query}")


async def show_table(desk: Desk) -> web.StreamResponse:
    """What the columns hold, as far as their names tell, and the first lines."""
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    media = await _upload(desk)
    look = await look_at(desk.state.blobs, media, None, desk.view.policy.default_country)
    return await _table(desk, media, look, {"list": desk.request.query.get("list", "")}, {})


async def start(desk: Desk) -> web.StreamResponse:
    """Reads it in; asked to look again, shows what that would bring."""
    form = await desk.form()
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    media, country = await _upload(desk), desk.view.policy.default_country
    columns = _chosen(form, await head_of(desk.state.blobs, media))
    try:
        if form.get("do") == "look":
            look = await look_at(desk.state.blobs, media, columns, country)
            return await _table(desk, media, look, form, {})
        _, total = await count_lines(desk.state.blobs, media, columns)
        purpose = form.get("purpose", "")
        words = text(form.get("words", "")).strip()
        if purpose and not words:
            raise invalid("words", "Say where and how these people agreed: this is the proof.", "empty")
        list_id = await _chosen_list(desk, form)
        made = await desk.execute(
            StartImport(media.id, total, columns, list_id, purpose or None, words or None if purpose else None)
        )
    except (Refused, Problem) as refused:
        if not answerable(refused):
            raise
        faults = faults_of(refused, desk.language)
        guessed = await look_at(desk.state.blobs, media, None, country)
        return await _table(desk, media, guessed, form, faults, columns)
    raise web.HTTPSeeOther(f"/imports/{format_id('imp', made.id)}")


async def show_import(desk: Desk) -> web.StreamResponse:
    """How far it has come; a script asks again until it is over."""
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    import_id = desk.id("imp")
    job = await desk.read(lambda session: contact_import(session, desk.workspace_id, import_id))
    if job is None:
        raise problems.not_found("import")
    row = _row(desk, job)
    if desk.by_script:
        return html(desk.pieces("import_state", job=row))
    return desk.page("import.html", shell=await lone_shell(desk, "contacts"), job=row)


async def _imports(desk: Desk, onto: str, faults: Faults) -> web.StreamResponse:
    found = await desk.read(lambda session: latest_imports(session, desk.workspace_id))
    return desk.page(
        "imports.html",
        status=422 if faults else 200,
        shell=await lone_shell(desk, "contacts"),
        jobs=[_row(desk, one) for one in found],
        onto=onto,
        faults=faults,
    )


async def _table(
    desk: Desk,
    media: Media,
    look: Look,
    form: Mapping[str, str],
    faults: Faults,
    columns: Mapping[str, str] | None = None,
) -> web.StreamResponse:
    _ = desk.language.gettext
    chosen = form.get("list", "")
    lists = sorted(desk.view.live(desk.view.lists), key=lambda one: one.name.casefold())
    page = TablePage(
        format_id("med", media.id),
        _columns(desk, look, columns or look.columns),
        look.total,
        look.good,
        look.wrong,
        [
            Choice(_("No list"), "", pressed=not chosen),
            *(Choice(one.name, list_row(one).id, pressed=list_row(one).id == chosen) for one in lists),
            Choice(_("A new list"), NEW_LIST, pressed=chosen == NEW_LIST),
        ],
        [Choice(_(label), str(one), pressed=form.get("purpose") == one) for label, one in PURPOSES],
        form.get("words", ""),
        form.get("new_list", ""),
        faults,
    )
    shell = await lone_shell(desk, "contacts")
    return desk.page("import_table.html", status=422 if faults else 200, shell=shell, table=page)


def _columns(desk: Desk, look: Look, columns: Mapping[str, str]) -> Sequence[Column]:
    _ = desk.language.gettext
    found = []
    for number, name in enumerate(look.head):
        if not name:
            continue
        held = columns.get(name, IGNORED)
        choices = [Choice(_(label), value, pressed=value == held) for label, value in _MEANINGS]
        own = held if held.startswith(FIELD) else f"{FIELD}{name[:100]}"
        choices.append(Choice(_("Field “%(name)s”", name=own.removeprefix(FIELD)), own, pressed=own == held))
        found.append(Column(number, name, [cells[number] for cells in look.sample], choices))
    return found


def _chosen(form: Mapping[str, str], head: Sequence[str]) -> dict[str, str]:
    return {name: form.get(f"column_{number}", IGNORED) for number, name in enumerate(head) if name}


async def _chosen_list(desk: Desk, form: Mapping[str, str]) -> int | None:
    chosen = form.get("list", "")
    if chosen == NEW_LIST or (not chosen and text(form.get("new_list", ""))):  # a name that was typed is meant
        try:
            return (await desk.execute(CreateList(text(form.get("new_list", ""))))).id
        except Refused as refused:
            if not answerable(refused):
                raise
            raise invalid("new_list", " ".join(faults_of(refused, desk.language).values())) from None
    return live_list(desk, desk.parse(chosen, "lst")).id if chosen else None


async def _upload(desk: Desk) -> Media:
    """The file in the path, which the person uploaded and nothing carries yet."""
    media_id = desk.id("med")
    found = await desk.read(lambda session: MEDIA.by(session, desk.workspace_id, "id", [media_id]))
    media = found[0] if found else None
    if media is None or media.user_id != desk.signed.user.id or media.message_id is not None or media.library:
        raise problems.not_found("file")
    return media


def _row(desk: Desk, job: ContactImport) -> ImportRow:
    found = desk.view.lists.get(job.list_id or 0)
    return ImportRow(
        format_id("imp", job.id),
        str(job.state),
        desk.language.gettext(_STATES[job.state]),
        desk.times.full(job.created_at),
        desk.times.iso(job.created_at),
        list_row(found) if found is not None and found.removed_at is None else None,
        job.total,
        job.created,
        job.updated,
        job.listed,
        job.refused,
        job.opted_out,
        job.errors,
        desk.language.gettext(job.failure) if job.failure else "",
    )
