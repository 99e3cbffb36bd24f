"""Automations through the API: kept, checked whole, run once for each event, tried against history, done again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.app.serve import running
from gateway.config import Settings
from gateway.domain.visibility import Role
from gateway.sdk import ActionRefused, secret, setting
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import Action, Condition
from gateway.testing import FakeProvider
from gateway.testing.provider import Answer
from tests.host.parts import make_plugin
from tests.web.client import Client
from tests.web.conftest import CHEAP, Phone, Serve, World
from tests.web.plugged import plug_in

THANKS = {
    "name": "Say thanks",
    "when": "conversation_completed",
    "if": [{"field": "conversation.tags", "op": "contains", "value": "vip"}],
    "then": [{"type": "send_message", "body": "Thank you. This was number {{ conversation.number }}."}],
    "enabled": True,
}


async def runs_of(client: Client, rule: Any, *states: str) -> list[Any]:
    found: list[Any] = (await client.get(f"/automations/{rule['id']}/runs"))["items"]
    return [one for one in found if not states or one["state"] in states]


async def run_of(client: Client, rule: Any, *states: str) -> Any:
    """The newest run, once there is one in such a state."""
    return (await client.until(lambda: runs_of(client, rule, *(states or ("done", "failed", "stopped")))))[0]


async def texts_of(client: Client, conversation: Any) -> list[Any]:
    entries = (await client.get(f"/threads/{conversation['thread_id']}/entries?types=message"))["items"]
    return [one["message"] for one in entries if one["message"]["direction"] == "outbound"]


async def nothing_more(client: Client) -> None:
    """Whatever was set off before has been dealt with: a rule that comes after all of it has run."""
    rule = await client.made(
        "/automations",
        {"name": "After", "when": "tag_added", "then": [{"type": "add_tag", "tag": "Seen"}], "enabled": True},
    )
    conversation = (await client.get("/conversations?view=all"))["items"][0]
    await client.made(f"/conversations/{conversation['id']}/tags", {"add": [f"t{rule['id'][-6:]}"]})
    await run_of(client, rule)
    await client.delete(f"/automations/{rule['id']}")


async def test_a_rule_is_kept_changed_ordered_and_removed(admin: Client) -> None:
    made = await admin.made("/automations", THANKS)
    assert made["id"].startswith("aut_")
    assert {name: made[name] for name in THANKS} == THANKS
    assert made["once_per"] is None
    path = f"/automations/{made['id']}"
    assert (await admin.get(path)).body == made
    second = await admin.made("/automations", {**THANKS, "name": "Second", "if": [], "once_per": "day"})
    assert [one["name"] for one in (await admin.get("/automations"))["items"]] == ["Say thanks", "Second"]
    assert (await admin.post("/automations/order", {"ids": [second["id"]]})).status == 204
    assert [one["name"] for one in (await admin.get("/automations"))["items"]] == ["Second", "Say thanks"]
    then = [{"type": "add_tag", "tag": "Late", "delay": "2h"}, {"type": "complete"}]
    changed = await admin.patch(path, {"then": then, "enabled": False, "once_per": "contact"})
    assert changed["then"] == [{"type": "add_tag", "tag": "Late", "delay": 7200}, {"type": "complete"}]
    assert (changed["enabled"], changed["once_per"], changed["name"]) == (False, "contact", "Say thanks")
    assert (await admin.delete(path)).status == 204
    assert (await admin.get(path)).status == 404


def rule(**changes: Any) -> dict[str, Any]:
    return {**THANKS, **changes}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (rule(name=""), ["name"]),
        (rule(when="conversation_complete"), ["when"]),
        (rule(then=[]), ["then"]),
        (rule(once_per="week"), ["once_per"]),
        (rule(then=[{"type": "send_mesage", "body": "x"}]), ["then[0].type"]),
        (rule(then=[{"type": "send_message"}]), ["then[0]"]),
        (rule(then=[{"type": "send_message", "body": "{{ contact.nmae }}"}]), ["then[0].body"]),
        (rule(then=[{"type": "send_message", "body": "Hi {{ first_name }}"}]), ["then[0].body"]),
        (rule(then=[{"type": "send_message", "body": "{% if %}"}]), ["then[0].body"]),
        (rule(then=[{"type": "send_message", "template": "Nothing"}]), ["then[0].template"]),
        (rule(then=[{"type": "send_message", "body": "x", "from": "+19995550100"}]), ["then[0].from"]),
        (rule(then=[{"type": "send_message", "body": "x", "channel": "pigeon"}]), ["then[0].channel"]),
        (rule(then=[{"type": "add_tag", "tag": "x", "delay": "soon"}]), ["then[0].delay"]),
        (rule(then=[{"type": "add_tag", "tagg": "x"}]), ["then[0].tagg", "then[0].tag"]),
        (rule(then=[{"type": "assign", "user": "nobody@shop.example"}]), ["then[0].user"]),
        (rule(then=[{"type": "assign"}]), ["then[0]"]),
        (rule(then=[{"type": "snooze", "for": 5}]), ["then[0]"]),
        (rule(then=[{"type": "call_webhook", "url": "nowhere"}]), ["then[0].url"]),
        (rule(then=[{"type": "call_webhook", "url": "http://169.254.169.254/latest"}]), ["then[0].url"]),
        (rule(then=[{"type": "call_webhook", "url": "http://[::ffff:10.0.0.1]/"}]), ["then[0].url"]),
        (rule(**{"if": [{"field": "conversation.tag", "op": "is", "value": "x"}]}), ["if[0].field"]),
        (rule(**{"if": [{"field": "tags", "op": "is", "value": "x"}]}), ["if[0].field"]),
        (rule(**{"if": [{"field": "message.body", "op": "like", "value": "x"}]}), ["if[0].op"]),
        (rule(**{"if": [{"field": "message.body", "op": "matches", "value": "("}]}), ["if[0].value"]),
        (rule(**{"if": [{"field": "message.body", "op": "in", "value": "x"}]}), ["if[0].value"]),
        (
            rule(when="x", then=[{"type": "y"}], **{"if": [{"field": "z", "op": "is", "value": 1}]}),
            ["when", "if[0].field", "then[0].type"],
        ),
    ],
)
async def test_every_fault_is_told_at_its_field(admin: Client, body: dict[str, Any], fields: list[str]) -> None:
    reply = await admin.post("/automations", body)
    assert reply.status == 422, reply.text
    assert reply.headers["Content-Type"].startswith("application/problem+json")
    assert [one["field"] for one in reply["errors"]] == fields
    assert all(one["message"] for one in reply["errors"])
    assert (await admin.get("/automations"))["items"] == []


async def test_rules_are_the_administrators(world: World, admin: Client, supervisor: Client, agent: Client) -> None:
    made = await admin.made("/automations", THANKS)
    for client in (supervisor, agent):
        assert (await client.get("/automations")).status == 403
        assert (await client.post("/automations", THANKS)).status == 403
        for path in ("", "/runs", "/try"):
            reply = await client.ask("POST" if path == "/try" else "GET", f"/automations/{made['id']}{path}")
            assert reply.status == 403
    assert (await world.nobody().get("/automations")).status == 401


async def test_a_completed_conversation_is_answered_once(admin: Client, phone: Callable[..., Phone]) -> None:
    vip, other = phone("+12025550171"), phone("+12025550172")
    for one in (vip, other):
        await one.text("Hello")
    conversation, plain = await vip.conversation(), await other.conversation()
    await admin.made(f"/conversations/{conversation['id']}/tags", {"add": ["VIP"]})
    thanks = await admin.made("/automations", THANKS)
    for one in (plain, conversation):
        await admin.made(f"/conversations/{one['id']}/complete", {})
    run = await run_of(admin, thanks)
    assert (run["state"], run["event_type"], run["conversation_id"]) == (
        "done",
        "conversation_completed",
        conversation["id"],
    )
    assert run["if"] == [{"field": "conversation.tags", "op": "contains", "value": "vip", "found": ["VIP"]}]
    [text] = await texts_of(admin, conversation)
    assert (text["body"], text["nature"]) == ("Thank you. This was number 1.", "auto")
    assert text["author"] == {"type": "automation", "id": thanks["id"], "name": "Say thanks"}
    assert run["results"][0]["result"] == {"message_id": text["id"]}
    await nothing_more(admin)
    assert await texts_of(admin, plain) == []
    assert len(await runs_of(admin, thanks)) == 1
    after = (await admin.get(f"/conversations/{conversation['id']}")).body
    assert after["state"] == "completed", "what a machine sends opens nothing"
    events = (await admin.get("/events?types=message_queued,message_sent,message_status_changed&limit=200"))["items"]
    mine = [one for one in events if one["message_id"] == text["id"]]
    assert {one["cause"] for one in mine} == {run["id"]}, "what became of it has the same cause"


async def test_who_is_done_with_comes_to_a_list(admin: Client, phone: Callable[..., Phone]) -> None:
    done, asked = await admin.made("/lists", {"name": "Served"}), await admin.made("/lists", {"name": "Waiting"})
    one = phone("+12025550173")
    await one.text("Hello")
    conversation = await one.conversation()
    contact = conversation["contact"]["id"]
    await admin.made(f"/lists/{asked['id']}/members", {"add": [contact]})
    move = [{"type": "add_to_list", "list": "served"}, {"type": "remove_from_list", "list": asked["id"]}]
    rule = {"name": "Move on", "when": "conversation_completed", "then": move, "enabled": True}
    made = await admin.made("/automations", rule)
    unknown = await admin.post("/automations", {**rule, "then": [{"type": "add_to_list", "list": "Nobody"}]})
    assert (unknown.status, "no list" in unknown.text) == (422, True)
    await admin.made(f"/conversations/{conversation['id']}/complete", {})
    assert (await run_of(admin, made))["state"] == "done"
    assert [found["id"] for found in (await admin.get(f"/lists/{done['id']}/members"))["items"]] == [contact]
    assert (await admin.get(f"/lists/{asked['id']}"))["members"] == 0


@pytest.mark.parametrize(("once_per", "runs"), [(None, 3), ("conversation", 1), ("contact", 1), ("day", 1)])
async def test_once_is_enough(admin: Client, phone: Callable[..., Phone], once_per: str | None, runs: int) -> None:
    one = phone("+12025550174")
    made = await admin.made(
        "/automations",
        {"name": "Once", "when": "message_received", "then": [{"type": "add_note", "body": "{{ message.body }}"}],
         "enabled": True, "once_per": once_per},
    )  # fmt: skip
    for words in ("One", "Two", "Three"):
        await one.text(words, id=f"{words}-{once_per}")
        await one.text(words, id=f"{words}-{once_per}")  # a provider's repeat is no second message
    await nothing_more(admin)
    found = await runs_of(admin, made)
    assert len(found) == runs
    assert {run["state"] for run in found} == {"done"}


async def test_what_fails_is_shown_and_tried_again(monkeypatch: pytest.MonkeyPatch, serve_here: Serve) -> None:
    """A plugin's own action and condition, with a secret; a refusal; a program that comes round."""
    plug_in(monkeypatch, make_plugin("shop", register_actions, register_conditions))
    world = await serve_here(allow_hosts=["127.0.0.1"])
    admin = await world.someone(Role.ADMINISTRATOR)
    stamped = STAMPED.setdefault(world.url, [])
    one = Phone(admin, (await admin.get("/gateways"))["items"][0]["token"], "+12025550175")
    async with FakeProvider() as far:
        far.script(Answer(422), Answer(503))
        made = await admin.made(
            "/automations",
            {
                "name": "Order",
                "when": "message_received",
                "if": [{"field": "shop.orders", "op": "gt", "value": 2}],
                "then": [
                    {"type": "shop_stamp", "words": "For {{ contact.phone }}", "key": "s3cret", "log": world.url},
                    {"type": "call_webhook", "url": f"{far.url}/hook", "headers": {"X-Key": "k"}},
                    {"type": "add_tag", "tag": "Told"},
                ],
                "enabled": True,
            },
        )
        path = f"/automations/{made['id']}"
        assert "key" not in made["then"][0]
        await one.text("Where is my lamp?")
        run = await run_of(admin, made, "failed")
        assert run["reason"] == "127.0.0.1 answered 422."
        assert [result["outcome"] for result in run["results"]] == ["done", "refused"]
        assert run["results"][0]["result"] == {"stamped": "For +12025550175 with s3cret"}
        assert run["if"][0]["found"] == 3
        again = await admin.made(f"{path}/runs/{run['id']}/retry", {})
        assert again["id"] == run["id"]
        done = await run_of(admin, made, "done")
        assert [result["outcome"] for result in done["results"]] == ["done", "done", "done"]
        assert [result["tries"] for result in done["results"]] == [None, 2, None]
        assert (await one.conversation())["tags"][0]["name"] == "Told"
        second = far.heard[-1]
        assert {one.headers["webhook-id"] for one in far.heard} == {f"{run['id']}-2"}
        assert second.headers["x-key"] == "k"
        assert second.json()["data"]["message"]["body"] == "Where is my lamp?"
        assert stamped == ["For +12025550175 with s3cret"], "what was done was not done again"
        assert (await admin.post(f"{path}/runs/{run['id']}/retry", {})).status == 409
        replayed = await admin.made(f"{path}/runs/{run['id']}/replay", {})
        assert replayed["replay_of"] == run["id"]
        await admin.until(lambda: _is_done(admin, made, replayed))
        assert len(stamped) == 2
        kept = await admin.patch(path, {"then": [{"type": "shop_stamp", "words": "Still", "log": world.url}]})
        assert kept["then"] == [{"type": "shop_stamp", "words": "Still", "log": world.url}]
        await one.text("And now?", id="now")
        await admin.until(lambda: _stamped(world.url, "Still with s3cret"))


