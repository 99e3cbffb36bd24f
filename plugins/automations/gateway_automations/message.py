"""Writing to the contact the event is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gateway.sdk import ActionRefused, setting
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import Action


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """Words of one's own, or a template of the team's."""

    body: str | None = setting(None, label="Text", hint="Liquid: {{ contact.first_name }}.", lines=3, liquid=True)
    template: str | None = setting(None, label="Template", hint="Instead of a text.", names="template")
    from_: str | None = setting(None, label="From", hint="Empty: the number last used.", names="sender")
    channel: Literal["sms", "mms", "email", "whatsapp"] | None = setting(None, label="Channel")
    subject: str | None = setting(None, label="Subject", hint="Of an e-mail.", liquid=True)

    def __post_init__(self) -> None:
        """One of the two."""
        if bool(self.body) is bool(self.template):
            raise ValueError("Write a text, or choose a template.")


async def send(context: PluginContext, event: EventView, settings: MessageSettings) -> Mapping[str, Any]:
    """Through consent, quiet hours and routing, as everything that a machine sends."""
    whom: dict[str, Any] = {}
    if event.thread_id is not None:
        whom["thread_id"] = event.thread_id
    elif event.contact_id is not None:
        whom["contact_id"] = event.contact_id
    else:
        raise ActionRefused("This event is about nobody who could be written to.")
    made = await context.execute(
        "send_message",
        body=settings.body or settings.template or "",
        from_=settings.from_ or None,
        channel=settings.channel,
        subject=settings.subject or None,
        **whom,
    )
    return {"message_id": made}


SEND_MESSAGE = Action("send_message", "Send a message", MessageSettings, send, "send “{body}{template}”")
