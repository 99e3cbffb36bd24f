"""Plugins write events of types they registered into the log, and of no others."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from gateway.core.errors import Refused
from gateway.host.plugin_commands import PluginCommands
from gateway.host.registry import build_registry
from gateway.sdk.registration import EventTypeSpec
from gateway.storage import event_log
from tests.core.running import Core, running_core
from tests.host.parts import make_plugin, make_plugins

Execute = Callable[..., Awaitable[str | None]]


def brings(plugin: str, *names: str) -> Any:
    def register_event_types() -> list[EventTypeSpec]:
        return [EventTypeSpec(name, "Something happened.") for name in names]

    return make_plugin(plugin, register_event_types)


@asynccontextmanager
async def shop(url: str) -> AsyncIterator[tuple[Core, Execute]]:
    """A core, and the `execute` of the plugin shop answering event 7; bank has a type of its own."""
    types = build_registry(make_plugins(brings("shop", "shop_paid"), brings("bank", "bank_paid"))).event_types
    async with running_core(url) as core:
        yield core, PluginCommands(core.writer.execute, types).execute_for("shop", core.workspace_id, "7")


async def test_an_event_of_ones_own_is_in_the_log(database_url: str) -> None:
    async with shop(database_url) as (core, execute):
        assert await execute("append_event", type="shop_paid", data={"order": 7}) is None
        events = await core.database.read(lambda session: event_log.after(session, core.workspace_id, 0, 200))
    written = [event for event in events if event.type == "shop_paid"]
    assert [(event.data, event.actor, event.cause, event.thread_id) for event in written] == [
        ({"order": 7}, "automation", "7", None)
    ]


async def test_a_command_with_a_name_of_its_own_is_carried_out_once(database_url: str) -> None:
    async with shop(database_url) as (core, execute):
        sent = [
            await execute("send_message", once=once, to="+14155550148", body="Thanks")
            for once in ("thanks-7", "thanks-7", "thanks-8")
        ]
        assert sent[0] == sent[1] != sent[2]
        other = PluginCommands(core.writer.execute).execute_for("bank", core.workspace_id, "7")
        assert await other("send_message", once="thanks-7", to="+14155550148", body="Thanks") not in sent


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"type": "bank_paid"}, "did not register"),
        ({"type": "shop_unpaid"}, "did not register"),
        ({"type": "message_sent"}, "did not register"),
        ({}, "type"),
        ({"type": "shop_paid", "data": {"order": object()}}, "can't be made"),
        ({"type": "shop_paid", "data": [1]}, "can't be made"),
        ({"type": "shop_paid", "thread_id": "cnt_1"}, "cnt_1"),
        ({"type": "shop_paid", "thread_id": 99}, "thread"),
    ],
)
async def test_others_are_refused(database_url: str, fields: dict[str, Any], said: str) -> None:
    async with shop(database_url) as (_, execute):
        with pytest.raises(Refused) as caught:
            await execute("append_event", **fields)
    assert said in caught.value.detail
