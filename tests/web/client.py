"""A client that knows only HTTP and the contract."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp


@dataclass(frozen=True)
class Reply:
    """What came back; `body` is parsed JSON where it is JSON."""

    status: int
    headers: Any
    body: Any
    text: str

    def __getitem__(self, key: str) -> Any:
        return self.body[key]


@dataclass
class Client:
    """Somebody with a token (or with nothing) in front of one server."""

    http: aiohttp.ClientSession
    url: str
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Reply:
        headers = {**self.headers, **more.pop("headers", {})}
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            more["json"] = body
        base = "" if path.startswith(("/c/", "/-/", "/api/", "/login", "/invitation")) else "/api/v1"
        async with self.http.request(
            method, f"{self.url}{base}{path}", headers=headers, allow_redirects=False, **more
        ) as response:
            text = await response.text(errors="replace")
            json = response.content_type.endswith(("/json", "+json"))
            parsed = await response.json(content_type=None) if json and text else None
            return Reply(response.status, response.headers, parsed, text)

    async def get(self, path: str, **more: Any) -> Reply:
        return await self.ask("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        return await self.ask("POST", path, body, **more)

    async def patch(self, path: str, body: Any, **more: Any) -> Reply:
        return await self.ask("PATCH", path, body, **more)

    async def put(self, path: str, **more: Any) -> Reply:
        return await self.ask("PUT", path, **more)

    async def delete(self, path: str, **more: Any) -> Reply:
        return await self.ask("DELETE", path, **more)

    async def made(self, path: str, body: Any) -> Any:
        """Posts what must work, and gives the answer's body."""
        reply = await self.post(path, body)
        assert reply.status in (200, 201, 202), reply.text
        return reply.body

    async def until(self, look: Callable[[], Awaitable[Any]], seconds: float = 60) -> Any:
        """Asks until the answer is true; the server says when, so nothing is slept through."""
        deadline = time.monotonic() + seconds
        after = 0
        while not (found := await look()):
            assert time.monotonic() < deadline, "it never came true"
            page = await self.get(f"/events?after={after}&wait=1&limit=200")
            if page["items"]:
                after = page["items"][-1]["position"]
            await asyncio.sleep(0)
        return found
