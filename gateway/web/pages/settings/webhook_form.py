"""The form of a webhook: where to, which events, and what for."""

from collections.abc import Collection, Mapping, Sequence

from gateway.domain.record import record
from gateway.domain.webhooks import EVERYTHING, Webhook
from gateway.web.api.webhook_checks import event_types
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.forms import Faults
from gateway.web.pages.settings.webhook_words import EVENT_GROUPS, PLUGINS, named
from gateway.web.pages.views_shell import Choice

_EVENT = "event."


@record
class EventGroup:
    """A heading with the events below it, each a tick."""

    label: str
    choices: Sequence[Choice]


@record
class WebhookForm:
    """What stands in the form. `all` is the choice of everything."""

    action: str
    url: str
    description: str
    all: bool
    groups: Sequence[EventGroup]
    faults: Faults

    @property
    def insecure(self) -> bool:
        """Whether texts would go over an open line."""
        return self.url.startswith("http://")


def form_of(desk: Desk, action: str, hook: Webhook | None) -> WebhookForm:
    """As it is now; a new one begins with what most are for."""
    events: Collection[str] = hook.events if hook else ("message_received",)
    return WebhookForm(
        action, hook.url if hook else "", hook.description if hook else "", EVERYTHING in events,
        _groups(desk, events), {},
    )  # fmt: skip


def typed(desk: Desk, action: str, form: Mapping[str, str], faults: Faults) -> WebhookForm:
    """As it was sent, with what is wrong."""
    events = events_in(form)
    return WebhookForm(
        action, form.get("url", ""), form.get("description", ""), EVERYTHING in events, _groups(desk, events), faults
    )


def events_in(form: Mapping[str, str]) -> list[str]:
    """The types that were ticked, or everything."""
    if form.get("which") == "all":
        return [EVERYTHING]
    return [name.removeprefix(_EVENT) for name in form if name.startswith(_EVENT)]


def _groups(desk: Desk, ticked: Collection[str]) -> list[EventGroup]:
    _ = desk.language.gettext

    def choice(name: str) -> Choice:
        return Choice(named(name, desk.language), f"{_EVENT}{name}", aux=name, pressed=name in ticked)

    groups = [EventGroup(_(label), [choice(str(one)) for one in events]) for label, events in EVENT_GROUPS.items()]
    theirs = sorted(name for name, plugin in event_types(desk.state).items() if plugin)
    if theirs:
        groups.append(EventGroup(_(PLUGINS), [choice(name) for name in theirs]))
    return groups
