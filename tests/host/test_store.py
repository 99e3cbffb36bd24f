"""A plugin's documents and journals, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.host.store import Documents
from gateway.storage.connect import open_database


@asynccontextmanager
async def documents(url: str) -> AsyncIterator[Documents]:
    database = open_database(url)
    await database.open()
    try:
        yield Documents(database)
    finally:
        await database.close()


async def test_documents_are_each_ones_own(database_url: str) -> None:
    async with documents(database_url) as opened:
        one, other = opened.store(1, "shop", 5), opened.store(1, "shop", 6)
        await one.put("key", {"a": [1, "ü"]})
        await one.put("key", {"a": [2]})
        assert await one.get("key") == {"a": [2]}
        assert await other.get("key") is None
        assert await opened.store(2, "shop", 5).get("key") is None
        await one.delete("key")
        assert await one.get("key") is None


async def test_a_journal_keeps_its_order_and_its_newest(database_url: str) -> None:
    async with documents(database_url) as opened:
        store = opened.store(1, "shop", 5)
        positions = await asyncio.gather(*(store.append("sent", number, keep=5) for number in range(12)))
        assert positions == list(range(1, 13))
        assert await store.read("sent") == [(8, 7), (9, 8), (10, 9), (11, 10), (12, 11)]
        assert await store.read("sent", after=9, limit=2) == [(10, 9), (11, 10)]
        assert await store.append("sent1", "another") == 1
        assert await store.append("sent", 12, keep=5) == 13
        assert len(await store.read("sent")) == 5


async def test_two_nodes_append_in_one_order(database_url: str) -> None:
    async with documents(database_url) as one, documents(database_url) as other:
        stores = [opened.store(1, "shop", 5) for opened in (one, other)]
        positions = await asyncio.gather(*(stores[number % 2].append("sent", number) for number in range(40)))
        assert sorted(positions) == list(range(1, 41))
        assert [value for _, value in await stores[0].read("sent")] == [
            number for _, number in sorted(zip(positions, range(40), strict=True))
        ]
