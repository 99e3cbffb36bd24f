"""The simulator's phones, and the dials of its network."""

from typing import Final

from aiohttp import web

from gateway.core.commands.settings import UpdateGateway
from gateway.core.errors import invalid
from gateway.domain.address import AddressKind
from gateway.domain.settings import Gateway
from gateway.domain.visibility import Permission
from gateway.web import guard, problems
from gateway.web.language import Language, marked
from gateway.web.pages.action_pages import done
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import address_text, sender_text
from gateway.web.pages.guide import guide_of
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.views_phone import Dials, Handset, PhoneLine, PhonePage, Switch

PLUGIN: Final = "simulator"
MOST_DELAY: Final = 60.0
# Each dial of the simulator with what its switch says, and how much of the traffic it then spoils.
_SWITCHES: Final = (
    ("fail_rate", marked("Fail 1 in 10 messages"), 0.1),
    ("lose_rate", marked("Lose 1 in 10 receipts"), 0.1),
    ("double_rate", marked("Send 1 in 10 receipts and texts twice"), 0.1),
    ("reorder_rate", marked("Mix up the order of receipts"), 0.1),
    ("split_rate", marked("Break long texts into parts"), 1.0),
    ("throttle_rate", marked("Make 1 in 10 messages wait"), 0.1),
    ("hang_rate", marked("Never answer 1 in 10 messages"), 0.1),
)
_HANDSETS: Final = (
    ("Maya", "+14155550148", marked("Try: Hello")),
    (marked("New number"), "+14155550149", marked("Text us anything")),
    ("Jonas", "+447700900123", marked("Try: STOP")),
)


def _handset(language: Language, name: str, number: str, hint: str) -> Handset:
    _ = language.gettext
    return Handset(_(name), number, address_text(AddressKind.PHONE, number), _(hint))


def _simulators(desk: Desk) -> list[Gateway]:
    return [one for one in desk.view.live(desk.view.gateways) if one.plugin == PLUGIN]


async def show_phones(desk: Desk) -> web.StreamResponse:
    """The phones and what they can text."""
    gateways = _simulators(desk)
    lines = [
        PhoneLine(
            sender.value,
            f"{sender.label or sender_text(sender.value)}, {gateway.name}",
            f"/c/{gateway.token}/inbound",
            f"/c/{gateway.token}/outbox",
        )
        for gateway in gateways
        for sender in desk.view.live(desk.view.senders)
        if gateway.id in sender.gateway_ids
    ]
    handsets = [_handset(desk.language, *one) for one in _HANDSETS]
    phone = PhonePage(lines, handsets, _dials(desk, gateways[0]) if gateways else None)
    shell = await lone_shell(desk, "phone")
    return desk.page("phone.html", guide=await guide_of(desk), shell=shell, phone=phone, blank=handsets[1])


def _dials(desk: Desk, gateway: Gateway) -> Dials:
    _ = desk.language.gettext
    switches = [Switch(name, _(label), share, _set(gateway, name) > 0) for name, label, share in _SWITCHES]
    return Dials(gateway.token, _set(gateway, "delay"), switches, desk.signed.may(Permission.MANAGE_GATEWAYS))


def _set(gateway: Gateway, name: str) -> float:
    return float(gateway.settings.get(name, 0) or 0)


async def set_network(desk: Desk) -> web.StreamResponse:
    """Turns the dials: from now on the simulator's network behaves so."""
    form = await desk.form()
    guard.require(desk.signed, Permission.MANAGE_GATEWAYS)
    gateway = next((one for one in _simulators(desk) if one.token == form.get("gateway")), None)
    if gateway is None:
        raise problems.not_found("gateway")
    dials = {name: _number(form.get(name, "0"), name, 1.0) for name, _, _ in _SWITCHES}
    dials["delay"] = _number(form.get("delay", "0"), "delay", MOST_DELAY)
    await desk.execute(UpdateGateway(gateway.id, settings={**gateway.settings, **dials}))
    return done(desk, "", "/phone")


def _number(text: str, name: str, most: float) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= most:
        raise invalid(name, f"{name.replace('_', ' ').capitalize()} is a number from 0 to {most:g}.")
    return found
