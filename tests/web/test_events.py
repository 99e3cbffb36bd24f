"""The log by long poll and by server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import Phone, World

FIELDS = {"position", "type", "at", "thread_id", "conversation_id", "message_id", "actor", "cause", "data"}


async def frames(response: aiohttp.ClientResponse) -> AsyncIterator[dict[str, str]]:
    """Each event of a stream as its fields."""
    frame: dict[str, str] = {}
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            frame[name] = value
        elif "data" in frame:
            yield frame
            frame = {}
        else:
            frame = {}


async def test_the_log_tells_what_happened_and_no_bodies(admin: Client, phone: Callable[..., Phone]) -> None:
    await phone().text("A secret text")
    reply = await admin.get("/events?limit=200")
    types = [event["type"] for event in reply["items"]]
    assert {"contact_created", "conversation_opened", "message_received"} <= set(types)
    assert all(set(event) >= FIELDS for event in reply["items"])
    positions = [event["position"] for event in reply["items"]]
    assert positions == sorted(positions)
    assert "secret" not in reply.text
    only = await admin.get("/events?types=message_received,conversation_opened")
    assert {event["type"] for event in only["items"]} == {"message_received", "conversation_opened"}
    after = await admin.get(f"/events?after={positions[-2]}")
    assert [event["position"] for event in after["items"]] == positions[-1:]


async def test_a_long_poll_waits_for_the_first(admin: Client, phone: Callable[..., Phone]) -> None:
    last = (await admin.get("/events?limit=200"))["items"][-1]["position"]
    began = time.monotonic()
    waiting = asyncio.create_task(admin.get(f"/events?after={last}&wait=30&types=message_received"))
    await phone().text("Hello")
    reply = await waiting
    assert [event["type"] for event in reply["items"]] == ["message_received"]
    assert time.monotonic() - began < 30
    assert (await admin.get("/events?after=1000000&wait=0.1"))["items"] == []


async def test_a_stream_resumes_and_goes_on_live(admin: Client, phone: Callable[..., Phone]) -> None:
    contact = phone()
    await contact.text("First")
    seen = (await admin.get("/events?types=message_received"))["items"]
    headers = {"Authorization": f"Bearer {admin.token}", "Last-Event-ID": str(seen[0]["position"] - 1)}
    url = f"{admin.url}/api/v1/events/stream?types=message_received"
    async with asyncio.timeout(60), admin.http.get(url, headers=headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        stream = frames(response)
        first = await anext(stream)
        assert (first["event"], int(first["id"])) == ("message_received", seen[0]["position"])
        await contact.text("Second")
        second: Any = json.loads((await anext(stream))["data"])
        assert second["position"] > seen[0]["position"]
        assert second["message_id"] != seen[0]["message_id"]


async def test_a_revoked_token_ends_its_stream_within_seconds(world: World, admin: Client) -> None:
    made = await admin.made("/tokens", {"name": "Robot", "role": "agent"})
    headers = {"Authorization": f"Bearer {made['token']}"}
    async with asyncio.timeout(60), world.http.get(f"{world.url}/api/v1/events/stream", headers=headers) as response:
        assert response.status == 200
        await admin.delete(f"/tokens/{made['id']}")
        async for _ in response.content:
            pass  # it ends by itself, or the timeout says that it did not


async def test_a_conversation_that_is_given_away_is_no_longer_told(
    world: World, admin: Client, phone: Callable[..., Phone]
) -> None:
    await admin.patch("/workspace", {"policy": {"visibility": "owner"}})
    ann, ben = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    contact = phone()
    await contact.text("Hello")
    conversation = (await contact.conversation())["id"]
    url, headers = f"{world.url}/api/v1/events/stream", {"Authorization": f"Bearer {ben.token}"}
    async with asyncio.timeout(60), world.http.get(url, headers=headers) as response:
        stream = frames(response)
        await ann.post(f"/conversations/{conversation}/claim")
        await contact.text("For Ann only")
        await admin.made("/tags", {"name": "marker"})
        told = json.loads((await anext(stream))["data"])
        assert told["type"] == "settings_changed"
