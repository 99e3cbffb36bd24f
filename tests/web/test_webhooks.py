"""Outgoing webhooks from end to end: set up over the API, delivered to a real endpoint, read in the log."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from tests.support.webhook_receiver import Receiver, receiving
from tests.web.client import Client
from tests.web.conftest import Phone, Serve, World

Phones = Callable[..., Phone]


@pytest.fixture
def receiver() -> Any:
    with receiving() as found:
        yield found


@pytest.fixture
async def world(serve_here: Serve, receiver: Receiver) -> World:
    """A server that may reach the receiver, and nothing else of this machine."""
    return await serve_here(allow_hosts=[f"127.0.0.1:{receiver.port}"])


async def _log(client: Client, made: Any, query: str = "") -> list[Any]:
    items: list[Any] = (await client.get(f"/webhooks/{made['id']}/deliveries{query}"))["items"]
    return items


async def test_a_message_reaches_the_endpoint_signed_and_whole(
    admin: Client, phone: Phones, receiver: Receiver
) -> None:
    made = await admin.made(
        "/webhooks", {"url": receiver.url(), "events": ["message_received"], "description": "The shop"}
    )
    assert made["secret"].startswith("whsec_")
    assert made["id"].startswith("whk_")
    contact = phone("+12025550181")
    await contact.text("Is the lamp back? 💡")
    (one,) = await asyncio.to_thread(receiver.wait, 1)
    said = one.verified(made["secret"])
    assert set(said) == {"type", "timestamp", "sequence", "data"}
    assert said["type"] == "message_received"
    message, conversation = said["data"]["message"], said["data"]["conversation"]
    assert message == (await admin.get(f"/messages/{message['id']}")).body
    assert message["body"] == "Is the lamp back? 💡"
    shown = (await admin.get(f"/conversations/{conversation['id']}")).body
    assert {**conversation, "unread": 0} == {**shown, "unread": 0}
    assert said["data"]["contact"] == (await admin.get(f"/contacts/{message['contact_id']}")).body
    event = (await admin.get(f"/events?after={said['sequence'] - 1}&limit=1"))["items"][0]
    assert said["data"]["event"] == event
    with pytest.raises(WebhookVerificationError):
        one.verified("whsec_" + "a" * 43 + "=")

    async def recorded() -> Any:
        (delivery,) = await _log(admin, made)
        return delivery if delivery["state"] == "delivered" else None

    delivery = await admin.until(recorded)
    assert (delivery["id"], delivery["type"], delivery["sequence"]) == (one.id, said["type"], said["sequence"])
    (attempt,) = delivery["attempts"]
    assert (attempt["number"], attempt["status"], attempt["answer"], attempt["error"]) == (1, 200, "status 200", None)
    alone = (await admin.get(f"/webhooks/{made['id']}/deliveries/{one.id}")).body
    assert alone["payload"]["data"]["message"] == message
    replayed = await admin.post(f"/webhooks/{made['id']}/deliveries/{one.id}/replay")
    assert (replayed.status, replayed["state"]) == (202, "waiting")
    first, again = await asyncio.to_thread(receiver.wait, 2)
    assert (again.id, again.verified(made["secret"])["sequence"]) == (first.id, said["sequence"])
    shown = (await admin.get(f"/webhooks/{made['id']}")).body
    assert (shown["state"], shown["health"]["state"], shown["description"]) == ("active", "ok", "The shop")
    assert "secret" not in shown
    assert made["secret"] not in (await admin.get("/webhooks")).text


async def test_the_first_retry_comes_within_five_seconds(admin: Client, phone: Phones, receiver: Receiver) -> None:
    receiver.answers["/hook"] = [500, 200]
    made = await admin.made("/webhooks", {"url": receiver.url(), "events": ["message_received"]})
    await phone("+12025550182").text("Hello")
    first, second = await asyncio.to_thread(receiver.wait, 2)
    assert first.id == second.id
    assert 0 < int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) <= 5
    assert second.verified(made["secret"]) == first.verified(made["secret"])


async def test_a_secret_is_rotated_a_test_is_sent_and_dead_letters_are_replayed(
    admin: Client, phone: Phones, receiver: Receiver
) -> None:
    receiver.answers["/hook"] = [500, 200]
    made = await admin.made("/webhooks", {"url": receiver.url(), "events": ["*"]})
    rotated = (await admin.post(f"/webhooks/{made['id']}/rotate")).body
    assert rotated["secret"] != made["secret"]
    assert rotated["previous_secret_until"] is not None
    tested = await admin.post(f"/webhooks/{made['id']}/test")
    assert (tested.status, tested["type"]) == (202, "webhook_test")
    (one,) = await asyncio.to_thread(receiver.wait, 1)
    assert one.id == tested["id"]
    for secret in (made["secret"], rotated["secret"]):
        assert one.verified(secret)["type"] == "webhook_test"

    async def dead() -> Any:
        return await _log(admin, made, "?state=failed")

    assert [each["id"] for each in await admin.until(dead)] == [tested["id"]]
    assert (await admin.post(f"/webhooks/{made['id']}/replay")).body == {"queued": 1}
    again = (await asyncio.to_thread(receiver.wait, 2))[1]
    assert again.id == one.id

    async def alive() -> Any:
        return await _log(admin, made, "?state=delivered")

    assert len(await admin.until(alive)) == 1


async def test_pausing_and_removing(admin: Client, phone: Phones, receiver: Receiver) -> None:
    made = await admin.made("/webhooks", {"url": receiver.url(), "events": ["message_received"], "enabled": False})
    other = await admin.made("/webhooks", {"url": receiver.url("/other"), "events": ["message_received"]})
    contact = phone("+12025550183")
    await contact.text("one")
    await asyncio.to_thread(receiver.wait, 1, "/other")
    assert (await admin.post(f"/webhooks/{made['id']}/test")).status == 409
    changed = await admin.patch(f"/webhooks/{made['id']}", {"enabled": True, "url": receiver.url("/moved")})
    assert (changed["state"], changed["url"]) == ("active", receiver.url("/moved"))
    assert (await admin.delete(f"/webhooks/{other['id']}")).status == 204
    assert (await admin.get(f"/webhooks/{other['id']}/deliveries")).status == 404
    await contact.text("two")
    (got,) = await asyncio.to_thread(receiver.wait, 1, "/moved")
    assert json.loads(got.body)["data"]["message"]["body"] == "two"
    assert len(receiver.at("/other")) == 1
    assert [one["id"] for one in (await admin.get("/webhooks"))["items"]] == [made["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://10.0.0.7/hook", "events": ["*"]}, "url"),
        ({"url": "http://169.254.169.254/latest", "events": ["*"]}, "url"),
        ({"url": "http://[::1]/hook", "events": ["*"]}, "url"),
        ({"url": "http://2852039166/latest", "events": ["*"]}, "url"),
        ({"url": "https://user:pass@shop.example/", "events": ["*"]}, "url"),
        ({"url": "shop.example", "events": ["*"]}, "url"),
        ({"url": "https://shop.example/", "events": ["message_eaten"]}, "events"),
        ({"url": "https://shop.example/", "events": []}, "events"),
        ({"url": "https://shop.example/"}, "events"),
    ],
)
async def test_what_is_refused(admin: Client, body: Any, field: str) -> None:
    refused = await admin.post("/webhooks", body)
    assert refused.status == 422, refused.text
    assert refused["errors"][0]["field"] == field


async def test_the_same_key_gives_the_same_secret_and_keeps_it_nowhere(world: World, admin: Client) -> None:
    body = {"url": "https://shop.example/", "events": ["*"]}
    key = {"Idempotency-Key": "hook-1"}
    first, second = [await admin.post("/webhooks", body, headers=key) for _ in range(2)]
    assert first.body == second.body
    assert len((await admin.get("/webhooks"))["items"]) == 1
    from gateway.storage.query import Query
    from gateway.storage.records import IDEMPOTENCY_KEYS, WEBHOOKS

    def stored(session: Any) -> str:
        return str([table.fetch(session, Query(table.select())) for table in (IDEMPOTENCY_KEYS, WEBHOOKS)])

    assert first["secret"].removeprefix("whsec_") not in await world.state.database.read(stored)


async def test_the_secret_is_not_in_any_log(admin: Client, receiver: Receiver, capfd: Any) -> None:
    made = await admin.made("/webhooks", {"url": receiver.url(), "events": ["*"]})
    await admin.post(f"/webhooks/{made['id']}/test")
    await asyncio.to_thread(receiver.wait, 1)
    out, err = capfd.readouterr()
    assert made["secret"] not in out + err