async def test_history_says_what_a_rule_would_have_done(admin: Client, phone: Callable[..., Phone]) -> None:
    """Over events from before the rule; with quiet hours, consent, cost, once a contact; nothing is sent or kept."""
    phones = [phone(f"+1202555018{n}") for n in range(4)]
    for number, one in enumerate(phones):
        for words in range(number + 1):
            await one.text(f"Lamp {words}", id=f"{number}-{words}")
    await phones[3].text("STOP")
    made = await admin.made(
        "/automations",
        {
            "name": "Late",
            "when": "message_received",
            "if": [{"field": "message.body", "op": "starts_with", "value": "lamp"}],
            "then": [{"type": "send_message", "body": "Soon"}, {"type": "add_tag", "tag": "Lamp"}],
        },
    )
    path = f"/automations/{made['id']}"
    tried = (await admin.post(f"{path}/try", {"days": 90})).body
    assert tried["matched"] == tried["runs"] == 10
    assert tried["would"] == [{"type": "send_message", "count": 6}, {"type": "add_tag", "count": 10}]
    assert tried["refused"] == 4, "they said STOP"
    assert tried["cost"] == {"amount": pytest.approx(6 * 0.0079), "currency": "USD"}
    assert (tried["in_quiet_hours"], tried["complete"]) == (0, True)
    assert len(tried["sample"]) == 10
    assert tried["sample"][0]["text"] == "Soon"
    await admin.patch(path, {"once_per": "contact"})
    always = {"start": "00:00", "end": "23:59", "timezone": "UTC"}
    reply = await admin.ask("PATCH", "/workspace", {"policy": {"quiet_hours": always}})
    assert reply.status == 200, reply.text
    tried = (await admin.post(f"{path}/try", {"days": 1})).body
    assert (tried["matched"], tried["runs"], tried["refused"]) == (10, 4, 1)
    assert tried["in_quiet_hours"] == 3
    assert await runs_of(admin, made) == []
    assert [await texts_of(admin, await one.conversation()) for one in phones[:3]] == [[], [], []]
    assert (await admin.post(f"{path}/try", {"days": 0})).status == 422


