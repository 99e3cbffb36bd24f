"""Somebody outside: knows only the HTTP contract, a token, and what a message centre says."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from plugins.sms_smpp.tests.centre import Centre
from tests.support.gateway import RunningGateway

PATIENCE_S = 60.0
LOOK_AGAIN_S = 0.05


def make_token(data: Path, database: str | None = None, role: str = "administrator") -> str:
    """A token from the command line, beside the running server."""
    command = [sys.executable, "-m", "gateway", "token", "create", "--role", role, "--data", str(data)]
    command += [] if database is None else ["--database", database]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]


class Join(Protocol):
    """What the `join` fixture gives."""

    def __call__(self, running: RunningGateway, database: str | None = None) -> "Outside":
        """A client of a running gateway, with a token of its own."""


@dataclass
class Outside:
    """A client of the API."""

    session: aiohttp.ClientSession
    url: str
    token: str

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and decoded answer."""
        sent = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        async with self.session.request(method, f"{self.url}/api/v1{path}", json=body, headers=sent) as answer:
            return answer.status, await answer.json(content_type=None) if answer.status != 204 else None

    async def get(self, path: str) -> Any:
        status, answer = await self.call("GET", path)
        assert status == 200, (status, answer)
        return answer

    async def post(self, path: str, body: Any) -> Any:
        status, answer = await self.call("POST", path, body)
        assert status in (200, 201, 202), (status, answer)
        return answer

    async def everything(self, path: str) -> list[Any]:
        """All pages of a list."""
        found: list[Any] = []
        cursor = None
        while True:
            mark = "&" if "?" in path else "?"
            page = await self.get(f"{path}{mark}limit=200" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                return found

    async def add_smpp(self, centre: Centre, name: str = "Centre", **settings: Any) -> Any:
        """A gateway bound to a centre on loopback, once both say so."""
        wanted = {"host": "127.0.0.1", "port": centre.port, "system_id": "shop", "password": "secret", **settings}
        gateway = await self.post("/gateways", {"plugin": "sms_smpp", "name": name, "settings": wanted})
        await centre.said("bind_transceiver")
        await self.until(f"/gateways/{gateway['id']}/health", lambda health: health["state"] == "ok")
        return gateway

    async def add_sender(self, value: str, *gateways: Any, kind: str = "long_code") -> Any:
        return await self.post(
            "/senders", {"kind": kind, "value": value, "gateway_ids": [gateway["id"] for gateway in gateways]}
        )

    async def until(self, path: str, reached: Callable[[Any], bool]) -> Any:
        """Asks again until the answer is as wanted."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = await self.get(path)
            if reached(answer):
                return answer
            assert time.monotonic() < deadline, answer
            await asyncio.sleep(LOOK_AGAIN_S)
