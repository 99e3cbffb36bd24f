"""Waking those who wait for something to happen. A wake-up is a hint: losing one costs latency, never a message."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from gateway.domain.events import EventType
from gateway.domain.model import Event
from gateway.domain.status import Status

EVENTS = "events"  # something was appended to a log
SENDS = "sends"  # a send may be due
WORK = "work"  # some other work may be due


class Bell(Protocol):
    """One waiter's ear for a topic. A wake-up that comes while it isn't waiting is remembered for the next wait."""

    async def wait(self, seconds: float) -> bool:
        """True when woken, False after so many seconds."""
        ...

    def close(self) -> None:
        """Hears no more."""
        ...


class Wakeups(Protocol):
    """The seam: in one process asyncio, between nodes later a message bus. All nodes also look by themselves."""

    def wake(self, topic: str) -> None:
        """Wakes everyone who listens to the topic."""
        ...

    def listen(self, topic: str) -> Bell:
        """A new ear for a topic."""
        ...

    async def wait(self, topic: str, seconds: float) -> bool:
        """Waits once; only a wake-up from now on counts."""
        ...


class LocalBell:
    """A bell of this process."""

    def __init__(self, ears: "set[LocalBell]") -> None:
        self._ears = ears
        self._rung = asyncio.Event()
        ears.add(self)

    def ring(self) -> None:
        """Wakes the waiter, now or at its next wait."""
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """True when woken, False after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    def close(self) -> None:
        """Hears no more."""
        self._ears.discard(self)


class LocalWakeups:
    """Within one process. Not for use by several threads."""

    def __init__(self) -> None:
        self._ears: dict[str, set[LocalBell]] = {}

    def wake(self, topic: str) -> None:
        """Wakes everyone in this process who listens to the topic."""
        for bell in tuple(self._ears.get(topic, ())):
            bell.ring()

    def listen(self, topic: str) -> LocalBell:
        """A new ear for a topic."""
        return LocalBell(self._ears.setdefault(topic, set()))

    async def wait(self, topic: str, seconds: float) -> bool:
        """Waits once; only a wake-up from now on counts."""
        bell = self.listen(topic)
        try:
            return await bell.wait(seconds)
        finally:
            bell.close()


_MAKES_SENDS = frozenset({EventType.MESSAGE_QUEUED, EventType.MESSAGE_STATUS_CHANGED, EventType.SETTINGS_CHANGED})
# On its plain way out a message makes none due; whoever sent it wakes the next of its thread.
_PLAIN = frozenset({Status.SENDING, Status.SENT, Status.DELIVERED, Status.READ})


def notify(wakeups: Wakeups, events: Sequence[Event]) -> None:
    """For `Writer.on_commit`: wakes followers, and the sender where a send may have become due."""
    wakeups.wake(EVENTS)
    if any(event.type in _MAKES_SENDS and event.data.get("status") not in _PLAIN for event in events):
        wakeups.wake(SENDS)
