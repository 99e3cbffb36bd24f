"""Centres and channels for a test, stopped afterwards."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from gateway_sms_smpp.settings import Settings

from .centre import NODE, PERL, Centre
from .stage import Kept, Stage

StartCentre = Callable[..., Awaitable[Centre]]
StartStage = Callable[..., Stage]


@pytest.fixture
async def start_centre() -> AsyncIterator[StartCentre]:
    """`await start_centre(RECEIPT="tlv")` gives a node-smpp centre, `start_centre(perl=True)` one on Net::SMPP."""
    started: list[Centre] = []

    async def start(*, perl: bool = False, **environment: str) -> Centre:
        started.append(await Centre.start(PERL if perl else NODE, environment))
        return started[-1]

    yield start
    for centre in started:
        await centre.stop()


@pytest.fixture
async def stage() -> AsyncIterator[StartStage]:
    """`stage(port, window=1)` gives a channel set up for that port."""
    made: list[Stage] = []

    def make(port: int, kept: Kept | None = None, **changes: object) -> Stage:
        settings = Settings(host="127.0.0.1", system_id="onethread", password="secret", port=port)
        made.append(Stage(replace(settings, **changes), kept))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        await one.stop()
