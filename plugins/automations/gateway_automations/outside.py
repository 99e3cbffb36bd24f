"""Telling somebody outside of the thread: the team, or a program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from gateway.sdk import ActionRefused, SendError, SendErrorKind, setting
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import Action

LATER = frozenset({408, 425, 429})
"""Refusals that a program takes back."""


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """Who is told, and what."""

    target: str = setting(label="Whom", hint="A user, a group, an e-mail address or a number.")
    body: str = setting(label="Text", lines=3, liquid=True)

    def __post_init__(self) -> None:
        """Somebody."""
        if not self.target.strip():
            raise ValueError("Name a user, a group, an e-mail address or a number.")


async def notify(context: PluginContext, event: EventView, settings: NotifySettings) -> None:
    """Where the user wants notices, and not in their quiet hours."""
    await context.execute("notify", target=settings.target.strip(), body=settings.body)


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """A program's address."""

    url: str = setting(label="URL", hint="It is sent what is known of the event, as JSON.", url=True)
    headers: dict[str, str] = field(default_factory=dict, metadata={"label": "Headers", "liquid": False})

    def __post_init__(self) -> None:
        """Headers that can be sent."""
        for name, value in self.headers.items():
            if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum() or "\n" in value:
                raise ValueError(f"“{name[:40]}” is no header.")


async def call_webhook(context: PluginContext, event: EventView, settings: WebhookSettings) -> Mapping[str, Any]:
    """Tried again until it is taken; `webhook-id` stays the same over all tries."""
    said = {
        "type": event.type,
        "timestamp": datetime.fromtimestamp(event.at / 1000, UTC).isoformat(),
        "sequence": event.position,
        "data": dict(context.values),
    }
    headers = {**settings.headers, "Content-Type": "application/json", "webhook-id": context.once}
    answer = await context.http.request("POST", settings.url, headers=headers, body=json.dumps(said).encode())
    if answer.status < 300:
        return {"status": answer.status}
    sentence = f"{urlsplit(settings.url).hostname} answered {answer.status}."
    if 400 <= answer.status < 500 and answer.status not in LATER:
        raise ActionRefused(sentence)
    raise SendError(SendErrorKind.UNAVAILABLE, sentence)


NOTIFY = Action("notify", "Notify somebody", NotifySettings, notify, "notify {target}")
CALL_WEBHOOK = Action("call_webhook", "Call a webhook", WebhookSettings, call_webhook, "call {url}")
