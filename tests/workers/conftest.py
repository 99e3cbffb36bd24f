"""A clock, and a stage on SQLite, of its own for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.host.parts import Moment
from tests.workers.stage import Stage, staged


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
async def stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(sqlite_url, tmp_path) as stage:
        yield stage
