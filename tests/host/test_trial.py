"""A rule tried against history on a machine that has no time: what was composed stands for what was not."""

import itertools
from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.domain.automation import Automation
from gateway.host.trial import TOGETHER, Trials
from tests.core.running import Core, running_core

EVENTS = 3 * TOGETHER


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def facts(rules: Any, event: Any, known: Mapping[str, Any]) -> Mapping[str, Any]:
    return known


@pytest.mark.parametrize(("seconds", "estimated"), [(0, False), (9, True)])
async def test_some_messages_are_always_composed(core: Core, seconds: int, estimated: bool) -> None:
    """Each look at the watch takes so long: even the first finds that there is no time left for composing."""
    for place in range(EVENTS):
        await core.receive("Hello", sender=f"+1415555{place:04}")
    action = {"type": "send_message", "settings": {"body": "Thanks {{ message.body }}"}, "delay": 0}
    rule = Automation(core.workspace_id, 1, "Thanks", "message_received", core.clock.now, actions=(action,))
    watch: Any = itertools.count(0, seconds).__next__
    asked: Any = SimpleNamespace(with_fields=facts)
    trials = Trials(core.database, core.around, asked, core.clock, watch)
    found = await trials.run(await core.directory.get(core.workspace_id), rule, 90)
    assert (found.matched, found.estimated, found.refused) == (EVENTS, estimated, 0)
    assert found.would == {"send_message": EVENTS}
