"""Where the bytes of files go, as a worker sees it."""

from typing import Protocol


class BlobStore(Protocol):
    """Keeps bytes under names of its own making."""

    async def put(self, content: bytes) -> str:
        """Durable when this returns; the name to find them by."""
        ...
