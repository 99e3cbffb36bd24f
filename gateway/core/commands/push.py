"""Devices that want to be told."""

from gateway.core.commands.base import Command
from gateway.domain.push import PushSubscription
from gateway.domain.record import record


@record
class SubscribePush(Command[PushSubscription]):
    """A browser of the caller's. One that was another's is the caller's from now on."""

    endpoint: str
    p256dh: str
    auth: str
    session_id: int | None = None
    label: str | None = None


@record
class UnsubscribePush(Command[None]):
    """That browser is told nothing any more; the system says so of one that is gone."""

    subscription_id: int
