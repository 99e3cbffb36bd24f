"""The frame around every page of the settings: its navigation, and the page in it."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from aiohttp import web

from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.visibility import Permission
from gateway.storage.webhook_reads import any_switched_off
from gateway.web import guard, problems
from gateway.web.api.call import Call
from gateway.web.pages.desk import Desk, Handler
from gateway.web.pages.settings.sections import BY_NAME, SECTIONS, Section
from gateway.web.pages.shell import lone_shell

NOTHING: Mapping[str, str] = MappingProxyType({})


@record
class SectionLink:
    """A section in the navigation. `count` None shows nothing."""

    name: str
    label: str
    icon: str
    count: int | None
    current: bool


@record
class SectionGroup:
    """A heading of the navigation with what is below it."""

    label: str
    links: tuple[SectionLink, ...]


def may_open(desk: Desk, section: Section) -> bool:
    """Whether the one who asks may see a section."""
    return section.permission is None or desk.signed.may(section.permission)


def navigation(desk: Desk, current: str, *, home: bool) -> list[SectionGroup]:
    """The sections one may open, grouped; groups come in the order of their first section."""
    grouped: dict[str, list[SectionLink]] = {}
    _ = desk.language.gettext
    for one in SECTIONS:
        if may_open(desk, one) and (home or not one.installation):
            count = one.count(desk.view) if one.count else None
            link = SectionLink(one.name, _(one.label), one.icon, count, one.name == current)
            grouped.setdefault(_(one.group), []).append(link)
    return [SectionGroup(label, tuple(links)) for label, links in grouped.items()]


async def is_home(desk: Desk) -> bool:
    """Whether this is the installation's first workspace, whose administrators look after the others."""
    return desk.signed.may(Permission.MANAGE_SETTINGS) and desk.workspace_id == await desk.state.auth.workspaces.home()


async def settings_page(
    desk: Desk,
    name: str,
    template: str,
    /,
    *,
    status: int = 200,
    said: Mapping[str, str] = NOTHING,
    **context: Any,
) -> web.Response:
    """A page of the section `name`; `context` is the template's own.

    `said` has the sentences that the page may open with: a change answers 303 to a page with `?said=<key>`.
    """
    shell = await lone_shell(desk, "settings")
    worried = desk.signed.may(Permission.MANAGE_TOKENS) and name != "webhooks"
    return desk.page(
        template,
        status=status,
        shell=shell,
        section=BY_NAME[name],
        sections=navigation(desk, name, home=await is_home(desk)),
        webhooks_off=await desk.read(partial(any_switched_off, workspace_id=desk.workspace_id)) if worried else False,
        said=said.get(desk.request.query.get("said", ""), ""),
        **context,
    )


def call_of(desk: Desk) -> Call:
    """The same request as the API's handlers see it: what a page changes it changes through them."""
    return Call(desk.state, desk.signed, desk.view, desk.request)


def within(section: Section, handler: Handler) -> Handler:
    """The handler, for those alone who may open the section. Problem 403 for the others."""

    async def handle(desk: Desk) -> web.StreamResponse:
        if section.permission is not None:
            guard.require(desk.signed, section.permission)
        if section.installation and not await is_home(desk):
            raise problems.not_found()
        return await handler(desk)

    return handle


async def show_settings(desk: Desk) -> web.StreamResponse:
    """`/settings`: the first section one may open."""
    first = next(section for section in SECTIONS if may_open(desk, section))
    raise web.HTTPSeeOther(f"/settings/{first.name}")


def address(name: str, prefix: str = "", record_id: int | None = None) -> str:
    """Where a section is, or one record in it."""
    return f"/settings/{name}" if record_id is None else f"/settings/{name}/{format_id(prefix, record_id)}"
