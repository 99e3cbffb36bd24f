"""The whole product in this process on an empty database, and people of each role in front of it."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.app.serve import running
from gateway.config import Settings
from gateway.core.caller import system
from gateway.core.commands.people import CreateToken
from gateway.domain.visibility import Role
from gateway.web.auth.passwords import Cost
from gateway.web.auth.secret import TOKEN_PREFIX, digest_of, new_secret
from gateway.web.state import AppState
from tests.web.client import Client

CHEAP = Cost(memory_kib=8, passes=1)


@dataclass
class World:
    """A running server and whoever may be in front of it."""

    state: AppState
    url: str
    http: aiohttp.ClientSession
    said: list[str]

    async def someone(self, role: Role, *groups: int) -> Client:
        """A client with a new token of a role."""
        secret = new_secret(os.urandom, TOKEN_PREFIX)
        workspace = (await self.state.directory.workspace_ids())[0]
        command = CreateToken(f"A {role}", role, digest_of(secret), groups)
        await self.state.writer.execute(command, system(workspace))
        return Client(self.http, self.url, secret)

    def nobody(self) -> Client:
        """A client without a token."""
        return Client(self.http, self.url)


Serve = Callable[..., Awaitable[World]]


@pytest.fixture
async def serve_here(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Serve]:
    """Starts servers in this process, on a database without rows; they end with the test."""
    from contextlib import AsyncExitStack

    async with AsyncExitStack() as stack:
        data = tmp_path / "data"
        data.mkdir()
        shutil.copyfile(sqlite_template, data / "gateway.db")
        http = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))

        async def start(**settings: Any) -> World:
            said: list[str] = []
            given = Settings(port=0, data=str(data), **settings)
            state = await stack.enter_async_context(running(given, said.append, CHEAP))
            return World(state, said[-1].removeprefix("Messenger ready at "), http, said)

        yield start


@pytest.fixture
async def world(serve_here: Serve) -> World:
    """One server with everything as an installation starts."""
    return await serve_here()


@pytest.fixture
async def admin(world: World) -> Client:
    return await world.someone(Role.ADMINISTRATOR)


@pytest.fixture
async def supervisor(world: World) -> Client:
    return await world.someone(Role.SUPERVISOR)


@pytest.fixture
async def agent(world: World) -> Client:
    return await world.someone(Role.AGENT)


@dataclass
class Phone:
    """A contact with the simulator's phone in hand."""

    client: Client
    token: str
    number: str
    to: str = "+12025550100"

    async def text(self, body: str, **more: Any) -> None:
        reply = await self.client.post(
            f"/c/{self.token}/inbound", {"from": self.number, "to": self.to, "body": body, **more}
        )
        assert reply.status == 200, reply.text

    async def conversation(self, view: str = "all") -> Any:
        """The conversation of this number, as its client sees it."""
        found = await self.client.get(f"/conversations?view={view}&q={self.number.removeprefix('+')}")
        assert found.status == 200, found.text
        return found["items"][0] if found["items"] else None


@pytest.fixture
async def phone(world: World, admin: Client) -> Callable[..., Phone]:
    """Makes contacts with numbers of their own."""
    gateways = (await admin.get("/gateways"))["items"]

    def make(number: str = "+12025550155", client: Client | None = None) -> Phone:
        return Phone(client or admin, gateways[0]["token"], number)

    return make
