"""Pools: numbers that are used as one."""

from aiohttp import web

from gateway.core.errors import Refused
from gateway.domain.ids import format_id
from gateway.domain.policy import pool_of
from gateway.domain.record import record
from gateway.domain.settings import Pool
from gateway.web.api.body import to_type
from gateway.web.api.lookup import live_record
from gateway.web.api.pools import NewPool, PoolChange, create_pool, remove_pool, update_pool
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.settings import plugin_fields
from gateway.web.pages.settings.fields import Field, Form
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.problems import Problem

SAID = {
    "added": marked("The pool was made. A policy, a campaign or a message can name it."),
    "saved": marked("Saved."),
    "removed": marked("The pool was removed. Its numbers stay."),
}
_NEW = "/settings/pools/new"
_MEMBER = "sender."


@record
class Member:
    """A number that may be in the pool."""

    name: str
    label: str
    value: str
    inside: bool


@record
class PoolRow:
    """One pool."""

    href: str
    name: str
    numbers: str
    count: int
    sticky: bool
    nearest: bool
    in_chain: bool


async def show(desk: Desk) -> web.StreamResponse:
    """The table."""
    rows = [_row(desk, one) for one in desk.view.live(desk.view.pools)]
    return await settings_page(desk, "pools", "settings/pools.html", said=SAID, rows=rows)


async def show_new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    return await _page(desk, None)


async def create(desk: Desk) -> web.StreamResponse:
    """Makes it."""
    form = Form(await desk.form(), desk.language)
    try:
        body = _read(desk, form)
        if not form.faults:
            await create_pool(call_of(desk), to_type(body, NewPool))
            raise web.HTTPSeeOther("/settings/pools?said=added")
    except (Problem, Refused) as error:
        form.take(error)
    return await _page(desk, None, form)


async def show_one(desk: Desk) -> web.StreamResponse:
    """Its form."""
    return await _page(desk, _found(desk))


async def change(desk: Desk) -> web.StreamResponse:
    """Saves it."""
    pool = _found(desk)
    form = Form(await desk.form(), desk.language)
    try:
        body = _read(desk, form)
        if not form.faults:
            await update_pool(call_of(desk), pool.id, to_type(body, PoolChange))
            raise web.HTTPSeeOther("/settings/pools?said=saved")
    except (Problem, Refused) as error:
        form.take(error)
    return await _page(desk, pool, form)


async def confirm_removal(desk: Desk) -> web.StreamResponse:
    """Asks once."""
    return await settings_page(desk, "pools", "settings/pool_remove.html", row=_row(desk, _found(desk)))


async def remove(desk: Desk) -> web.StreamResponse:
    """Takes it away."""
    await desk.form()
    await remove_pool(call_of(desk), _found(desk).id)
    raise web.HTTPSeeOther("/settings/pools?said=removed")


def _read(desk: Desk, form: Form) -> dict[str, object]:
    members = [format_id("snd", one.id) for one in desk.view.live(desk.view.senders)]
    return {
        "name": form.required("name", marked("Give it a name.")),
        "sender_ids": [one for one in members if form.is_on(_MEMBER + one)],
        "sticky": form.is_on("sticky"),
        "nearest": form.is_on("nearest"),
    }


async def _page(desk: Desk, pool: Pool | None, form: Form | None = None) -> web.StreamResponse:
    fields = _fields(pool)
    members = _members(desk, pool, form)
    problems: list[str] = []
    if form is not None:
        fields = form.faults.place(plugin_fields.refilled(fields, form))
        problems = form.faults.general or [marked("Some fields need another look.")]
    return await settings_page(
        desk,
        "pools",
        "settings/pool.html",
        status=200 if form is None else 422,
        row=_row(desk, pool) if pool else None,
        action=address("pools", "pol", pool.id) if pool else _NEW,
        fields=fields,
        members=members,
        problems=problems,
    )


def _fields(pool: Pool | None) -> list[Field]:
    return [
        Field("name", marked("Name"), value=pool.name if pool else "", required=True, wide=True),
        Field(
            "sticky",
            marked("Each contact keeps their number"),
            "boolean",
            "on" if pool is None or pool.sticky else "",
            marked("They always see the same one, while it can send."),
        ),
        Field(
            "nearest",
            marked("New contacts get one from where they are"),
            "boolean",
            "on" if pool is None or pool.nearest else "",
            marked("By area and country. Among those that are alike, contacts are spread evenly."),
        ),
    ]


def _members(desk: Desk, pool: Pool | None, form: Form | None) -> list[Member]:
    inside = {format_id("snd", one) for one in pool.sender_ids} if pool else set()
    found = []
    for one in desk.view.live(desk.view.senders):
        made = format_id("snd", one.id)
        chosen = form.is_on(_MEMBER + made) if form is not None else made in inside
        found.append(Member(_MEMBER + made, one.label or sender_text(one.value), sender_text(one.value), chosen))
    return found


def _row(desk: Desk, pool: Pool) -> PoolRow:
    senders = [desk.view.senders[one] for one in pool.sender_ids]
    return PoolRow(
        href=address("pools", "pol", pool.id),
        name=pool.name,
        numbers=", ".join(one.label or sender_text(one.value) for one in senders),
        count=len(senders),
        sticky=pool.sticky,
        nearest=pool.nearest,
        in_chain=pool.name in map(pool_of, desk.view.policy.sender_chain),
    )


def _found(desk: Desk) -> Pool:
    return live_record(desk.view.pools, desk.id("pol"), "pool")


ROUTES = (
    get("", show),
    get("/new", show_new),
    post("/new", create),
    get("/{id}", show_one),
    post("/{id}", change),
    get("/{id}/remove", confirm_removal),
    post("/{id}/remove", remove),
)
