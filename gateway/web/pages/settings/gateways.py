"""Gateways: how each is, and adding one."""

from aiohttp import web

from gateway.core.errors import Refused
from gateway.domain.record import record
from gateway.sdk.channel import Channel
from gateway.web.api.body import to_type
from gateway.web.api.gateways import NewGateway, create_gateway
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import gateway_form, gateway_pages
from gateway.web.pages.settings.fields import Form
from gateway.web.pages.settings.frame import call_of, settings_page
from gateway.web.pages.settings.gateway_cards import icon_of, load_cards
from gateway.web.pages.settings.gateway_form import GatewayForm
from gateway.web.pages.settings.sections import get, post
from gateway.web.problems import Problem

SAID = {**gateway_pages.SAID, "removed": marked("The gateway was removed. Its numbers stay, without it.")}


@record(gc=True)
class Kind:
    """A channel to choose from."""

    type: str
    label: str
    plugin: str
    icon: str
    current: bool


async def show(desk: Desk) -> web.StreamResponse:
    """The cards."""
    cards = await load_cards(desk)
    return await settings_page(
        desk, "gateways", "settings/gateways.html", said=SAID, cards=cards, installed=len(desk.state.registry.channels)
    )


async def show_new(desk: Desk) -> web.StreamResponse:
    """The kinds there are, and the form of the one that is chosen."""
    channel = desk.state.registry.channel(desk.request.query.get("plugin", ""))
    form = gateway_form.new_form(desk, channel, "/settings/gateways/new") if channel else None
    return await _new_page(desk, channel, form)


async def create(desk: Desk) -> web.StreamResponse:
    """Adds it, and goes to its page."""
    form = Form(await desk.form(), desk.language)
    channel = desk.state.registry.channel(form.text("plugin"))
    if channel is None:
        return await _new_page(desk, None, None, 422)
    body = gateway_form.read(channel, form)
    try:
        if not form.faults:
            made = await create_gateway(call_of(desk), to_type({**body, "plugin": channel.type}, NewGateway))
            raise web.HTTPSeeOther(f"/settings/gateways/{made.id}?said=added")
    except (Problem, Refused) as error:
        form.take(error)
    shown = gateway_form.new_form(desk, channel, "/settings/gateways/new").with_faults(form)
    return await _new_page(desk, channel, shown, 422)


async def _new_page(
    desk: Desk, channel: type[Channel] | None, form: GatewayForm | None, status: int = 200
) -> web.StreamResponse:
    kinds = [
        Kind(
            name,
            desk.language.gettext(found.item.label),
            found.plugin,
            icon_of(name),
            channel is not None and channel.type == name,
        )
        for name, found in sorted(desk.state.registry.channels.items(), key=lambda one: one[1].item.label.lower())
    ]
    return await settings_page(desk, "gateways", "settings/gateway_new.html", status=status, kinds=kinds, form=form)


ROUTES = (get("", show), get("/new", show_new), post("/new", create), *gateway_pages.ROUTES)
