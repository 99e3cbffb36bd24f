"""Tags: their names and colours, how often they are open, one into another, and away with them."""

from typing import Final

from aiohttp import web

from gateway.core.commands.settings import CreateTag, MergeTags, RemoveTag, UpdateTag
from gateway.core.decisions.tags import PALETTE
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.settings import Tag
from gateway.storage.totals import view_totals
from gateway.web import problems
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.questions import sight
from gateway.web.pages.settings.forms import DONE, Faults, attempt, go_to
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.views_shell import Choice

HOME: Final = "/settings/tags"
COLOURS: Final = {
    "orange": marked("Orange"),
    "violet": marked("Violet"),
    "teal": marked("Teal"),
    "blue": marked("Blue"),
    "red": marked("Red"),
    "green": marked("Green"),
    "amber": marked("Amber"),
    "grey": marked("Grey"),
}


@record
class TagRow:
    """A tag and how many open conversations have it."""

    id: str
    name: str
    colour: str
    open: int


async def show(desk: Desk) -> web.StreamResponse:
    """All tags by name."""
    return await settings_page(desk, "tags", "settings/tags.html", said=DONE, tags=await _rows(desk))


async def show_new(desk: Desk) -> web.StreamResponse:
    """The form for a tag."""
    return await _page(desk, None, {}, {})


async def show_one(desk: Desk) -> web.StreamResponse:
    """One tag."""
    return await _page(desk, _tag(desk), {}, {})


async def create(desk: Desk) -> web.StreamResponse:
    """One more tag."""
    form = await desk.form()
    return await attempt(
        desk,
        lambda: desk.execute(CreateTag(form.get("name", ""), form.get("colour", PALETTE[0]))),
        lambda faults: _page(desk, None, form, faults),
        HOME,
        "made",
    )


async def change(desk: Desk) -> web.StreamResponse:
    """Another name or colour, everywhere at once."""
    tag, form = _tag(desk), await desk.form()
    return await attempt(
        desk,
        lambda: desk.execute(UpdateTag(tag.id, form.get("name", ""), form.get("colour", tag.colour))),
        lambda faults: _page(desk, tag, form, faults),
        HOME,
    )


async def merge(desk: Desk) -> web.StreamResponse:
    """Every conversation with this one gets the other."""
    tag, form = _tag(desk), await desk.form()
    into = desk.parse(form.get("into", ""), "tag")
    return await attempt(
        desk,
        lambda: desk.execute(MergeTags(tag.id, into)),
        lambda faults: _page(desk, tag, {}, faults),
        HOME,
        "merged",
    )


async def remove(desk: Desk) -> web.StreamResponse:
    """From every conversation too."""
    tag = _tag(desk)
    await desk.form()
    await desk.execute(RemoveTag(tag.id))
    go_to(HOME, "removed")


async def _rows(desk: Desk) -> list[TagRow]:
    totals = await desk.read(lambda session: view_totals(session, sight(desk)))
    found = sorted(desk.view.live(desk.view.tags), key=lambda one: one.name.casefold())
    return [TagRow(format_id("tag", one.id), one.name, one.colour, totals.tags.get(one.id, 0)) for one in found]


async def _page(desk: Desk, tag: Tag | None, typed: Faults, faults: Faults) -> web.StreamResponse:
    rows = await _rows(desk)
    mine = format_id("tag", tag.id) if tag else ""
    colour = typed.get("colour", tag.colour if tag else PALETTE[0])
    return await settings_page(
        desk,
        "tags",
        "settings/tag.html",
        status=422 if faults else 200,
        faults=faults,
        tag=next((one for one in rows if one.id == mine), None),
        others=[one for one in rows if one.id != mine],
        name=typed.get("name", tag.name if tag else ""),
        colours=[Choice(desk.language.gettext(COLOURS[one]), one, pressed=one == colour) for one in PALETTE],
    )


def _tag(desk: Desk) -> Tag:
    found = desk.view.tags.get(desk.id("tag"))
    if found is None or found.removed_at is not None:
        raise problems.not_found("tag")
    return found


ROUTES = (
    get("", show),
    get("/new", show_new),
    post("/new", create),
    get("/{id}", show_one),
    post("/{id}", change),
    post("/{id}/merge", merge),
    post("/{id}/remove", remove),
)
