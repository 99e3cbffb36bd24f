"""Events become deliveries: each once, to whoever wants them now, and at no cost where nobody does."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.commands.webhooks import CreateWebhook, RemoveWebhook, UpdateWebhook
from gateway.domain.ids import IdSource
from gateway.domain.model import Work
from gateway.domain.webhooks import Webhook, WebhookDelivery
from gateway.feed import subscriptions
from gateway.feed.subscriptions import Subscriptions
from gateway.feed.to_work import FOLLOWER, ToWork
from tests.core.running import Core, running_core
from tests.feed.test_following import follower


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


def following(core: Core, node: int = 5) -> Any:
    """A node that follows the log for webhooks."""
    ids = IdSource(node, core.clock)
    to_work = ToWork(lambda _: (), ids, core.clock, (Subscriptions(ids, core.clock).work,))
    return follower(core, FOLLOWER, to_work.apply, batch=100)


async def add(core: Core, *events: str) -> Webhook:
    made: Webhook = await core.writer.execute(CreateWebhook("https://shop.example/", events, "sealed"), core.admin)
    return made


async def told(core: Core, hook: Webhook) -> list[tuple[str, int]]:
    return [(one.type, one.position) for one in await core.all(WebhookDelivery) if one.webhook_id == hook.id]


async def test_each_event_is_delivered_to_whoever_wants_it_once(core: Core) -> None:
    node, other = following(core), following(core, 6)
    every, some = await add(core, "*"), await add(core, "message_received", "contact_created")
    await core.receive("Hello")
    await node.catch_up()
    await other.catch_up()
    events = await core.events()
    own = {one.position for one in events if one.data.get("id") == every.id}
    assert await told(core, every) == [(one.type, one.position) for one in events if one.position not in own]
    wanted = [one for one in events if one.type in {"message_received", "contact_created"}]
    assert await told(core, some) == [(one.type, one.position) for one in wanted]
    assert [one.contact_id for one in await core.all(WebhookDelivery) if one.webhook_id == some.id] == [
        one.contact_id for one in wanted
    ]
    rows = [one for one in await core.all(Work) if one.kind == "webhook"]
    assert sorted(one.lane or 0 for one in rows) == sorted([every.id, some.id])
    await core.receive("And again")
    await other.catch_up()
    assert len([one for one in await core.all(Work) if one.kind == "webhook"]) == 2, "one row waits for each already"


async def test_a_change_counts_from_its_place_in_the_log_on_every_node(core: Core) -> None:
    node, other = following(core), following(core, 6)
    hook = await add(core, "message_received")
    await core.receive("one")
    await node.catch_up()
    await other.catch_up()  # knows the webhook now, or nothing
    await core.writer.execute(UpdateWebhook(hook.id, enabled=False), core.admin)
    await core.receive("two")
    await other.catch_up()
    await core.receive("three")
    await node.catch_up()
    assert len(await told(core, hook)) == 1, "it is paused, and both know"
    await core.writer.execute(UpdateWebhook(hook.id, enabled=True), core.admin)
    await core.receive("four")
    await node.catch_up()
    assert len(await told(core, hook)) == 2
    await core.writer.execute(RemoveWebhook(hook.id), core.admin)
    await core.receive("five")
    await other.catch_up()
    assert len(await told(core, hook)) == 2


async def test_what_nobody_wants_costs_no_query(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    node = following(core)
    await core.receive("one")
    await node.catch_up()
    asked: list[str] = []
    for name in ("webhooks_of", "ringing"):
        monkeypatch.setattr(subscriptions, name, lambda *_, name=name: asked.append(name))
    for number in range(3):
        await core.receive(str(number))
        await node.catch_up()
    assert asked == []
    assert await core.all(WebhookDelivery) == []
