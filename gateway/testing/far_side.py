"""What the contract asks of the far side of a channel's wire, whatever is spoken on it."""

from typing import Any, Protocol

from gateway.sdk.faults import Dials
from gateway.testing.log import Log


class FarSide(Protocol):
    """A provider, a message centre, a mail server: `FakeProvider`, `FakeSmsc`, `FakeMailServer`, or one's own."""

    @property
    def heard(self) -> Log[Any]:
        """What it was asked, in order."""

    async def open(self) -> None:
        """Listens on loopback."""

    async def close(self) -> None:
        """Ends, and lets go of whoever still waits."""

    async def turn(self, dials: Dials) -> None:
        """From now on its network behaves so."""

    def hold(self) -> None:
        """Answers wait until `release`; what is asked is heard."""

    def release(self) -> None:
        """Answers go out."""

    def texts(self) -> list[str]:
        """Every text it understood, in order."""
