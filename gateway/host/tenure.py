"""Holding a lease: taken once, renewed while wanted, given back."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from gateway.storage import leases
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.storage.leases import Lease

LEASE_MS = 15_000
"""Shorter than a lease of work: a dead node's binds are silent until it ends, and holding one twice does no harm."""


class Tenure:
    """One node's wish to hold the lease `name`."""

    def __init__(
        self,
        database: Database,
        name: str,
        owner: str,
        *,
        lease_ms: int = LEASE_MS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._database = database
        self._name = name
        self._owner = owner
        self._lease_ms = lease_ms
        self._lease: Lease | None = None

    @property
    def held(self) -> bool:
        """Whether it was ours at the last look."""
        return self._lease is not None

    async def take(self) -> bool:
        """Takes the lease if it is free. False while another holds it, or nobody can tell."""
        try:
            self._lease = await self._database.write(
                partial(leases.acquire, name=self._name, owner=self._owner, ttl_ms=self._lease_ms)
            )
        except (StorageUnavailable, Conflict):
            self._lease = None
        return self._lease is not None

    async def keep(self) -> None:
        """Renews every third of the lease; returns when it is another's.

        While the database can't be reached nobody else can take the lease either, and this node, which can store
        nothing but in its spool and send nothing, does no harm by staying: its binds go on taking messages in.
        """
        while self._lease is not None:
            await self._sleep(self._lease_ms / 3000)
            try:
                renew = partial(leases.renew, lease=self._lease, ttl_ms=self._lease_ms)
                renewed = await self._database.write(renew)
                if renewed is None:  # it ended while the database was away; perhaps nobody took it
                    await self.take()
                else:
                    self._lease = renewed
            except (StorageUnavailable, Conflict):
                continue

    async def give_back(self) -> None:
        """Lets the next owner begin at once; if that fails, it begins when the lease ends."""
        lease, self._lease = self._lease, None
        if lease is not None:
            try:
                await self._database.write(partial(leases.release, lease=lease))
            except (StorageUnavailable, Conflict):
                return
