"""What is left at providers: asked in the background, remembered for a minute, and never waited for."""

import re
from decimal import Decimal

import pytest

from gateway.domain.visibility import Role
from gateway.host.balances import FRESH_S
from gateway.sdk.values import Balance
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_settings_frame import see, signed_in


async def with_credits(admin: Client, count: int) -> str:
    gateway: str = (await admin.get("/gateways"))["items"][0]["id"]
    changed = await admin.patch(f"/gateways/{gateway}", {"settings": {"credits": count}})
    assert changed.status == 200, changed.text
    return gateway


async def test_credits_are_in_the_top_bar_and_on_the_card(world: World, admin: Client) -> None:
    ann = await signed_in(world, Role.ADMINISTRATOR)
    await with_credits(admin, 1284)
    assert 'class="bal"' not in await see(ann, "/conversations"), "nobody has told yet, and nobody waits"
    await world.state.balances.settled()
    page = await see(ann, "/conversations")
    assert re.search(r'class="bal" href="/settings/gateways" data-tip="Simulator: 1,284 credits"', page)
    assert "Left: 1,284 credits." in await see(ann, "/settings/gateways")
    await with_credits(admin, 0)
    await see(ann, "/conversations")
    await world.state.balances.settled()
    assert 'class="bal"' not in await see(ann, "/conversations"), "a gateway without an account has no balance"


async def test_each_part_costs_a_credit_and_an_old_balance_is_asked_for_anew(
    world: World, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    balances = world.state.balances
    monkeypatch.setattr(balances, "monotonic", lambda: now)
    gateway = await with_credits(admin, 10)
    view = await world.state.directory.get((await world.state.directory.workspace_ids())[0])
    [known] = [one for one in view.live(view.gateways) if one.plugin == "simulator"]
    assert balances.of([known]) == {}
    await balances.settled()
    assert balances.of([known]) == {known.id: Balance(Decimal(10), "credits")}
    sent = await admin.made("/messages", {"to": "+12025550177", "body": "x" * 161})
    await admin.until(lambda: _is_sent(admin, sent["id"]))
    assert balances.of([known]) == {known.id: Balance(Decimal(10), "credits")}, "a minute has not gone by"
    now = FRESH_S + 1
    balances.of([known])
    await balances.settled()
    assert balances.of([known]) == {known.id: Balance(Decimal(8), "credits")}
    await admin.post(f"/gateways/{gateway}/pause")
    assert balances.of([known]) == {known.id: Balance(Decimal(8), "credits")}


async def _is_sent(admin: Client, message: str) -> bool:
    return (await admin.get(f"/messages/{message}"))["status"] in {"sent", "delivered"}


async def test_who_answers_rubbish_or_nothing_changes_nothing(
    world: World, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await signed_in(world, Role.ADMINISTRATOR)
    await with_credits(admin, 5)
    channel = world.state.registry.channel("simulator")
    assert channel is not None

    async def fail(self: object) -> Balance:
        raise RuntimeError("the secret of the account")

    monkeypatch.setattr(channel, "balance", fail)
    await see(ann, "/conversations")
    await world.state.balances.settled()
    page = await see(ann, "/conversations")
    assert 'class="bal"' not in page


async def test_agents_are_not_told(world: World, admin: Client) -> None:
    tom = await signed_in(world, Role.AGENT)
    await with_credits(admin, 5)
    await see(tom, "/conversations")
    await world.state.balances.settled()
    assert 'class="bal"' not in await see(tom, "/conversations")