async def test_consent_and_quiet_hours_hold_for_what_it_sends(admin: Client, phone: Callable[..., Phone]) -> None:
    stopped, asleep = phone("+12025550191"), phone("+12025550192")
    made = await admin.made("/automations", {**THANKS, "if": []})
    await stopped.text("Hello")
    await stopped.text("STOP", id="stop")
    await admin.made(f"/conversations/{(await stopped.conversation())['id']}/complete", {})
    run = await run_of(admin, made, "failed")
    assert run["results"][0]["outcome"] == "refused"
    assert "stop" in run["reason"].lower()
    always = {"start": "00:00", "end": "23:59", "timezone": "UTC"}
    assert (await admin.ask("PATCH", "/workspace", {"policy": {"quiet_hours": always}})).status == 200
    await asleep.text("Hello")
    conversation = await asleep.conversation()
    await admin.made(f"/conversations/{conversation['id']}/complete", {})
    await run_of(admin, made, "done")
    assert [one["status"] for one in await texts_of(admin, conversation)] == ["held"]


async def test_what_still_waits_is_not_done_once_the_rule_is_off(admin: Client, phone: Callable[..., Phone]) -> None:
    one = phone("+12025550193")
    then = [{"type": "add_tag", "tag": "First"}, {"type": "add_tag", "tag": "Second", "delay": 2}]
    made = await admin.made("/automations", {"name": "Slow", "when": "message_received", "then": then, "enabled": True})
    await one.text("Hello")
    await run_of(admin, made, "waiting")
    await admin.patch(f"/automations/{made['id']}", {"enabled": False})
    run = await run_of(admin, made, "stopped")
    assert run["reason"] == "The automation was switched off meanwhile."
    assert [tag["name"] for tag in (await one.conversation())["tags"]] == ["First"]


