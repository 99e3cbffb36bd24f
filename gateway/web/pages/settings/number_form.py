"""Adding and changing one of our numbers: what it is, its gateways in their order, what is added to its texts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.sender import SenderKind
from gateway.domain.settings import GatewayChoice, Sender
from gateway.web.language import marked
from gateway.web.pages.settings import plugin_fields, price_fields
from gateway.web.pages.settings.fields import Field, Form, Option

KINDS: Mapping[SenderKind, str] = {
    SenderKind.LONG_CODE: marked("Phone number"),
    SenderKind.SHORT_CODE: marked("Short code"),
    SenderKind.TOLL_FREE: marked("Toll-free number"),
    SenderKind.ALPHANUMERIC: marked("Name (one-way)"),
    SenderKind.WHATSAPP: marked("WhatsApp number"),
    SenderKind.EMAIL: marked("E-mail address"),
}
CHOICES: Mapping[GatewayChoice, str] = {
    GatewayChoice.LAST_USED: marked("The one used with the contact before, else the first"),
    GatewayChoice.ORDER: marked("Always the first that is well"),
    GatewayChoice.CHEAPEST: marked("The cheapest for the destination"),
    GatewayChoice.WEIGHT: marked("Contacts are spread by weight"),
}
PLACE, WEIGHT = "place.", "weight."
NOT_USED = ""


@record
class Serving:
    """A gateway that may serve the number: its place among those that do ("" for none), and its weight."""

    id: str
    name: str
    plugin: str
    place: str
    weight: str
    error: str = ""


@record
class NumberForm:
    """The form. `fixed` is the value of a number that is there: kind and value never change."""

    action: str
    fixed: str
    main: list[Field]
    serving: list[Serving]
    choice: Field
    prices: list[Field]
    problems: list[str]
    priced: bool

    @property
    def places(self) -> list[str]:
        """What a gateway's place can be."""
        return [str(place) for place in range(1, len(self.serving) + 1)]

    def with_faults(self, form: Form) -> "NumberForm":
        """What was typed, with a sentence at each field that needs mending."""
        typed = [plugin_fields.refilled(one, form) for one in (self.main, [self.choice], self.prices)]
        gateways = Field("gateway_ids", ""), Field("gateway_weights", "")
        placed = {one.name: one for one in form.faults.place([*(f for fields in typed for f in fields), *gateways])}
        main, choice, prices = ([placed[one.name] for one in fields] for fields in typed)
        sentence = placed["gateway_ids"].error or placed["gateway_weights"].error
        serving = [
            replace(
                one,
                place=form.text(PLACE + one.id),
                weight=form.text(WEIGHT + one.id),
                error=form.faults.of(WEIGHT + one.id),
            )
            for one in self.serving
        ]
        problems = [*([sentence] if sentence else []), *form.faults.general]
        return replace(
            self,
            main=main,
            choice=choice[0],
            prices=prices,
            serving=serving,
            problems=problems or [marked("Some fields need another look.")],
            priced=any(one.error for one in prices),
        )


def form_of(view: WorkspaceView, sender: Sender | None, action: str) -> NumberForm:
    """Empty, or with what is stored."""
    main = [
        Field(
            "label",
            marked("Name"),
            value=(sender.label or "") if sender else "",
            hint=marked("What your team calls it."),
        ),
        Field(
            "append_text",
            marked("Appended message"),
            "area",
            (sender.append_text or "") if sender else "",
            marked("Added to the end of what is sent from it, and counted."),
            wide=True,
        ),
        Field(
            "mms_enabled",
            marked("Sends MMS"),
            "boolean",
            "on" if sender and sender.mms_enabled else "",
            marked("Where the provider has enabled it, for phone numbers and short codes."),
        ),
        Field(
            "rate",
            marked("Rate"),
            "number",
            "" if sender is None or sender.rate is None else f"{sender.rate:g}",
            marked("Parts a second. Empty: no limit of its own."),
        ),
    ]
    if sender is None:
        kinds = [Option(kind, label) for kind, label in KINDS.items()]
        main = [
            Field("kind", marked("Kind"), "choice", SenderKind.LONG_CODE, options=kinds),
            Field(
                "value",
                marked("Number, name or address"),
                hint=marked("A number with + and its country: +1 415 555 0132."),
                required=True,
            ),
            *main,
        ]
    options = [Option(choice, label) for choice, label in CHOICES.items()]
    chosen = sender.gateway_choice if sender else GatewayChoice.LAST_USED
    prices = sender.prices if sender else {}
    return NumberForm(
        action=action,
        fixed=sender.value if sender else "",
        main=main,
        serving=_serving(view, sender),
        choice=Field(
            "gateway_choice", marked("Of several, which one sends"), "choice", chosen, options=options, wide=True
        ),
        prices=price_fields.drawn(prices),
        problems=[],
        priced=bool(prices),
    )


def _serving(view: WorkspaceView, sender: Sender | None) -> list[Serving]:
    """Those that serve it first, in their order; of a new number the only gateway there is."""
    gateways = list(view.live(view.gateways))
    ids = list(sender.gateway_ids) if sender else [one.id for one in gateways] if len(gateways) == 1 else []
    weights = sender.gateway_weights if sender else {}
    gateways.sort(key=lambda one: ids.index(one.id) if one.id in ids else len(ids))
    return [
        Serving(
            format_id("gtw", one.id),
            one.name,
            one.plugin,
            str(ids.index(one.id) + 1) if one.id in ids else NOT_USED,
            str(weights.get(str(one.id), "")),
        )
        for one in gateways
    ]


def read(form: Form, view: WorkspaceView, *, new: bool) -> dict[str, Any]:
    """The body of the API's request. Faults of reading are in `form.faults`."""
    offered = [format_id("gtw", one.id) for one in view.live(view.gateways)]
    placed = [(form.integer(PLACE + one), one) for one in offered]
    serving = [one for place, one in sorted((p, one) for p, one in placed if p is not None)]
    weights = {one: form.integer(WEIGHT + one) for one in serving}
    body: dict[str, Any] = {
        "label": form.text("label") or None,
        "append_text": form.text("append_text") or None,
        "mms_enabled": form.is_on("mms_enabled"),
        "rate": form.rate("rate"),
        "gateway_ids": serving,
        "gateway_choice": form.chosen("gateway_choice", set(GatewayChoice)),
        "gateway_weights": {one: weight for one, weight in weights.items() if weight is not None},
        "prices": price_fields.read(form),
    }
    if new:
        body["kind"] = form.chosen("kind", set(SenderKind))
        body["value"] = form.required("value", marked("Enter the number, name or address."))
    return body
