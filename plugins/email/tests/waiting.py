"""Waiting for what happens outside of this process."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0


async def until(look: Callable[[], list[T]]) -> list[T]:
    """What `look` finds, as soon as it finds anything."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing came"
        await asyncio.sleep(0.05)
    return found
