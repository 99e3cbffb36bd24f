"""Registers the notifier."""

from collections.abc import Sequence

from gateway.sdk import hookimpl
from gateway.sdk.registration import Notifier
from gateway_notify.sending import send
from gateway_notify.targets import complaint

HINT = "slack://…, workflows://…, tgram://…, ntfy://…, json://… as Apprise writes them. It is kept sealed."


@hookimpl
def register_notifiers() -> Sequence[Notifier]:
    """One for all services that Apprise knows."""
    return (Notifier("apprise", "Chat service", send, complaint, HINT),)
