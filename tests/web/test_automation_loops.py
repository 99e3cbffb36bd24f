"""Automations that answer themselves, by what they cause or by way of a machine at the other end."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.domain.visibility import Role
from gateway.web.pages.formatting import sender_text
from tests.host.parts import make_plugin
from tests.web.client import Client
from tests.web.conftest import Phone, Serve, World
from tests.web.plugged import plug_in
from tests.web.test_automations import register_actions, register_conditions, runs_of, texts_of
from tests.web.test_settings_frame import see, send, signed_in


async def test_an_automation_that_answers_itself_is_harmless(admin: Client, phone: Callable[..., Phone]) -> None:
    """By its own event, by what becomes of its message, by another rule, and by a machine at the other end."""
    one = phone("+12025550173")
    send = [{"type": "send_message", "body": "Hello again"}]
    rules = [
        await admin.made("/automations", {"name": when, "when": when, "then": send, "enabled": True})
        for when in ("message_queued", "message_sent", "message_received")
    ]
    pong = [
        await admin.made(
            "/automations",
            {"name": tag, "when": "tag_added", "if": [{"field": "event.data.tag", "op": "is", "value": tag}],
             "then": [{"type": "remove_tag", "tag": tag}, {"type": "add_tag", "tag": other}], "enabled": True},
        )
        for tag, other in (("Ping", "Pong"), ("Pong", "Ping"))
    ]  # fmt: skip
    await one.text("Hello")
    conversation = await one.conversation()
    await admin.made(f"/conversations/{conversation['id']}/tags", {"add": ["Ping"]})
    await admin.until(lambda: runs_of(admin, pong[0], "stopped"))
    await admin.until(lambda: runs_of(admin, rules[1], "stopped"))
    stopped = [run for rule in (*rules, *pong) for run in await runs_of(admin, rule, "stopped")]
    assert all("answered what it did itself" in run["reason"] or "in a row" in run["reason"] for run in stopped)
    assert all(run["results"] == [] for run in stopped)
    assert len(await runs_of(admin, pong[0], "done")) == len(await runs_of(admin, pong[1], "done")) == 1
    sent = len(await texts_of(admin, conversation))
    assert 3 <= sent <= 12
    for count in range(14):  # a machine that answers at once
        await one.text(f"Automatic answer {count}", id=f"auto-{count}")
    await admin.until(lambda: runs_of(admin, rules[2], "stopped"))
    assert any("times in this thread" in run["reason"] for run in await runs_of(admin, rules[2], "stopped"))
    assert len(await runs_of(admin, rules[2], "done")) == 10
    await _held_until_a_person_lets_it_go_on(admin, one, rules[2])


async def _held_until_a_person_lets_it_go_on(admin: Client, one: Phone, rule: Any) -> None:
    path, conversation = f"/automations/{rule['id']}", await one.conversation()
    held = (await admin.get(f"{path}/held"))["items"]
    assert [(found["thread_id"], found["contact_name"]) for found in held] == [(conversation["thread_id"], one.number)]
    assert "lets it go on" in held[0]["reason"]
    assert [found["held"] for found in (await admin.get("/automations"))["items"] if found["id"] == rule["id"]] == [1]
    [stopped, *_] = await runs_of(admin, rule, "stopped")
    replayed = await admin.post(f"{path}/runs/{stopped['id']}/replay", {})
    assert (replayed.status, "held" in replayed["detail"]) == (409, True)
    where = {"thread_id": conversation["thread_id"]}
    assert (await admin.ask("POST", f"{path}/resume", where)).body == {"resumed": 1}
    assert (await admin.ask("POST", f"{path}/resume", where)).status == 409
    assert (await admin.ask("POST", f"{path}/resume", {})).body == {"resumed": 0}
    assert (await admin.get(path))["held"] == 0
    done = len(await runs_of(admin, rule, "done"))
    for count in range(2):
        await one.text(f"And on {count}", id=f"on-{count}")

    async def both_done() -> bool:
        return len(await runs_of(admin, rule, "done")) == done + 2

    await admin.until(both_done)


async def test_what_a_plugin_writes_ends_after_ten_times_as_well(
    monkeypatch: pytest.MonkeyPatch, serve_here: Serve
) -> None:
    """Nobody can see from its name that an action of a plugin writes: it is seen when it does."""
    plug_in(monkeypatch, make_plugin("shop", register_actions, register_conditions))
    world = await serve_here()
    admin = await world.someone(Role.ADMINISTRATOR)
    one = Phone(admin, (await admin.get("/gateways"))["items"][0]["token"], "+12025550175")
    then = [{"type": "shop_write", "words": "Hello"}]
    rule = {"name": "Echo", "when": "message_received", "then": then, "enabled": True}
    made = await admin.made("/automations", rule)
    typed = {**rule, "if": [{"field": "shop.ordres", "op": "is", "value": 3}]}
    assert "shop.orders" in (await admin.post("/automations", typed))["errors"][0]["message"], "what there is to ask"
    for count in range(12):
        await one.text(f"Automatic answer {count}", id=f"auto-{count}")

    await admin.until(lambda: runs_of(admin, made, "stopped"))
    assert len(await runs_of(admin, made, "failed")) == len(await runs_of(admin, made, "stopped")) == 1
    assert {run["reason"] for run in await runs_of(admin, made, "failed")} == {
        (
            "It was set off more than 10 times in this thread within an hour; that is a loop. "
            "It does nothing more here until somebody lets it go on."
        )
    }
    assert len(await texts_of(admin, await one.conversation())) == 10


async def test_the_pages_say_where_it_is_held_and_let_it_go_on(
    world: World, admin: Client, phone: Callable[..., Phone]
) -> None:
    ann, phones = await signed_in(world, Role.ADMINISTRATOR), [phone("+12025550197"), phone("+12025550198")]
    then = [{"type": "send_message", "body": "Hello again"}]
    rule = await admin.made("/automations", {"name": "Echo", "when": "message_received", "then": then, "enabled": True})
    for one in phones:
        for count in range(11):
            await one.text(f"Automatic answer {count}", id=f"{one.number}-{count}")

    async def is_held(threads: int) -> bool:
        return bool((await admin.get(f"/automations/{rule['id']}"))["held"] == threads)

    await admin.until(lambda: is_held(2))
    home = f"/settings/automations/{rule['id']}"
    assert "Held for 2 contacts" in await see(ann, "/settings/automations")
    page = await see(ann, f"{home}/runs")
    assert "Let it go on for all" in page
    assert all(sender_text(one.number) in page for one in phones)
    thread = (await phones[0].conversation())["thread_id"]
    assert (await send(ann, f"{home}/resume", thread=thread)).status == 303
    assert "Held for 1 contact" in await see(ann, "/settings/automations")
    assert (await send(ann, f"{home}/resume")).status == 303
    assert "Held for" not in await see(ann, f"{home}/runs?said=resumed")
