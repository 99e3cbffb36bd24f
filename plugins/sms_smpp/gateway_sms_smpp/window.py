"""The window: how many requests may be unanswered at once."""

import asyncio

from gateway_sms_smpp.failures import WindowFullError


class Window:
    """`size` slots, given out in the order they are asked for; nobody waits longer than `patience` seconds."""

    def __init__(self, size: int, patience: float) -> None:
        self._slots = asyncio.Semaphore(size)
        self._patience = patience

    async def take(self) -> None:
        """A slot. Raises WindowFullError."""
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._slots.acquire()
        except TimeoutError:
            raise WindowFullError(self._patience) from None

    def give(self) -> None:
        """A slot back."""
        self._slots.release()
