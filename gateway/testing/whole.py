"""The whole gateway in this process, with the plugins that are installed, and a client in front of it."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from gateway.app.serve import running
from gateway.config import Settings
from gateway.core.caller import system
from gateway.core.commands.people import CreateToken
from gateway.domain.visibility import Role
from gateway.sdk import WebhookRequest
from gateway.web.auth.passwords import Cost
from gateway.web.auth.secret import TOKEN_PREFIX, digest_of, new_secret

_CHEAP = Cost(memory_kib=8, passes=1)
_ROUNDS = 20  # long polls of a second each


@dataclass(frozen=True, slots=True)
class Reply:
    """What the API answered; `body` is parsed."""

    status: int
    body: Any


class WholeGateway:
    """A running gateway, as an administrator's token sees it."""

    def __init__(self, url: str, token: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, body: Any = None) -> Reply:
        """One call of the API; `path` is what follows `/api/v1`."""
        async with self._http.request(method, f"{self.url}/api/v1{path}", json=body, headers=self._headers) as answer:
            return Reply(answer.status, await answer.json(content_type=None))

    async def made(self, path: str, body: Any) -> Any:
        """Posts what must work; the answer's body. Raises AssertionError, with the problem, when it doesn't."""
        reply = await self.ask("POST", path, body)
        assert reply.status in (200, 201, 202), reply.body
        return reply.body

    async def upload(self, content: bytes, name: str, content_type: str) -> Any:
        """A file, to be sent with a message."""
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name, content_type=content_type)
        async with self._http.post(f"{self.url}/api/v1/media", data=form, headers=self._headers) as answer:
            assert answer.status == 201, await answer.text()
            return await answer.json()

    async def add_gateway(
        self, plugin: str, settings: Mapping[str, Any], *senders: Mapping[str, Any], name: str | None = None
    ) -> Any:
        """A gateway, and senders it serves, each `{kind, value}`."""
        named = name or f"My {plugin}"
        gateway = await self.made("/gateways", {"plugin": plugin, "name": named, "settings": dict(settings)})
        for sender in senders:
            await self.made("/senders", {**sender, "gateway_ids": [gateway["id"]]})
        return gateway

    async def call(self, gateway: Any, request: WebhookRequest) -> int:
        """Calls a gateway's webhook over HTTP; the status of its answer. Sign what `addressed` gives, not before."""
        async with self._http.request(
            request.method, request.url, data=request.body, headers=request.headers, allow_redirects=False
        ) as answer:
            return answer.status

    def addressed(self, gateway: Any, request: WebhookRequest) -> WebhookRequest:
        """The same request, as it would be sent to this gateway."""
        query = urlsplit(request.url).query
        return replace(
            request, url=f"{self.url}/c/{gateway['token']}/{request.action}" + (f"?{query}" if query else "")
        )

    async def served(self, gateway: Any, action: str) -> Any:
        """What a gateway's webhook answers to a GET, parsed."""
        async with self._http.get(f"{self.url}/c/{gateway['token']}/{action}") as answer:
            return await answer.json(content_type=None)

    async def message(self, message_id: str, *statuses: str) -> Any:
        """A message, as soon as it has one of the statuses."""

        async def look() -> Any:
            found = (await self.ask("GET", f"/messages/{message_id}")).body
            return found if found["status"] in statuses else None

        return await self.until(look, f"the message becomes {' or '.join(statuses)}")

    async def received(self) -> list[Any]:
        """Every message that came in, oldest first."""
        page = (await self.ask("GET", "/events?types=message_received&limit=200")).body
        return [(await self.ask("GET", f"/messages/{event['message_id']}")).body for event in page["items"]]

    async def until(self, look: Callable[[], Awaitable[Any]], what: str) -> Any:
        """Asks again after every event, until the answer is true. Raises AssertionError when it never is."""
        after = 0
        for _ in range(_ROUNDS):
            if found := await look():
                return found
            page = (await self.ask("GET", f"/events?after={after}&wait=1&limit=200")).body
            after = page["items"][-1]["position"] if page["items"] else after
        raise AssertionError(f"it never came true that {what}")


@asynccontextmanager
async def whole_gateway(folder: Path, **settings: Any) -> AsyncIterator[WholeGateway]:
    """Starts it on a free port with an empty database in `folder`; requests to loopback are let through.

    `settings` are those of `gateway.toml`.
    """
    said: list[str] = []
    given = {"port": 0, "data": str(folder / "data"), "allow_hosts": ["127.0.0.0/8", "::1"], **settings}
    async with (
        running(Settings(**given), said.append, _CHEAP) as state,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False) as http,
    ):
        token = new_secret(os.urandom, TOKEN_PREFIX)
        workspace = (await state.directory.workspace_ids())[0]
        command = CreateToken("A test", Role.ADMINISTRATOR, digest_of(token), ())
        await state.writer.execute(command, system(workspace))
        yield WholeGateway(said[-1].removeprefix("Messenger ready at "), token, http)
