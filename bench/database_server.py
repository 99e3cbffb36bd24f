"""PostgreSQL as it would run for real: what it commits is on disk."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.machine import cores
from tests.support.postgres import SETTINGS, Postgres

_DURABLE = {**SETTINGS, "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "shared_buffers": "512MB"}


@contextmanager
def durable_postgres() -> Iterator[Postgres]:
    """A server on the generator's core: the product has its own, as it would beside a real one."""
    server = Postgres(_DURABLE)
    try:
        main = psutil.Process(server.process.pid)
        for one in (main, *main.children()):
            one.cpu_affinity([cores().generator])
        yield server
    finally:
        server.stop()
