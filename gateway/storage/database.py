"""The database as the rest of Onethread sees it: run this function in a transaction."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from gateway.storage.session import Session

T = TypeVar("T")


class StorageUnavailable(Exception):
    """The database can't be reached, is locked, or its disk is full. Nothing was stored; try again later."""


class Conflict(Exception):
    """Another writer was first (a unique key, a deadlock, a serialisation failure). Load again and decide again."""


class Database(ABC):
    """`read` sees one consistent snapshot and writes nothing; `write` commits when its function returns.

    Both raise StorageUnavailable; `write` also Conflict. The function must not await and must not keep the session.
    `concurrent_writes` says how many writes may usefully be under way at once.
    """

    dialect: str
    concurrent_writes: int

    @abstractmethod
    async def open(self) -> None:
        """Connects. Migrations are run by `storage/migrate.py` before the first use."""

    @abstractmethod
    async def close(self) -> None:
        """Gives the connections back."""

    @abstractmethod
    async def read(self, function: Callable[[Session], T]) -> T:
        """Runs `function` in a read-only snapshot."""

    @abstractmethod
    async def write(self, function: Callable[[Session], T], *, durable: bool = True) -> T:
        """Runs `function` in a transaction, durable when this returns.

        Without `durable` it is so with the next transaction that is: for what may be lost with the machine's power
        because nothing that leaves the process rests on it, like a lease on work that has not begun.
        """
