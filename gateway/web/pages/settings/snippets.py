"""Templates, quick replies and quick notes: one's own and the team's, made, changed, put in order, removed."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.core.commands.settings import (
    CreateSnippet,
    OrderSnippets,
    RecordSnippetUse,
    RemoveSnippet,
    UpdateSnippet,
)
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.settings import Snippet
from gateway.domain.visibility import Permission
from gateway.web import problems
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.panes import snippets_of
from gateway.web.pages.settings.forms import DONE, Faults, attempt, go_to
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.preview import contacts_to_try, preview_of
from gateway.web.pages.settings.sections import SectionRoute, get, post
from gateway.web.pages.settings.suggested import SUGGESTED
from gateway.web.pages.thread_pages import whole


@record(gc=True)
class Kind:
    """One kind of words: where its page is, the letters of its ids, what its pages are called."""

    name: str
    prefix: str
    section: str
    path: str  # below the section's address
    new: str
    edit: str

    @property
    def home(self) -> str:
        """The page of its list."""
        return f"/settings/{self.section}"


TEMPLATE: Final = Kind("template", "tpl", "templates", "", marked("New template"), marked("Edit template"))
QUICK_REPLY: Final = Kind(
    "quick_reply", "qrp", "quick", "/replies", marked("New quick reply"), marked("Edit quick reply")
)
QUICK_NOTE: Final = Kind("quick_note", "qnt", "quick", "/notes", marked("New quick note"), marked("Edit quick note"))
KINDS: Final = {one.name: one for one in (TEMPLATE, QUICK_REPLY, QUICK_NOTE)}


@record
class SnippetRow:
    """Words in the list. `href` is empty for what one may not change."""

    id: str
    name: str
    body: str
    uses: int
    href: str
    move: str = ""


async def show_templates(desk: Desk) -> web.StreamResponse:
    """Suggested, yours, the team's."""
    mine, team = _circles(desk, await _known(desk, TEMPLATE), TEMPLATE)
    _ = desk.language.gettext
    suggested = [
        SnippetRow("", _(name), _(body), 0, f"{TEMPLATE.home}/new?suggested={place}")
        for place, (name, body) in enumerate(SUGGESTED)
    ]
    return await settings_page(
        desk,
        "templates",
        "settings/templates.html",
        said=DONE,
        circles=[(_("Yours"), mine), (_("Team"), team), (_("Suggested"), suggested)],
    )


async def show_quick(desk: Desk) -> web.StreamResponse:
    """Quick replies in their order, and quick notes."""
    lists = []
    _ = desk.language.gettext
    for kind, title in ((QUICK_REPLY, _("Quick replies")), (QUICK_NOTE, _("Quick notes"))):
        mine, team = _circles(desk, await _known(desk, kind), kind)
        lists.append((kind, title, [(_("Team"), team), (_("Yours"), mine)]))
    return await settings_page(desk, "quick", "settings/quick.html", said=DONE, lists=lists)


def routes_of(kind: Kind) -> tuple[SectionRoute, ...]:
    """The pages of one kind."""

    async def show_new(desk: Desk) -> web.StreamResponse:
        return await _page(desk, kind, None, _begun(desk, kind), {})

    async def show_one(desk: Desk) -> web.StreamResponse:
        return await _page(desk, kind, await _find(desk, kind), {}, {})

    async def create(desk: Desk) -> web.StreamResponse:
        form = await desk.form()
        command = CreateSnippet(kind.name, form.get("name", ""), _body(form), form.get("shared") == "1")
        return await attempt(
            desk,
            lambda: desk.execute(command),
            lambda faults: _page(desk, kind, None, form, faults),
            kind.home,
            "made",
        )

    async def change(desk: Desk) -> web.StreamResponse:
        one, form = await _find(desk, kind), await desk.form()
        command = UpdateSnippet(one.id, kind.name, form.get("name", ""), _body(form), form.get("shared") == "1")
        return await attempt(
            desk, lambda: desk.execute(command), lambda faults: _page(desk, kind, one, form, faults), kind.home
        )

    async def remove(desk: Desk) -> web.StreamResponse:
        one = await _find(desk, kind)
        await desk.form()
        await desk.execute(RemoveSnippet(one.id, kind.name))
        go_to(kind.home, "removed")

    async def move(desk: Desk) -> web.StreamResponse:
        one, form = await _find(desk, kind), await desk.form()
        await desk.execute(OrderSnippets(kind.name, moved(await _known(desk, kind), one, form.get("to") == "up")))
        go_to(kind.home)

    where = f"{kind.path}/{{id}}"
    return (
        get(f"{kind.path}/new", show_new),
        post(f"{kind.path}/new", create),
        get(where, show_one),
        post(where, change),
        post(f"{where}/remove", remove),
        post(f"{where}/move", move),
    )


