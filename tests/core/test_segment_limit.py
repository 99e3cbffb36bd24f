"""How many parts one text may have: ten, or what the workspace says."""

from collections.abc import AsyncIterator

import pytest

from gateway.core.commands.messages import EditScheduled
from gateway.core.commands.settings import UpdateWorkspace
from gateway.core.errors import Refused
from tests.core.running import DESK, Core, running_core


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def test_ten_segments_may_be_sent(core: Core) -> None:
    message = await core.send("a" * 1530, from_=DESK)
    assert message.segments == 10


async def test_a_workspace_sets_how_many_segments_may_be_sent(core: Core) -> None:
    await core.writer.execute(UpdateWorkspace(policy={"segment_limit": 2}), core.admin)
    later = core.clock.now + 60_000
    message = await core.send("a" * 306, from_=DESK, send_at=later)
    assert message.segments == 2
    for longer in (
        core.send("a" * 307, from_=DESK),
        core.writer.execute(EditScheduled(message.id, body="a" * 307), core.admin),
    ):
        with pytest.raises(Refused, match="needs 3 parts; at most 2 are allowed") as refused:
            await longer
        assert refused.value.code == "too-many-segments"
    await core.writer.execute(UpdateWorkspace(preset="chat"), core.admin)
    with pytest.raises(Refused, match="needs 3 parts"):
        await core.send("a" * 307, from_=DESK)
