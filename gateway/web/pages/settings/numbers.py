"""Our numbers, names and mailboxes: what each is, what it can do, and which gateways serve it."""

from aiohttp import web

from gateway.core.errors import Refused
from gateway.domain.policy import MmsOver
from gateway.domain.prices import Prices
from gateway.domain.record import record
from gateway.domain.sender import Capabilities, capabilities_of
from gateway.domain.settings import Sender
from gateway.web.api.body import to_type
from gateway.web.api.lookup import live_record
from gateway.web.api.senders import NewSender, SenderChange, create_sender, remove_sender, update_sender
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.settings import number_form
from gateway.web.pages.settings.fields import Form
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.number_form import KINDS, NumberForm
from gateway.web.pages.settings.sections import get, post
from gateway.web.problems import Problem

SAID = {
    "added": marked("The number was added. It can be chosen at once."),
    "saved": marked("Saved. New messages use it."),
    "removed": marked("The number was removed. What it sent and received keeps its value."),
}
_NEW = "/settings/numbers/new"


@record
class NumberRow:
    """One of them. `can` are words; `warning` is what keeps it from being of use."""

    href: str
    name: str
    value: str
    kind: str
    gateways: str
    can: list[str]
    warning: str
    append_text: str
    price: str
    pools: str


async def show(desk: Desk) -> web.StreamResponse:
    """The table."""
    rows = [_row(desk, one) for one in desk.view.live(desk.view.senders)]
    return await settings_page(
        desk, "numbers", "settings/numbers.html", said=SAID, rows=rows, long_as_mms=_long_as_mms(desk)
    )


async def show_new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    return await _page(desk, None, number_form.form_of(desk.view, None, _NEW))


async def create(desk: Desk) -> web.StreamResponse:
    """Adds it."""
    form = Form(await desk.form(), desk.language)
    body = number_form.read(form, desk.view, new=True)
    try:
        if not form.faults:
            await create_sender(call_of(desk), to_type(body, NewSender))
            raise web.HTTPSeeOther("/settings/numbers?said=added")
    except (Problem, Refused) as error:
        form.take(error)
    return await _page(desk, None, number_form.form_of(desk.view, None, _NEW).with_faults(form), 422)


async def show_one(desk: Desk) -> web.StreamResponse:
    """Its form."""
    sender = _found(desk)
    return await _page(desk, sender, number_form.form_of(desk.view, sender, _address(sender)))


async def change(desk: Desk) -> web.StreamResponse:
    """Saves it."""
    sender = _found(desk)
    form = Form(await desk.form(), desk.language)
    body = number_form.read(form, desk.view, new=False)
    try:
        if not form.faults:
            await update_sender(call_of(desk), sender.id, to_type(body, SenderChange))
            raise web.HTTPSeeOther("/settings/numbers?said=saved")
    except (Problem, Refused) as error:
        form.take(error)
    shown = number_form.form_of(desk.view, sender, _address(sender)).with_faults(form)
    return await _page(desk, sender, shown, 422)


async def confirm_removal(desk: Desk) -> web.StreamResponse:
    """Asks once."""
    sender = _found(desk)
    row = _row(desk, sender)
    return await settings_page(desk, "numbers", "settings/number_remove.html", row=row)


async def remove(desk: Desk) -> web.StreamResponse:
    """Takes it away."""
    await desk.form()
    await remove_sender(call_of(desk), _found(desk).id)
    raise web.HTTPSeeOther("/settings/numbers?said=removed")


async def _page(desk: Desk, sender: Sender | None, form: NumberForm, status: int = 200) -> web.StreamResponse:
    return await settings_page(
        desk,
        "numbers",
        "settings/number.html",
        status=status,
        row=_row(desk, sender) if sender else None,
        form=form,
        long_as_mms=_long_as_mms(desk),
    )


def _row(desk: Desk, sender: Sender) -> NumberRow:
    pools = [pool.name for pool in desk.view.live(desk.view.pools) if sender.id in pool.sender_ids]
    serving = [desk.view.gateways[one].name for one in sender.gateway_ids]
    can, warning = _abilities(desk, sender)
    return NumberRow(
        href=_address(sender),
        name=sender.label or sender_text(sender.value),
        value=sender_text(sender.value),
        kind=KINDS[sender.kind],
        gateways=", ".join(serving),
        can=can,
        warning=warning,
        append_text=sender.append_text or "",
        price=_price(sender.prices),
        pools=", ".join(pools),
    )


def _abilities(desk: Desk, sender: Sender) -> tuple[list[str], str]:
    """What it can do through any of its gateways, and what is in the way where it can do nothing."""
    own = capabilities_of(sender.kind, mms_enabled=sender.mms_enabled)
    through = [own & desk.state.around.capabilities(one, sender) for one in desk.view.serving(sender)]
    if not sender.gateway_ids:
        return [], marked("Needs a gateway")
    if not through:
        return [], marked("Its gateways are off")
    if not any(one.outbound or one.inbound for one in through):
        return [], marked("Its gateways can't serve it")
    return _words(through, long_as_mms=_long_as_mms(desk)), ""


def _words(through: list[Capabilities], *, long_as_mms: bool) -> list[str]:
    mms = any(one.mms for one in through)
    told = (
        (any(one.sms for one in through), marked("SMS")),
        (mms, marked("MMS")),
        (any(one.whatsapp for one in through), marked("WhatsApp")),
        (any(one.email for one in through), marked("E-mail")),
        (mms and long_as_mms, marked("Long as MMS")),
        (not any(one.reply for one in through), marked("No replies")),
        (not any(one.receipts for one in through), marked("No receipts")),
        (all(one.simulated for one in through), marked("Simulated")),
    )
    return [word for holds, word in told if holds]


def _price(prices: Prices) -> str:
    """The plain amount of the first channel that has one."""
    found = next((str(prices[one]) for one in ("sms", "whatsapp", "email", "mms") if one in prices), "")
    return f"{found} {prices.get('currency', 'USD')}" if found else ""


def _long_as_mms(desk: Desk) -> bool:
    return isinstance(desk.view.policy.long_text, MmsOver)


def _found(desk: Desk) -> Sender:
    return live_record(desk.view.senders, desk.id("snd"), "sender")


def _address(sender: Sender) -> str:
    return address("numbers", "snd", sender.id)


ROUTES = (
    get("", show),
    get("/new", show_new),
    post("/new", create),
    get("/{id}", show_one),
    post("/{id}", change),
    get("/{id}/remove", confirm_removal),
    post("/{id}/remove", remove),
)