async def show_preview(desk: Desk) -> web.StreamResponse:
    """What a contact would read, while it is being written."""
    form = await desk.form()
    return web.Response(
        text=desk.pieces("template_preview", preview=await preview_of(desk, _body(form), form.get("contact", ""))),
        content_type="text/html",
    )


async def record_use(desk: Desk) -> web.StreamResponse:
    """Somebody put it into a message."""
    await desk.form()
    kind = next((one for one in KINDS.values() if desk.request.match_info["id"].startswith(f"{one.prefix}_")), None)
    if kind is None:
        raise problems.not_found("page")
    await desk.execute(RecordSnippetUse(desk.id(kind.prefix), kind.name))
    return web.Response(status=204)


def moved(known: list[Snippet], one: Snippet, up: bool) -> tuple[int, ...]:
    """The ids of its circle in their new order."""
    circle = [other.id for other in known if other.shared == one.shared]
    place = circle.index(one.id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(circle):
        circle[place], circle[other] = circle[other], circle[place]
    return tuple(circle)


async def _known(desk: Desk, kind: Kind) -> list[Snippet]:
    found = await desk.read(lambda session: snippets_of(session, desk.workspace_id, desk.signed.user.id))
    return [one for one in found if one.kind == kind.name]


async def _find(desk: Desk, kind: Kind) -> Snippet:
    wanted = desk.id(kind.prefix)
    found = next((one for one in await _known(desk, kind) if one.id == wanted), None)
    if found is None:
        raise problems.not_found("page")
    return found


def _circles(desk: Desk, known: list[Snippet], kind: Kind) -> tuple[list[SnippetRow], list[SnippetRow]]:
    """One's own, and the team's, which only those who manage content change."""
    manages = desk.signed.may(Permission.MANAGE_CONTENT)
    circles: tuple[list[SnippetRow], list[SnippetRow]] = ([], [])
    for one in known:
        made = format_id(kind.prefix, one.id)
        href = f"{kind.home}{kind.path}/{made}" if manages or not one.shared else ""
        move = f"{href}/move" if href and kind is not TEMPLATE else ""
        circles[one.shared].append(SnippetRow(made, one.name, one.body, one.uses, href, move))
    return circles


def _begun(desk: Desk, kind: Kind) -> Mapping[str, str]:
    """A new one begins empty, or as one of those that come with the product."""
    wanted = desk.request.query.get("suggested", "")
    place = whole(wanted) if wanted else len(SUGGESTED)
    if kind is not TEMPLATE or place >= len(SUGGESTED):
        return {}
    name, body = SUGGESTED[place]
    return {"name": desk.language.gettext(name), "body": desk.language.gettext(body)}


def _body(form: Mapping[str, str]) -> str:
    """As it was typed; forms send line ends as mail does."""
    return form.get("body", "").replace("\r\n", "\n")


async def _page(
    desk: Desk, kind: Kind, one: Snippet | None, typed: Mapping[str, str], faults: Faults
) -> web.StreamResponse:
    _ = desk.language.gettext
    body = typed.get("body", one.body if one else "")
    is_template = kind is TEMPLATE
    return await settings_page(
        desk,
        kind.section,
        "settings/snippet.html",
        status=422 if faults else 200,
        faults=faults,
        kind=kind,
        title=_(kind.edit if one else kind.new),
        id=format_id(kind.prefix, one.id) if one else "",
        name=typed.get("name", one.name if one else ""),
        body=body,
        shared=one.shared if one else desk.signed.may(Permission.MANAGE_CONTENT),
        may_share=desk.signed.may(Permission.MANAGE_CONTENT),
        contacts=await contacts_to_try(desk) if is_template else [],
        preview=await preview_of(desk, body, "") if is_template else None,
    )


TEMPLATE_ROUTES = (get("", show_templates), post("/preview", show_preview), *routes_of(TEMPLATE))
QUICK_ROUTES = (get("", show_quick), *routes_of(QUICK_REPLY), *routes_of(QUICK_NOTE))
