"""Beginning a form with, and asking a poll of, the contact an event is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.sdk import ActionRefused, hookimpl, setting
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import Action


@dataclass(frozen=True, slots=True)
class FormSettings:
    """Which form."""

    form: str = setting(label="Form", names="form")
    from_: str | None = setting(None, label="From", hint="Empty: the number last used.", names="sender")


@dataclass(frozen=True, slots=True)
class PollSettings:
    """Which poll."""

    poll: str = setting(label="Poll", names="poll")
    from_: str | None = setting(None, label="From", hint="Empty: the number last used.", names="sender")


async def start_form(context: PluginContext, event: EventView, settings: FormSettings) -> Mapping[str, Any]:
    """The first question leaves; the answers come in by themselves."""
    made = await context.execute("start_form", form_id=settings.form, from_=settings.from_ or None, **_whom(event))
    return {"response_id": made}


async def ask_poll(context: PluginContext, event: EventView, settings: PollSettings) -> Mapping[str, Any]:
    """The question leaves with its choices; the next message may be the vote."""
    made = await context.execute("ask_poll", poll_id=settings.poll, from_=settings.from_ or None, **_whom(event))
    return {"message_id": made}


def _whom(event: EventView) -> dict[str, int]:
    if event.thread_id is not None:
        return {"thread_id": event.thread_id}
    if event.contact_id is not None:
        return {"contact_id": event.contact_id}
    raise ActionRefused("This event is about nobody who could be asked.")


@hookimpl
def register_actions() -> Sequence[Action]:
    """In the order in which a form offers them."""
    return (
        Action("start_form", "Start a form", FormSettings, start_form, "start the form {form}"),
        Action("ask_poll", "Ask a poll", PollSettings, ask_poll, "ask the poll {poll}"),
    )
