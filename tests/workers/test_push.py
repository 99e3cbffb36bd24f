"""Whom a message is told to: the devices of those who may see it, whatever becomes of other devices meanwhile."""

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import Caller, system
from gateway.core.commands.push import SubscribePush
from gateway.core.commands.settings import SuspendWorkspace
from gateway.domain.model import Work
from gateway.domain.push import PushSubscription
from gateway.feed.alerts import PUSH
from gateway.host.pace import Pace
from gateway.host.web_push import Vapid, fresh_key, load_key
from gateway.sdk.context import HttpResponse
from gateway.workers.push import PUSH_TO, Pushes
from tests.core.running import Core, running_core


class NoHttp:
    """Nothing is posted here."""

    async def request(self, *_: Any, **__: Any) -> HttpResponse:
        raise AssertionError("nobody is to be asked")


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


async def test_a_device_that_two_messages_find_gone_costs_nobody_else_an_alert(core: Core) -> None:
    async def twice(command: Any, caller: Caller) -> Any:
        """Another message's row is a moment ahead of this one."""
        await core.writer.execute(command, caller)
        return await core.writer.execute(command, caller)

    pace = Pace(core.clock, lambda: 0.0, lambda: 0.5)
    vapid = Vapid(load_key(fresh_key()), "mailto:postmaster@desk.example")
    pushes = Pushes(core.database, twice, core.directory.get, NoHttp(), vapid, core.around.ids, pace, os.urandom)
    await core.writer.execute(SubscribePush("https://push.example/over", "p", "a", session_id=1), core.admin)
    here = await core.writer.execute(SubscribePush("https://push.example/here", "p", "a"), core.agent)
    message = (await core.receive("Hello?")).message
    assert message is not None
    await pushes.fan_out(Work(core.workspace_id, 1, PUSH, core.clock(), core.clock(), subject_id=message.id))
    told = [one for one in await core.all(Work) if one.kind == PUSH_TO]
    assert [(one.subject_id, one.data["device"]) for one in told] == [(message.id, here.id)]


async def test_nothing_of_a_suspended_workspace_reaches_a_device(core: Core) -> None:
    """Nobody gets in, so what comes in is told to nobody either, a row that was made before included."""
    pace = Pace(core.clock, lambda: 0.0, lambda: 0.5)
    vapid = Vapid(load_key(fresh_key()), "mailto:postmaster@desk.example")
    pushes = Pushes(
        core.database, core.writer.execute, core.directory.get, NoHttp(), vapid, core.around.ids, pace, os.urandom
    )
    await core.writer.execute(SubscribePush("https://push.example/here", "p", "a"), core.agent)
    message = (await core.receive("Hello?")).message
    assert message is not None
    work = Work(core.workspace_id, 1, PUSH, core.clock(), core.clock(), subject_id=message.id)
    await pushes.fan_out(work)
    [told] = [one for one in await core.all(Work) if one.kind == PUSH_TO]
    await core.writer.execute(SuspendWorkspace(True), system(core.workspace_id))
    await pushes.tell(told)
    assert len(await core.all(PushSubscription)) == 1, "its keys, which are none, were not even looked at"
    await pushes.fan_out(work)
    assert [one.id for one in await core.all(Work) if one.kind == PUSH_TO] == [told.id]