async def test_what_waits_for_an_ended_conversation_is_not_done_once_it_is_open_again(
    admin: Client, phone: Callable[..., Phone]
) -> None:
    """Whoever asks one more question is not thanked, nor put away unread; who said nothing is."""
    again, silent = phone("+12025550195"), phone("+12025550196")
    then = [{"type": "send_message", "body": "Thanks", "delay": 4}, {"type": "archive"}]
    rule = {"name": "After", "when": "conversation_completed", "then": then, "enabled": True}
    made = await admin.made("/automations", rule)
    for one in (again, silent):
        await one.text("Hello")
        await admin.made(f"/conversations/{(await one.conversation())['id']}/complete", {})
    await admin.until(lambda: runs_of(admin, made, "waiting"))
    await again.text("One more question", id="more")
    run = await run_of(admin, made, "stopped")
    assert run["reason"] == "The conversation was opened again before its time had come."
    assert (await again.conversation())["state"] == "open"
    assert await texts_of(admin, await again.conversation()) == []
    await run_of(admin, made, "done")
    assert [text["body"] for text in await texts_of(admin, await silent.conversation())] == ["Thanks"]
    replayed = await admin.made(f"/automations/{made['id']}/runs/{run['id']}/replay", {})
    await admin.until(lambda: _is_done(admin, made, replayed))
    assert (await again.conversation())["state"] == "archived", "a person asked for it"


