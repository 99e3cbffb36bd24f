"""From: our senders by gateway, what each can do, what it costs, and why one of them is the default."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from gateway.core.gateway_choice import price_tables
from gateway.core.preview import Preview
from gateway.core.scene import CapabilitiesOf
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import AddressKind
from gateway.domain.ids import format_id, parse_id
from gateway.domain.prices import Price, price_of
from gateway.domain.sender import Capabilities, capabilities_of
from gateway.domain.settings import Gateway, Sender
from gateway.web.language import Language, marked
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.views_composer import SenderGroup, SenderOption
from gateway.web.told import told

_REASONS: Final[Mapping[str, str]] = {
    "last_used": marked("Last used"),
    "inbound_to": marked("They texted it"),
    "conversation_start": marked("From the start"),
    "gateway_default": marked("Default"),
    "explicit": marked("Chosen"),
}
_THROUGH: Final = "~"
_SYMBOLS: Final[Mapping[str, str]] = {"USD": "$", "EUR": "€", "GBP": "£"}


def groups_of(
    view: WorkspaceView,
    capabilities: CapabilitiesOf,
    language: Language,
    found: Preview | None,
    kind: AddressKind | None,
    to: str = "",
) -> list[SenderGroup]:
    """Every sender under each gateway that would carry it. `kind` is the contact's: e-mail senders don't text.

    `to` is the contact's address, which prices depend on.
    """
    composition = found.composition if found else None
    chosen = composition.route.sender if composition else None
    through = composition.route.gateway if composition else None
    reason = language.gettext(_reason(found))
    groups: list[SenderGroup] = []
    for gateway in view.live(view.gateways):
        options = [
            _option(sender, gateway, capabilities, language, kind, to, reason if picked else "", chosen=picked)
            for sender in view.live(view.senders)
            if gateway.id in sender.gateway_ids
            for picked in [sender == chosen and (through is None or gateway.id == through.id)]
        ]
        if options:
            groups.append(SenderGroup(gateway.name, _plugin(gateway), options))
    return groups


def chosen_of(groups: Sequence[SenderGroup]) -> SenderOption | None:
    """The one that is preselected; without a reason for one, the first that can be used."""
    usable = [option for group in groups for option in group.options if not option.barred]
    return next((option for option in usable if option.chosen), usable[0] if usable else None)


def _option(
    sender: Sender,
    gateway: Gateway,
    capabilities: CapabilitiesOf,
    language: Language,
    kind: AddressKind | None,
    to: str,
    reason: str,
    *,
    chosen: bool,
) -> SenderOption:
    can = capabilities_of(sender.kind, mms_enabled=sender.mms_enabled) & capabilities(gateway, sender)
    channel = "email" if can.email else "sms"
    price = price_of(price_tables(sender, gateway), channel, to, 1)
    value, _ = sender_text(sender.value), language.gettext
    return SenderOption(
        id=_id_of(sender, gateway),
        label=sender.label or value,
        value=value,
        channel=channel,
        can=_can(can, language),
        price=_price_of(price, language),
        appended=sender.append_text or "" if channel == "sms" else "",
        unit_micros=price.micros if price else 0,
        currency=price.currency if price else "",
        chosen=chosen,
        reason=reason,
        barred=_(_barred(gateway, can, kind)),
        no_media=_(_no_media(sender, can)),
        media_price=_media_price(sender, gateway, can, to),
    )


def _no_media(sender: Sender, can: Capabilities) -> str:
    if can.media:
        return ""
    able = capabilities_of(sender.kind, mms_enabled=True)
    if able.mms and not sender.mms_enabled:
        return marked("Pictures are not enabled for this number")
    return marked("Its gateway can't send pictures") if able.mms else marked("It can't send pictures")


def _media_price(sender: Sender, gateway: Gateway, can: Capabilities, to: str) -> str:
    price = price_of(price_tables(sender, gateway), "mms", to, 1) if can.mms else None
    return f"MMS {price_text(price.micros, price.currency)}" if price and price.micros else ""


def _price_of(price: Price | None, language: Language) -> str:
    """What has no price is not free: nothing is said."""
    if price is None:
        return ""
    if not price.micros:
        return language.gettext(marked("Free"))
    return language.gettext(marked("%(price)s a part"), price=price_text(price.micros, price.currency))


def _id_of(sender: Sender, gateway: Gateway) -> str:
    """Sender and gateway where there is a choice; else the sender alone, which goes by its own rules."""
    sender_id = format_id("snd", sender.id)
    return sender_id if len(sender.gateway_ids) < 2 else f"{sender_id}{_THROUGH}{format_id('gtw', gateway.id)}"


def chosen_from(text: str) -> tuple[str | None, int | None]:
    """What a form's From says: a sender, and perhaps the gateway it shall leave through."""
    sender, _, gateway = text.partition(_THROUGH)
    try:
        return sender or None, parse_id(gateway, "gtw") if gateway else None
    except ValueError:
        return sender or None, None


