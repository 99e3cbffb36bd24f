"""The real store of plugins on a database of its own, made when it is first used: most channels never do."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.host.store import Documents
from gateway.storage.connect import open_database
from gateway.storage.database import Database
from gateway.storage.migrate import migrate
from gateway.storage.session import Session


class StageDocuments(Documents):
    """SQLite in `folder`. A second stage on the same folder finds what the first one stored."""

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite:///{folder / 'stage.db'}"
        self._later = _Later(self._url)
        super().__init__(self._later)  # type: ignore[arg-type]  # it reads and writes

    async def close(self) -> None:
        """Gives the database back, if there is one."""
        await self._later.close()


class _Later:
    """A database that is opened by its first read or write."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._database: Database | None = None
        self._opening = asyncio.Lock()

    async def read(self, function: Callable[[Session], Any]) -> Any:
        return await (await self._opened()).read(function)

    async def write(self, function: Callable[[Session], Any]) -> Any:
        return await (await self._opened()).write(function)

    async def close(self) -> None:
        if self._database is not None:
            await self._database.close()

    async def _opened(self) -> Database:
        async with self._opening:
            if self._database is None:
                await migrate(self._url)
                database = open_database(self._url)
                await database.open()
                self._database = database
            return self._database
