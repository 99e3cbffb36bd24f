"""A running core on a real database: what the tests of writing, receiving and sending stand on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.core.batch import Surroundings
from gateway.core.caller import Caller, system
from gateway.core.commands.messages import (
    BeginSend,
    Received,
    ReceiveMessage,
    RecordSent,
    SendMessage,
    Start,
)
from gateway.core.directory import Directory
from gateway.core.installation import ensure_workspace
from gateway.core.scene import CapabilitiesOf
from gateway.core.writer import Writer
from gateway.domain.address import provider_address
from gateway.domain.ids import IdSource, format_id
from gateway.domain.joining import Concat
from gateway.domain.model import Conversation, Event, Message, Work
from gateway.domain.people import User
from gateway.domain.policy import Policy
from gateway.domain.sender import Capabilities, SenderKind
from gateway.domain.settings import Gateway, Sender, Workspace
from gateway.domain.visibility import Role, Viewer
from gateway.sdk.values import PartResult, SendResult
from gateway.storage import event_log, work_queue
from gateway.storage.connect import open_database
from gateway.storage.database import Database
from gateway.storage.migrate import migrate
from gateway.storage.records import GATEWAYS, SENDERS, TABLES, USERS, WORKSPACES

DESK = "+14155550132"
OTHER_DESK = "+14155550133"
MAYA = "+14155550148"
ACCOUNT = "account"

ALL = Capabilities(sms=True, mms=True, whatsapp=True, email=True)


@dataclass
class Clock:
    """Wall time that moves when told to."""

    now: int = 1_790_000_000_000

    def __call__(self) -> int:
        return self.now

    def forward(self, milliseconds: int) -> None:
        self.now += milliseconds


@dataclass
class Core:
    """A workspace with two gateways, two senders, an administrator and an agent."""

    database: Database
    directory: Directory
    writer: Writer
    around: Surroundings
    clock: Clock
    workspace_id: int
    gateway_id: int
    sender_id: int
    users: dict[Role, User] = field(default_factory=dict)
    count: int = 0
    capabilities: CapabilitiesOf = lambda gateway, sender: ALL

    @property
    def admin(self) -> Caller:
        return self.caller(Role.ADMINISTRATOR)

    @property
    def agent(self) -> Caller:
        return self.caller(Role.AGENT)

    def caller(self, role: Role) -> Caller:
        user = self.users[role]
        viewer = Viewer(user.id, user.role, frozenset(user.group_ids))
        return Caller(self.workspace_id, f"user:{user.id}", viewer, user.name)

    async def receive(self, body: str = "Hello", sender: str = MAYA, to: str = DESK, **more: Any) -> Received:
        """A contact texts us."""
        self.count += 1
        command = ReceiveMessage(
            gateway_id=self.gateway_id,
            sender=provider_address(sender),
            recipient=provider_address(to),
            body=body,
            provider_key=more.pop("key", f"{ACCOUNT}|in-{self.count}"),
            account=ACCOUNT,
            **more,
        )
        return await self.writer.execute(command, system(self.workspace_id))

    async def part(self, text: str, index: int, total: int, reference: int = 7, **more: Any) -> Received:
        """One part of a long text arrives."""
        return await self.receive(text, concat=Concat(reference, total, index), **more)

    async def send(self, body: str = "Hello back", **more: Any) -> Message:
        """Somebody of the team answers."""
        caller = more.pop("caller", self.admin)
        if not {"to", "thread_id", "contact_id"} & set(more):
            more["to"] = provider_address(MAYA)
        return await self.writer.execute(SendMessage(body=body, **more), caller)

    async def claim(self, owner: str = "worker-1") -> list[Work]:
        """What a worker would pick up now."""
        return await self.database.write(
            lambda session: work_queue.claim(session, ["send"], owner, self.clock.now, 100, 60_000)
        )

    async def begin(self, work: Work) -> Any:
        """A worker is about to hand a message to its channel."""
        attempt = format_id("msg", work.subject_id or 0) + "-1"
        return await self.writer.execute(BeginSend(work, attempt), system(self.workspace_id))

    async def accepted(self, work: Work, start: Start, prefix: str = "p") -> Message | None:
        """The provider took every part."""
        parts = tuple(
            PartResult(index, f"{prefix}-{start.outbound.message_id}-{index}")
            for index in range(1, len(start.outbound.parts) + 1)
        )
        command = RecordSent(work, start.outbound.attempt, ACCOUNT, SendResult(parts))
        return await self.writer.execute(command, system(self.workspace_id))

    async def all(self, kind: type[Any]) -> list[Any]:
        """Every record of a type, oldest first."""
        table = TABLES[kind]
        from gateway.storage.query import Query

        query = Query(table.select().order_by(*table.table.primary_key.columns))
        return await self.database.read(lambda session: table.fetch(session, query))

    async def message(self, message_id: int) -> Message:
        found: Message = next(one for one in await self.all(Message) if one.id == message_id)
        return found

    async def conversations(self) -> list[Conversation]:
        return await self.all(Conversation)

    async def events(self) -> list[Event]:
        return await self.database.read(lambda session: event_log.after(session, self.workspace_id, 0, 10_000))

    async def policy(self, **changes: Any) -> None:
        """Switches policies of the workspace."""
        view = await self.directory.get(self.workspace_id)
        workspace = view.workspace
        changed = replace(workspace, version=workspace.version + 1, policy=replace(workspace.policy, **changes))
        await self.database.write(lambda session: WORKSPACES.update(session, [(workspace, changed)]))
        self.directory.forget(self.workspace_id)
        await self.directory.get(self.workspace_id)


@asynccontextmanager
async def running_core(url: str, node: int = 1) -> AsyncIterator[Core]:
    """Opens, migrates and seeds; a second one on the same database joins what is there."""
    await migrate(url)
    database = open_database(url)
    await database.open()
    clock = Clock()
    ids = IdSource(node, clock)
    workspace, created = await ensure_workspace(database, ids, clock, "Harbour & Pine")
    gateway_id, sender_id, users = await database.write(
        lambda session: _seed(session, workspace, ids, clock) if created else _known(session)
    )
    directory = Directory(database, time.monotonic)
    await directory.get(workspace.id)
    around = Surroundings(
        directory.peek,
        ids,
        lambda gateway, sender: core.capabilities(gateway, sender),  # noqa: PLW0108 - a test may change them
        lambda text: f"hashed:{hash(text)}",
    )
    writer = Writer(database, directory, around, clock)
    writer.start()
    core = Core(database, directory, writer, around, clock, workspace.id, gateway_id, sender_id, users)
    try:
        yield core
    finally:
        await writer.stop()
        await database.close()


def _seed(session: Any, workspace: Workspace, ids: IdSource, clock: Clock) -> tuple[int, int, dict[Role, User]]:
    gateways = [
        Gateway(workspace.id, ids.next(), "simulator", name, f"token-{name}", clock()) for name in ("one", "two")
    ]
    GATEWAYS.insert(session, gateways)
    senders = [
        Sender(workspace.id, ids.next(), SenderKind.LONG_CODE, value, clock(), gateway_ids=(gateways[0].id,))
        for value in (DESK, OTHER_DESK)
    ]
    SENDERS.insert(session, senders)
    users = {
        role: User(workspace.id, ids.next(), name, role, clock(), email=f"{role}@shop.example")
        for role, name in (
            (Role.ADMINISTRATOR, "Ana Reyes"),
            (Role.SUPERVISOR, "Priya Nair"),
            (Role.AGENT, "Tom Becker"),
        )
    }
    USERS.insert(session, list(users.values()))
    return gateways[0].id, senders[0].id, users


def _known(session: Any) -> tuple[int, int, dict[Role, User]]:
    from gateway.storage.query import Query

    def oldest(table: Any) -> Any:
        return table.fetch(session, Query(table.select().order_by(table.table.c.id)))

    users = {user.role: user for user in oldest(USERS)}
    return oldest(GATEWAYS)[0].id, oldest(SENDERS)[0].id, users


async def together(*awaitables: Any) -> list[Any]:
    """All at once, refusals as values."""
    return await asyncio.gather(*awaitables, return_exceptions=True)


__all__ = ["ACCOUNT", "ALL", "DESK", "MAYA", "OTHER_DESK", "Clock", "Core", "Policy", "running_core", "together"]
