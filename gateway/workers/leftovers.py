"""Bytes that nothing names any more: an erased contact's at once, those a crash left behind after a while."""

from functools import partial

from gateway.domain.model import Work
from gateway.host.pace import Pace
from gateway.storage.blobs import FileBlobs
from gateway.storage.database import Database
from gateway.storage.files_in_use import named

UNNAMED_KEPT_S = 7 * 86_400.0
"""A file is on disk before its message is stored, and waits with it for as long as the database is away."""


class Leftovers:
    """Removes files, once nothing stored names them."""

    def __init__(self, database: Database, blobs: FileBlobs, pace: Pace) -> None:
        self._database = database
        self._blobs = blobs
        self._pace = pace

    async def erase(self, work: Work) -> None:
        """The file that `data["blob"]` names, unless another message has it too."""
        await self._remove([work.data["blob"]])

    async def sweep(self) -> int:
        """What no message came for within a week; answers how many files that were."""
        removed = 0
        async for names in self._blobs.older_than(self._pace.clock() / 1000 - UNNAMED_KEPT_S):
            removed += await self._remove(names)
        return removed

    async def _remove(self, blobs: list[str]) -> int:
        kept = await self._database.read(partial(named, blobs=blobs))
        gone = [blob for blob in blobs if blob not in kept]
        for blob in gone:
            await self._blobs.delete(blob)
        return len(gone)
