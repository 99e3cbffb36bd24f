"""Scenario: how many live deliveries a node makes to open pages, and what an open page weighs."""

import asyncio
import gc
import os
import tempfile
import time
import tracemalloc
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from bench.effort import Effort
from bench.machine import cores
from bench.report import Finding, Section
from bench.spread import spread
from gateway.domain.events import EventType
from gateway.domain.model import Event
from gateway.domain.visibility import Role, Viewer
from gateway.feed.live import LiveHub, LiveLimits
from gateway.feed.metrics import FeedMetrics
from gateway.feed.stream import Stream
from gateway.storage import event_log
from gateway.web.live import encode, encode_gone
from tests.core.running import Core, running_core

_PAGES = 5_000
_EVENTS = 100
_USERS = 500


def measure(effort: Effort) -> Section:
    """In this process, on the server's core: the hub reads the log, encodes, filters and hands out; pages read."""
    os.sched_setaffinity(0, {cores().server})
    with tempfile.TemporaryDirectory(prefix="onethread-bench-") as folder:
        rates, weight = asyncio.run(_measure(f"sqlite:///{folder}/gateway.db", effort))
    return Section(
        "Live",
        f"{_PAGES} open pages of {_USERS} agents who see everything; {_EVENTS} events a look, each delivered "
        "to every page.",
        [
            Finding("deliveries a second", spread(rates), "/s", 200_000, 700_000),
            Finding("memory an open page", spread([weight]), "kB", 50, 12, most=True),
        ],
    )


async def _measure(url: str, effort: Effort) -> tuple[list[float], float]:
    async with running_core(url) as core:
        hub = LiveHub(
            core.database,
            core.directory,
            encode,
            encode_gone,
            _everyone,
            FeedMetrics(CollectorRegistry()),
            LiveLimits(per_user=_PAGES, per_node=_PAGES),
        )
        gc.collect()
        tracemalloc.start()
        pages = [await _open(hub, core, number) for number in range(_PAGES)]
        gc.collect()
        weight = tracemalloc.get_traced_memory()[0] / _PAGES / 1000
        tracemalloc.stop()
        rates = [await _round(hub, core, pages) for _ in range(effort.rounds + 1)]
        for page in pages:
            hub.leave(page)
        return rates[1:], weight


async def _open(hub: LiveHub, core: Core, number: int) -> Stream:
    viewer = Viewer(number % _USERS, Role.AGENT, frozenset())
    return await hub.open(core.workspace_id, viewer, f"session:{number}", None)


async def _round(hub: LiveHub, core: Core, pages: Sequence[Stream]) -> float:
    events = [
        Event(core.workspace_id, 0, str(EventType.MESSAGE_RECEIVED), core.clock(), "system", 1, number, number, 1)
        for number in range(1, _EVENTS + 1)
    ]
    await core.database.write(lambda session: event_log.append(session, events))
    begun = time.perf_counter()
    await hub.look()
    octets = 0
    for page in pages:
        octets += len(await page.read(1.0) or b"")
    taken = time.perf_counter() - begun
    if octets == 0:
        raise RuntimeError("nothing was delivered")
    return _EVENTS * len(pages) / taken


async def _everyone(streams: Sequence[Stream]) -> Sequence[Viewer | None]:
    return [stream.viewer for stream in streams]
