"""A store that has been in use for years, made once and kept outside the repository."""

import asyncio
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from inspect import getsource
from pathlib import Path
from typing import Any

from bench import copies, sample_threads
from bench.sample_threads import APART, FIRST_DAY, Rows
from gateway.core.installation import ensure_workspace
from gateway.domain.ids import IdSource
from gateway.storage import migrations, search
from gateway.storage.connect import open_database
from gateway.storage.migrate import migrate

SEED = 10_000
"""Threads that are made one by one; larger stores are copies of these, side by side."""

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Store:
    """A database and what to ask it: a workspace, a person who sees everything, some threads, a name and a number."""

    path: Path
    workspace_id: int
    user_id: int
    thread_ids: tuple[int, ...]
    threads: int

    @property
    def url(self) -> str:
        """For `open_database`."""
        return f"sqlite:///{self.path}"


def store_of(threads: int) -> Store:
    """That many threads, a multiple of `SEED`, and five times as many messages; made on first use."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onethread-bench"
    path = folder / f"{threads}-{_shape()}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        making = path.with_suffix(".making")
        making.unlink(missing_ok=True)
        asyncio.run(_make(making))
        copies.fill(making, SEED, threads // SEED)
        making.rename(path)
    return _described(path, threads)


def _shape() -> str:
    """Names what the files of a store depend on: the tables, and how they are filled."""
    versions = sorted((Path(migrations.__file__).parent / "versions").glob("*.py"))
    makers: tuple[Any, ...] = (sample_threads, copies, search.endings_of, search.words_of)
    sources = [*(version.read_text("utf-8") for version in versions), *(getsource(maker) for maker in makers)]
    return sha256("".join(sources).encode()).hexdigest()[:8]


def copy_of(store: Store, folder: Path) -> Path:
    """A copy to write to."""
    return Path(shutil.copyfile(store.path, folder / f"{store.threads}.db"))


def _described(path: Path, threads: int) -> Store:
    connection = sqlite3.connect(path)
    try:
        workspace_id = connection.execute("SELECT id FROM workspaces").fetchone()[0]
        user_id = connection.execute("SELECT id FROM users ORDER BY id LIMIT 1").fetchone()[0]
        rows = connection.execute("SELECT id FROM threads ORDER BY id LIMIT 1000").fetchall()
    finally:
        connection.close()
    return Store(path, workspace_id, user_id, tuple(row[0] for row in rows), threads)


async def _make(path: Path) -> None:
    url = f"sqlite:///{path}"
    await migrate(url)
    database = open_database(url)
    await database.open()
    clock = [FIRST_DAY]
    ids = IdSource(1, lambda: clock[0])
    rnd = random.Random(SEED)
    try:
        workspace, _ = await ensure_workspace(database, ids, lambda: clock[0], "Harbour & Pine")
        setting = await database.write(partial(sample_threads.settle, workspace_id=workspace.id, ids=ids))
        for start in range(0, SEED, _CHUNK):
            rows = Rows()
            for number in range(start, start + _CHUNK):
                clock[0] = FIRST_DAY + number * APART
                sample_threads.add_thread(rows, setting, ids, rnd, number, clock[0])
            await database.write(partial(sample_threads.store, rows=rows))
    finally:
        await database.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()


def samples(store: Store, count: int) -> Iterator[int]:
    """Threads to look at, spread over the store."""
    step = max(1, len(store.thread_ids) // count)
    yield from store.thread_ids[::step][:count]
