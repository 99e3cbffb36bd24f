"""Scenario: whether a large store is as quick to read, to search and to write to as a small one."""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median

from bench.dataset import Store, copy_of, samples, store_of
from bench.effort import Effort
from bench.ingest import ingest_cost
from bench.report import Finding, Section
from bench.sample_threads import number_of
from bench.spread import Spread, ratios, short, spread
from gateway.storage import thread_reads
from gateway.storage.connect import open_database
from gateway.storage.database import Database
from gateway.storage.find import find_contacts, find_messages
from gateway.storage.inbox import conversation_page
from gateway.storage.ranges import View
from gateway.storage.session import Session
from gateway.storage.sight import Sight
from gateway.storage.view_query import ViewQuery

SMALL = 10_000
_BATCHES = 30

Read = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Question:
    """Something a page asks, many times over with other values."""

    name: str
    reads: Callable[[Store], Sequence[Read]]


def measure(effort: Effort) -> Section:
    """Reads of the small and the large store in turns, then writes to an empty one and to a copy of the large one."""
    small, large = store_of(SMALL), store_of(effort.threads)
    findings = asyncio.run(_reads(small, large, effort))
    findings.append(_ingest(large, effort))
    return Section(
        "Inbox",
        f"The storage read models on SQLite: {large.threads:,} threads with {large.threads * 5:,} messages against "
        f"{SMALL:,} threads; medians, in turns.",
        findings,
    )


async def _reads(small: Store, large: Store, effort: Effort) -> list[Finding]:
    databases = [open_database(store.url) for store in (small, large)]
    for database in databases:
        await database.open()
    try:
        return [await _compare(question, (small, large), databases, effort) for question in QUESTIONS]
    finally:
        for database in databases:
            await database.close()


async def _compare(
    question: Question, stores: tuple[Store, Store], databases: Sequence[Database], effort: Effort
) -> Finding:
    times: tuple[list[float], list[float]] = ([], [])
    repeats = 20 if effort.quick else 60
    for number in range(effort.rounds + 1):
        for store, database, seen in zip(stores, databases, times, strict=True):
            taken = await database.read(partial(_timed, reads=question.reads(store), repeats=repeats))
            if number:  # the first round only warms
                seen.append(taken)
    small, large = (short(spread(seen).median * 1000) for seen in times)
    return Finding(
        question.name, ratios(times[1], times[0]), "x", 3, 1.2, most=True, detail=f"p50 {small} ms and {large} ms"
    )


def _timed(session: Session, reads: Sequence[Read], repeats: int) -> float:
    taken = []
    for _, read in zip(range(repeats), cycle(reads), strict=False):
        begun = time.perf_counter()
        read(session)
        taken.append(time.perf_counter() - begun)
    return median(taken)


def _inbox(store: Store) -> list[Read]:
    sight = Sight(store.workspace_id, store.user_id, frozenset())
    return [partial(conversation_page, query=ViewQuery(sight, view)) for view in (View.INBOX, View.OPEN)]


def _threads(store: Store) -> list[Read]:
    read = thread_reads.entries
    return [
        partial(read, workspace_id=store.workspace_id, thread_id=one, limit=50, before=thread_reads.LAST)
        for one in samples(store, 40)
    ]


def _names(store: Store) -> list[Read]:
    words = ("cleo ma", "tess", "arden", "milo", "birk")
    return [partial(find_contacts, workspace_id=store.workspace_id, q=word, limit=50) for word in words]


def _numbers(store: Store) -> list[Read]:
    rnd = random.Random(7)
    return [
        partial(find_contacts, workspace_id=store.workspace_id, q=number_of(rnd.randrange(SMALL))[-6:], limit=50)
        for _ in range(20)
    ]


def _words(store: Store) -> list[Read]:
    words = ("lighthouse", "parcel", "blue door", "invo")
    return [partial(find_messages, workspace_id=store.workspace_id, q=word, limit=50) for word in words]


QUESTIONS = (
    Question("a page of the inbox", _inbox),
    Question("newest 50 entries of a thread", _threads),
    Question("contacts by a fragment of their name", _names),
    Question("contacts by a fragment of their number", _numbers),
    Question("messages by a word", _words),
)


def _ingest(large: Store, effort: Effort) -> Finding:
    with tempfile.TemporaryDirectory(prefix="onethread-bench-") as name:
        folder = Path(name)
        path = copy_of(large, folder)
        full: list[float] = []
        empty: list[float] = []
        for number in range(effort.rounds):
            empty.append(asyncio.run(ingest_cost(folder / f"empty-{number}.db", _BATCHES, number)))
            full.append(asyncio.run(ingest_cost(path, _BATCHES, number)))
    return Finding(
        f"processor time of an inbound message, {large.threads * 5:,} stored against none",
        ratios(full, empty),
        "x",
        1.5,
        1.1,
        most=True,
        detail=f"{_us(empty)} µs and {_us(full)} µs in the writer's thread, batches of 64",
    )


def _us(values: Sequence[float]) -> Spread:
    return spread(value * 1e6 for value in values)