def _barred(gateway: Gateway, can: Capabilities, kind: AddressKind | None) -> str:
    if gateway.paused or not gateway.enabled:
        return marked("This gateway is paused") if gateway.paused else marked("This gateway is off")
    if not can.outbound:
        return marked("It cannot send")
    if kind is not None and can.email != (kind is AddressKind.EMAIL):
        return marked("For e-mail addresses only") if can.email else marked("For phone numbers only")
    return ""


def _can(can: Capabilities, language: Language) -> str:
    _ = language.gettext
    if can.email:
        return _("Email")
    names = [name for name, able in (("SMS", can.sms), ("MMS", can.mms), ("WhatsApp", can.whatsapp)) if able]
    able = " + ".join(names) or _("Nothing")
    return able if can.reply else _("%(able)s, no replies", able=able)


def price_text(micros: int, currency: str) -> str:
    """`$0.0075`; a currency without a sign of its own stands behind."""
    amount = f"{Decimal(micros).scaleb(-6).normalize():f}"
    sign = _SYMBOLS.get(currency)
    return f"{sign}{amount}" if sign else f"{amount} {currency}".strip()


def _reason(found: Preview | None) -> str:
    if found is None or found.composition is None:
        return ""
    for vote in found.composition.route.votes:
        if vote.accepted:
            return _REASONS.get(vote.resolver, marked("Shared number"))
    return ""


def _plugin(gateway: Gateway) -> str:
    return gateway.plugin.removeprefix("sms_").replace("_", " ").capitalize()


def uncounted(refusal: str) -> dict[str, Any]:
    """The same of what can't become a message at all."""
    return {"units": 0, "segments": 0, "limit": 160, "refusal": refusal}


def counted(found: Preview, language: Language) -> dict[str, Any]:
    """What the live counter shows of a preview, as JSON."""
    composed = found.composition
    refusals = [one for one in found.refusals if one.code != "empty"]
    refusal = told(language, refusals[0].message) if refusals else ""
    if composed is None:
        return uncounted(refusal)
    notices = [*([composed.form] if composed.form else []), *(one.message for one in composed.notices)]
    ucs2 = composed.encoding == "ucs2"
    whole, part = (70, 67) if ucs2 else (160, 153)
    plainer = {one.char: one.replacement for one in found.costly}
    return {
        "text": composed.text,
        "encoding": composed.encoding or "",
        "units": composed.units,
        "segments": composed.segments,
        "limit": whole if composed.units <= whole else part,
        "costly": found.costly[0].char if found.costly else "",
        # Offered only where it helps: one character that stays makes the whole text as dear as before.
        "plain": {} if None in plainer.values() else plainer,
        "cost": composed.price.micros if composed.price else 0,
        "channel": composed.channel,
        "sender": composed.route.sender.value if composed.route.sender else "",
        "refusal": refusal,
        "notice": " ".join(told(language, one) for one in notices),
        "currency": composed.price.currency if composed.price else "",
    }