async def test_a_delay_survives_a_restart(tmp_path: Path) -> None:
    """What waits is in the database, with its time: a new process does it, once."""
    settings = Settings(port=0, data=str(tmp_path / "data"))
    said: list[str] = []
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        async with running(settings, said.append, CHEAP) as state:
            world = World(state, said[-1].removeprefix("Messenger ready at "), http, said)
            admin = await world.someone(Role.ADMINISTRATOR)
            one = Phone(admin, (await admin.get("/gateways"))["items"][0]["token"], "+12025550194")
            then = [{"type": "add_tag", "tag": "First"}, {"type": "send_message", "body": "Still there?", "delay": 2}]
            made = await admin.made(
                "/automations", {"name": "Slow", "when": "message_received", "then": then, "enabled": True}
            )
            await one.text("Hello")
            waiting = await run_of(admin, made, "waiting")
        async with running(settings, said.append, CHEAP):
            again = replace(admin, url=said[-1].removeprefix("Messenger ready at "))
            run = await run_of(again, made, "done")
            assert run["id"] == waiting["id"]
            conversation = await replace(one, client=again).conversation()
            assert [text["body"] for text in await texts_of(again, conversation)] == ["Still there?"]
            assert [tag["name"] for tag in conversation["tags"]] == ["First"]


STAMPED: dict[str, list[str]] = {}


@dataclass(frozen=True, slots=True)
class Stamp:
    words: str = setting(label="Words", liquid=True)
    log: str = setting(label="Log")
    key: str = secret("", label="Key")


@dataclass(frozen=True, slots=True)
class Words:
    words: str = setting(label="Words")


async def stamp(context: PluginContext, event: EventView, settings: Stamp) -> dict[str, Any]:
    if event.message_id is None:
        raise ActionRefused("Only messages are stamped.")
    log = STAMPED[settings.log]
    log.append(f"{settings.words} with {settings.key}")
    return {"stamped": log[-1]}


async def write(context: PluginContext, event: EventView, settings: Words) -> None:
    await context.execute("send_message", thread_id=event.thread_id, body=settings.words)


def register_actions() -> tuple[Action, ...]:
    return (Action("shop_stamp", "Stamp it", Stamp, stamp), Action("shop_write", "Write", Words, write))


def register_conditions() -> tuple[Condition, ...]:
    return (Condition("shop.orders", "Orders", lambda event, known: 3 if known["contact"] else 0),)


async def _is_done(client: Client, rule: Any, run: Any) -> bool:
    found = await client.get(f"/automations/{rule['id']}/runs/{run['id']}")
    return bool(found["state"] == "done")


async def _stamped(log: str, words: str) -> bool:
    return words in STAMPED[log]
