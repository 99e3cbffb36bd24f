"""The heart of the contract on SQLite and on PostgreSQL, and two nodes on one database."""

import asyncio
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
from cryptography.fernet import Fernet

from gateway.app.serve import running
from gateway.config import Settings
from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import CHEAP, Serve, World


async def test_a_conversation_from_the_first_text_to_the_last(database_url: str, serve_here: Serve) -> None:
    world = await serve_here(database=database_url)
    admin = await world.someone(Role.ADMINISTRATOR)
    token = (await admin.get("/gateways"))["items"][0]["token"]
    inbound = {"from": "+12025550155", "to": "+12025550100", "body": "Is it ready?", "id": "in-1"}
    for _ in range(3):
        assert (await admin.post(f"/c/{token}/inbound", inbound)).status == 200
    one = (await admin.get("/conversations"))["items"][0]
    assert (one["unread"], one["needs_reply"]) == (1, True)
    for q in ("5550155", "ready"):

        async def found(q: str = q) -> bool:
            return bool((await admin.get(f"/conversations?view=all&q={q}"))["items"])

        await admin.until(found)
    sent = await admin.made("/messages", {"thread_id": one["thread_id"], "body": "Yes"})

    async def delivered() -> bool:
        return bool((await admin.get(f"/messages/{sent['id']}"))["status"] == "delivered")

    await admin.until(delivered)
    await admin.made(f"/threads/{one['thread_id']}/notes", {"body": "Asked about the order"})
    done = await admin.made(f"/conversations/{one['id']}/complete", {"message": "See you"})
    assert (done["state"], done["completed_count"]) == ("completed", 1)
    entries = (await admin.get(f"/threads/{one['thread_id']}/entries"))["items"]
    said = [entry["message"]["body"] for entry in entries if entry["message"]]
    assert said == ["Is it ready?", "Yes", "See you"]
    assert (await admin.get("/-/ready"))["ready"] is True


async def test_the_same_key_at_once_is_one_message(database_url: str, serve_here: Serve) -> None:
    world = await serve_here(database=database_url)
    admin = await world.someone(Role.ADMINISTRATOR)
    body, headers = {"to": "+12025550177", "body": "Once"}, {"Idempotency-Key": "order-7"}
    replies = await asyncio.gather(*(admin.post("/messages", body, headers=headers) for _ in range(10)))
    assert len({(reply.status, reply.text) for reply in replies}) == 1


async def test_two_nodes_on_one_postgresql(postgres_database: Callable[[], str], tmp_path: Path) -> None:
    """What one takes the other shows; a key used on both at once is still one message; a token ends on both."""
    url, key = postgres_database(), Fernet.generate_key().decode()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        worlds: list[World] = []
        for name in ("one", "two"):
            said: list[str] = []
            settings = Settings(port=0, data=str(tmp_path / name), database=url, secret_key=key)
            state = await stack.enter_async_context(running(settings, said.append, CHEAP))
            worlds.append(World(state, said[-1].removeprefix("Messenger ready at "), http, said))
        first, second = worlds
        admin = await first.someone(Role.ADMINISTRATOR)
        there = Client(http, second.url, admin.token)
        assert len((await there.get("/gateways"))["items"]) == 1
        body, headers = {"to": "+12025550177", "body": "Once"}, {"Idempotency-Key": os.urandom(4).hex()}
        replies = await asyncio.gather(
            *(client.post("/messages", body, headers=headers) for client in (admin, there) * 5)
        )
        taken = {reply.text for reply in replies if reply.status == 202}
        assert len(taken) == 1
        assert {reply.status for reply in replies} <= {202, 409}
        token = (await admin.get("/gateways"))["items"][0]["token"]
        texts: list[Any] = await asyncio.gather(
            *(
                client.post(
                    f"/c/{token}/inbound", {"from": "+12025550156", "to": "+12025550100", "body": f"Text {number}"}
                )
                for number, client in enumerate((admin, there) * 10)
            )
        )
        assert {reply.status for reply in texts} == {200}
        assert len((await there.get("/conversations?view=all&q=5550156"))["items"]) == 1
