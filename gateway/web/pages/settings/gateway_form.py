"""Adding and changing a gateway: its name, its limit, its prices, and the settings of its channel."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.domain.record import record
from gateway.domain.settings import Gateway
from gateway.host.settings import kept_secrets, redact_settings
from gateway.host.settings_form import describe
from gateway.sdk.channel import Channel
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import plugin_fields, price_fields
from gateway.web.pages.settings.fields import Field, Form

NAME = Field("name", marked("Name"), hint=marked("What your team calls it."), required=True)
RATE = Field(
    "rate",
    marked("Rate"),
    "number",
    hint=marked("Parts or requests a second, where the provider sets a limit. Empty: as fast as it goes."),
)


@record
class GatewayForm:
    """The form of one channel. `main` are its name and limit, `settings` come from the plugin, `prices` fold away."""

    plugin: str
    label: str
    action: str
    main: list[Field]
    settings: list[Field]
    prices: list[Field]
    problems: list[str]
    priced: bool

    def with_faults(self, form: Form) -> "GatewayForm":
        """What was typed, with a sentence at each field that needs mending."""
        faults = form.faults
        typed = [plugin_fields.refilled(one, form) for one in (self.main, self.settings, self.prices)]
        every = [field for fields in typed for field in fields]
        placed = {one.name: one for one in faults.place(every)}
        main, settings, prices = ([placed[one.name] for one in fields] for fields in typed)
        problems = [*faults.general] or [marked("Some fields need another look.")]
        return replace(
            self,
            main=main,
            settings=settings,
            prices=prices,
            problems=problems,
            priced=any(one.error for one in prices),
        )


def new_form(desk: Desk, channel: type[Channel], action: str) -> GatewayForm:
    """An empty form with the plugin's defaults."""
    label = desk.language.gettext(channel.label)
    main = [replace(NAME, value=label), RATE]
    settings = plugin_fields.drawn(describe(channel.Settings), {}, desk.language)
    return GatewayForm(channel.type, label, action, main, settings, price_fields.drawn({}), problems=[], priced=False)


def form_of(desk: Desk, gateway: Gateway, channel: type[Channel], action: str) -> GatewayForm:
    """The form with what is stored; of secrets only whether they are."""
    shown = redact_settings(channel.Settings, gateway.settings)
    kept = kept_secrets(channel.Settings, gateway.settings, desk.state.secrets)
    main = [
        replace(NAME, value=gateway.name),
        replace(RATE, value="" if gateway.rate is None else f"{gateway.rate:g}"),
    ]
    settings = plugin_fields.drawn(describe(channel.Settings), shown, desk.language, kept)
    return GatewayForm(
        channel.type,
        desk.language.gettext(channel.label),
        action,
        main,
        settings,
        price_fields.drawn(gateway.prices),
        problems=[],
        priced=bool(gateway.prices),
    )


def read(channel: type[Channel], form: Form) -> Mapping[str, Any]:
    """The body of the API's request. Faults of reading are in `form.faults`."""
    return {
        "name": form.required("name", marked("Give it a name.")),
        "settings": plugin_fields.read(describe(channel.Settings), form),
        "rate": form.rate("rate"),
        "prices": price_fields.read(form),
    }
