"""Devices that want to be told."""

from dataclasses import dataclass

from gateway.core.commands.base import Command
from gateway.domain.push import PushSubscription


@dataclass(frozen=True, slots=True)
class SubscribePush(Command[PushSubscription]):
    """A browser of the caller's. One that was another's is the caller's from now on."""

    endpoint: str
    p256dh: str
    auth: str
    session_id: int | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class UnsubscribePush(Command[None]):
    """That browser is told nothing any more; the system says so of one that is gone."""

    subscription_id: int
