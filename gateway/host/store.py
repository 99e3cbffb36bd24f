"""`ctx.store`: a plugin's documents and journals. Writes that come together are committed together."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from gateway.host.batching import Batcher
from gateway.storage import plugin_documents
from gateway.storage.database import Conflict, Database
from gateway.storage.plugin_documents import Namespace
from gateway.storage.session import Session

JOURNAL_KEEPS = 10_000
_TRIES = 5

_Write = Callable[[Session], Any]


class Documents:
    """The documents of every plugin of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.write: Batcher[_Write, Any] = Batcher(self._write_all)

    def store(self, workspace_id: int, plugin: str, gateway_id: int = 0) -> "PluginStore":
        """The store of one gateway, or of the plugin itself. Raises, as every use of it may, StorageUnavailable."""
        return PluginStore(self, Namespace(workspace_id, plugin, gateway_id))

    async def read(self, function: Callable[[Session], Any]) -> Any:
        """Runs a read."""
        return await self._database.read(function)

    async def _write_all(self, writes: Sequence[_Write]) -> Sequence[Any]:
        for _ in range(_TRIES - 1):
            try:
                return await self._database.write(lambda session: [write(session) for write in writes])
            except Conflict:
                continue
        return await self._database.write(lambda session: [write(session) for write in writes])


class PluginStore:
    """Documents by key and journals by name, of one namespace. This is the `store` of a context."""

    def __init__(self, documents: Documents, namespace: Namespace) -> None:
        self._documents = documents
        self._namespace = namespace

    async def get(self, key: str) -> Any:
        """A document, or None."""
        return await self._documents.read(partial(plugin_documents.get, namespace=self._namespace, key=key))

    async def put(self, key: str, value: Any) -> None:
        """Durable when this returns."""
        await self._documents.write(partial(plugin_documents.put, namespace=self._namespace, key=key, value=value))

    async def delete(self, key: str) -> None:
        """Forgets a document; nothing happens if there is none."""
        await self._documents.write(partial(plugin_documents.remove, namespace=self._namespace, key=key))

    async def append(self, journal: str, value: Any, *, keep: int = JOURNAL_KEEPS) -> int:
        """Adds to the end of a journal and returns the value's position, from 1, in the order of commits."""
        positions = await self._documents.write(
            partial(plugin_documents.append, namespace=self._namespace, journal=journal, values=[value], keep=keep)
        )
        return int(positions[0])

    async def read(self, journal: str, after: int = 0, limit: int = 100) -> Sequence[tuple[int, Any]]:
        """Up to `limit` (position, value) of a journal beyond `after`, ascending."""
        found: Sequence[tuple[int, Any]] = await self._documents.read(
            partial(plugin_documents.read, namespace=self._namespace, journal=journal, after=after, limit=limit)
        )
        return found
