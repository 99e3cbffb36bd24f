"""One gateway: its settings, its addresses at the provider, its wire, its switches, and a test."""

from collections.abc import Callable, Mapping
from typing import Final

from aiohttp import web

from gateway.core.commands.settings import UpdateGateway
from gateway.core.errors import Refused
from gateway.domain.settings import Gateway
from gateway.sdk.channel import Channel, Health
from gateway.web.api.body import to_type
from gateway.web.api.gateways import GatewayChange, remove_gateway, update_gateway
from gateway.web.api.lookup import live_record
from gateway.web.api.shapes.settings import gateway_shape
from gateway.web.language import marked
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.settings import gateway_form
from gateway.web.pages.settings.fields import Form
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.gateway_cards import icon_of, load_state, serves
from gateway.web.pages.settings.gateway_form import GatewayForm
from gateway.web.pages.settings.sections import get, post
from gateway.web.problems import Problem

SAID: Final = {
    "added": marked("The gateway was added. Test it, then give it a number."),
    "saved": marked("Saved. New messages use these settings."),
    "pause": marked("Paused. Nothing leaves through it; what waits keeps waiting."),
    "resume": marked("It goes on; what waited leaves now."),
    "off": marked("Switched off. Its numbers neither send nor receive through it."),
    "on": marked("Switched on."),
}
_SWITCHES: Final[Mapping[str, Callable[[int], UpdateGateway]]] = {
    "pause": lambda gateway_id: UpdateGateway(gateway_id, paused=True),
    "resume": lambda gateway_id: UpdateGateway(gateway_id, paused=False),
    "off": lambda gateway_id: UpdateGateway(gateway_id, enabled=False),
    "on": lambda gateway_id: UpdateGateway(gateway_id, enabled=True),
}
_TONES: Final = {"ok": ("callout-green", "circle-check"), "degraded": ("callout-amber", "triangle-alert")}


async def show(desk: Desk) -> web.StreamResponse:
    """Its page."""
    gateway, channel = _found(desk)
    return await _page(desk, gateway, channel)


async def change(desk: Desk) -> web.StreamResponse:
    """Saves its settings; a secret that is left empty stays."""
    gateway, channel = _found(desk)
    form = Form(await desk.form(), desk.language)
    if channel is None:
        raise Problem(409, "plugin-missing", desk.state.registry.unknown_channel(gateway.plugin))
    body = gateway_form.read(channel, form)
    try:
        if not form.faults:
            await update_gateway(call_of(desk), gateway.id, to_type(body, GatewayChange))
            raise web.HTTPSeeOther(f"{_address(gateway)}?said=saved")
    except (Problem, Refused) as error:
        form.take(error)
    shown = gateway_form.form_of(desk, gateway, channel, _address(gateway)).with_faults(form)
    return await _page(desk, gateway, channel, shown, status=422)


async def switch(desk: Desk) -> web.StreamResponse:
    """Pause, resume, off, on; then its page, or the cards it was done on."""
    form = await desk.form()
    gateway, _ = _found(desk)
    verb = desk.request.match_info["verb"]
    await desk.execute(_SWITCHES[verb](gateway.id))
    home = "/settings/gateways" if form.get("back") == "cards" else _address(gateway)
    raise web.HTTPSeeOther(f"{home}?said={verb}")


async def test(desk: Desk) -> web.StreamResponse:
    """Asks the provider whether it takes the settings; sends no message."""
    form = await desk.form()
    gateway, channel = _found(desk)
    tested = await desk.state.channels.check(desk.workspace_id, gateway.id)
    if desk.by_script:
        named = gateway.name if form.get("named") else ""
        return html(desk.pieces("gateway_tested", tested=_tested(tested), named=named))
    return await _page(desk, gateway, channel, tested=tested)


async def confirm_removal(desk: Desk) -> web.StreamResponse:
    """Asks once."""
    gateway, _ = _found(desk)
    return await settings_page(
        desk,
        "gateways",
        "settings/gateway_remove.html",
        gateway=gateway,
        href=_address(gateway),
        serves=serves(desk, gateway),
    )


async def remove(desk: Desk) -> web.StreamResponse:
    """Takes it away."""
    await desk.form()
    gateway, _ = _found(desk)
    await remove_gateway(call_of(desk), gateway.id)
    raise web.HTTPSeeOther("/settings/gateways?said=removed")


async def show_log(desk: Desk) -> web.StreamResponse:
    """The last lines of its wire, the newest first: no secrets, no bodies, numbers masked."""
    gateway, _ = _found(desk)
    lines = desk.state.traces.of(gateway.id).lines[::-1]
    return await settings_page(
        desk,
        "gateways",
        "settings/gateway_log.html",
        gateway=gateway,
        href=_address(gateway),
        state=await load_state(desk, gateway),
        lines=[(one, f"{desk.times.at(one.at):%H:%M:%S}", desk.times.iso(one.at)) for one in lines],
    )


async def _page(
    desk: Desk,
    gateway: Gateway,
    channel: type[Channel] | None,
    form: GatewayForm | None = None,
    *,
    tested: Health | None = None,
    status: int = 200,
) -> web.StreamResponse:
    if form is None and channel is not None:
        form = gateway_form.form_of(desk, gateway, channel, _address(gateway))
    return await settings_page(
        desk,
        "gateways",
        "settings/gateway.html",
        status=status,
        said=SAID,
        gateway=gateway,
        href=_address(gateway),
        icon_name=icon_of(gateway.plugin),
        state=await load_state(desk, gateway),
        urls=gateway_shape(gateway, {}, None, desk.state.site.public_url).urls,
        webhooks=channel is not None and channel.parse is not Channel.parse,
        serves=serves(desk, gateway),
        missing="" if channel else desk.state.registry.unknown_channel(gateway.plugin),
        form=form,
        tested=_tested(tested) if tested else None,
    )


def _tested(health: Health) -> dict[str, str]:
    """The answer to a test: its look and its words."""
    tone, icon = _TONES.get(health.state, ("callout-red", "circle-alert"))
    good = marked("It works: the provider takes these settings.")
    return {"tone": tone, "icon": icon, "words": health.reason or good}


def _found(desk: Desk) -> tuple[Gateway, type[Channel] | None]:
    gateway = live_record(desk.view.gateways, desk.id("gtw"), "gateway")
    return gateway, desk.state.registry.channel(gateway.plugin)


def _address(gateway: Gateway) -> str:
    return address("gateways", "gtw", gateway.id)


ROUTES = (
    get("/{id}", show),
    post("/{id}", change),
    post("/{id}/{verb:pause|resume|on|off}", switch),
    post("/{id}/test", test),
    get("/{id}/remove", confirm_removal),
    post("/{id}/remove", remove),
    get("/{id}/log", show_log),
)
