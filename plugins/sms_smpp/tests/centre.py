"""Message centres in processes of their own: node-smpp and Net::SMPP."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from .log import Log

Event = dict[str, Any]

_PEERS = Path(__file__).parent / "peers"
NODE = ("node", str(_PEERS / "smsc.js"))
PERL = ("perl", str(_PEERS / "smsc.pl"))


class Centre:
    """One such process: what it says, and what it is told."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.events: Log[Event] = Log()
        self.port = 0
        self._process = process
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, command: tuple[str, ...], environment: dict[str, str]) -> "Centre":
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **environment},
        )
        centre = cls(process)
        centre.port = (await centre.said("listening"))[0]["port"]
        return centre

    async def said(self, event: str, count: int = 1) -> list[Event]:
        """The first `count` events of that name, and what followed."""
        return await self.events.wait(lambda item: item["event"] == event, count)

    def tell(self, command: str, **facts: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"command": command, **facts}).encode() + b"\n")

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reader
        assert self._process.stdin is not None
        self._process.stdin.close()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.events.add(json.loads(line))
