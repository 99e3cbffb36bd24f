"""Live streams and long polls: from a position, without gaps, for those who may see it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.core.commands.conversations import AssignConversation, ClaimConversation
from gateway.domain.model import Event
from gateway.domain.policy import Visibility
from gateway.domain.visibility import Role, Viewer
from gateway.feed.live import LiveHub, LiveLimits, TooManyStreams
from gateway.feed.longpoll import LongPoll
from gateway.feed.metrics import FeedMetrics
from gateway.feed.stream import RELOAD, Stream
from gateway.feed.wakeups import LocalWakeups, notify
from tests.core.running import Core, running_core
from tests.host.parts import Moment


def encode(event: Event) -> bytes:
    return b"%d %s\n" % (event.position, event.type.encode())


def encode_gone(event: Event) -> bytes:
    return b"%d gone\n" % event.position


@pytest.fixture
async def core(sqlite_url: str) -> AsyncIterator[Core]:
    async with running_core(sqlite_url) as core:
        yield core


class Door:
    """Who may still listen."""

    def __init__(self) -> None:
        self.viewers: dict[str, Viewer | None] = {}

    async def check(self, streams: Sequence[Stream]) -> Sequence[Viewer | None]:
        return [self.viewers.get(stream.credential, stream.viewer) for stream in streams]


def hub_of(core: Core, door: Door | None = None, **limits: Any) -> LiveHub:
    limits.setdefault("coalesce_s", 0.0)
    return LiveHub(
        core.database, core.directory, encode, encode_gone, (door or Door()).check,
        FeedMetrics(CollectorRegistry()), LiveLimits(**limits),
    )  # fmt: skip


def viewer(core: Core, role: Role = Role.ADMINISTRATOR) -> Viewer:
    found = core.caller(role).viewer
    assert found is not None
    return found


def positions(chunk: bytes | None) -> list[int]:
    assert chunk is not None
    return [int(line.split()[0]) for line in chunk.splitlines()]


async def heads(core: Core) -> list[int]:
    return [event.position for event in await core.events()]


async def test_from_a_position_without_gap_or_repeat(core: Core) -> None:
    await core.receive("1")
    await core.receive("2")
    hub = hub_of(core)
    early = await hub.open(core.workspace_id, viewer(core), "a", 1)
    await core.receive("3")
    late = await hub.open(core.workspace_id, viewer(core), "b", 1)
    now = await hub.open(core.workspace_id, viewer(core), "c", None)
    await hub.look()
    await core.receive("4")
    await hub.look()
    everything = await heads(core)
    assert positions(await early.read(0)) == everything[1:]
    assert positions(await late.read(0)) == everything[1:]
    got = positions(await now.read(0))
    assert got == everything[-len(got) :]
    assert await now.read(0) == b""


async def test_a_page_that_does_not_read_is_told_to_reload_and_holds_up_nobody(core: Core) -> None:
    hub = hub_of(core, queue=2)
    lazy = await hub.open(core.workspace_id, viewer(core), "lazy", None)
    keen = await hub.open(core.workspace_id, viewer(core, Role.AGENT), "keen", None)
    got: list[int] = []
    for number in range(6):
        await core.receive(str(number))
        await hub.look()
        got += positions(await keen.read(0))
    assert got == await heads(core)
    assert await lazy.read(0) == RELOAD
    assert await lazy.read(0) is None


async def test_too_long_away_means_reload(core: Core) -> None:
    for number in range(4):
        await core.receive(str(number))
    missed = (await heads(core))[-1] - 1
    enough = await hub_of(core, backlog=missed).open(core.workspace_id, viewer(core), "a", 1)
    assert len(positions(await enough.read(0))) == missed
    short = await hub_of(core, backlog=missed - 1).open(core.workspace_id, viewer(core), "b", 1)
    assert await short.read(0) == RELOAD
    assert await short.read(0) is None


async def test_one_sees_what_ones_role_may(core: Core) -> None:
    await core.policy(visibility=Visibility.OWNER)
    received = await core.receive("Hello")
    assert received.message is not None
    conversation = received.message.conversation_id or 0
    hub = hub_of(core)
    boss = await hub.open(core.workspace_id, viewer(core), "boss", None)
    agent = await hub.open(core.workspace_id, viewer(core, Role.AGENT), "agent", None)
    await core.writer.execute(ClaimConversation(conversation), core.agent)
    await core.receive("for the agent")
    await hub.look()
    assert positions(await agent.read(0)) == positions(await boss.read(0))
    supervisor = core.users[Role.SUPERVISOR].id
    await core.writer.execute(AssignConversation(conversation, user_id=supervisor), core.admin)
    await core.receive("for the supervisor")
    await hub.look()
    chunk = await agent.read(0)
    assert chunk is not None
    assert [line.split()[1] for line in chunk.splitlines()] == [b"gone"]
    assert len(positions(await boss.read(0))) > 1


async def test_reading_is_ones_own_business(core: Core) -> None:
    from gateway.core.commands.conversations import MarkRead

    received = await core.receive("Hello")
    assert received.message is not None
    hub = hub_of(core)
    boss = await hub.open(core.workspace_id, viewer(core), "boss", None)
    agent = await hub.open(core.workspace_id, viewer(core, Role.AGENT), "agent", None)
    await core.writer.execute(MarkRead(received.message.thread_id), core.agent)
    await hub.look()
    assert b"thread_read" in (await agent.read(0) or b"")
    assert await boss.read(0) == b""


async def test_revocation_ends_streams(core: Core) -> None:
    door = Door()
    hub = hub_of(core, door)
    out = await hub.open(core.workspace_id, viewer(core), "session:1", None)
    stays = await hub.open(core.workspace_id, viewer(core), "session:2", None)
    door.viewers["session:1"] = None
    await hub.check()
    assert await out.read(0) is None
    assert await stays.read(0) == b""
    assert hub.streams == 1


async def test_a_demoted_viewer_sees_less(core: Core) -> None:
    await core.policy(visibility=Visibility.OWNER)
    door = Door()
    hub = hub_of(core, door)
    stream = await hub.open(core.workspace_id, viewer(core), "session:1", None)
    received = await core.receive("Hello")
    assert received.message is not None
    conversation = received.message.conversation_id or 0
    await core.writer.execute(ClaimConversation(conversation), core.admin)
    await hub.look()
    await stream.read(0)
    door.viewers["session:1"] = Viewer(core.users[Role.AGENT].id, Role.AGENT, frozenset())
    await hub.check()
    await core.receive("again")
    await hub.look()
    assert await stream.read(0) == b""


async def test_how_many(core: Core) -> None:
    hub = hub_of(core, per_user=2, per_node=3)
    first = await hub.open(core.workspace_id, viewer(core), "a", None)
    second = await hub.open(core.workspace_id, viewer(core), "b", None)
    await hub.open(core.workspace_id, viewer(core), "c", None)
    assert (first.closed, second.closed, hub.streams) == (True, False, 2)
    await hub.open(core.workspace_id, viewer(core, Role.AGENT), "d", None)
    with pytest.raises(TooManyStreams):
        await hub.open(core.workspace_id, viewer(core, Role.SUPERVISOR), "e", None)
    hub.leave(second)
    hub.leave(second)
    await hub.open(core.workspace_id, viewer(core, Role.SUPERVISOR), "e", None)


async def test_the_loop_writes_within_a_moment_and_ends_streams_at_the_end(core: Core) -> None:
    wakeups, hub = LocalWakeups(), hub_of(core)
    core.writer.on_commit.append(lambda events: notify(wakeups, events))
    running = asyncio.create_task(hub.run(wakeups))
    stream = await hub.open(core.workspace_id, viewer(core), "a", None)
    await asyncio.sleep(0)
    await core.receive("Hello")
    assert positions(await stream.read(10)) == await heads(core)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await stream.read(0) is None


async def test_five_hundred_silent_pages_are_bounded(core: Core) -> None:
    hub = hub_of(core, per_user=1000, queue=3)
    streams = [await hub.open(core.workspace_id, viewer(core), str(n), None) for n in range(500)]
    for number in range(5):
        await core.receive(str(number))
        await hub.look()
    assert all([await stream.read(0) == RELOAD for stream in streams])


async def test_a_long_poll_answers_at_once_or_when_something_comes(core: Core) -> None:
    wakeups = LocalWakeups()
    core.writer.on_commit.append(lambda events: notify(wakeups, events))
    moment = Moment()
    poll = LongPoll(core.database, core.directory, wakeups, moment)
    assert await poll.events(core.workspace_id, viewer(core), 0) == ([], 0)
    waiting = asyncio.create_task(poll.events(core.workspace_id, viewer(core), 0, wait_s=30))
    await asyncio.sleep(0)
    await core.receive("Hello")
    found, after = await waiting
    assert [event.position for event in found] == list(range(1, after + 1))
    only, _ = await poll.events(core.workspace_id, viewer(core), 0, types=["message_received"])
    assert [event.type for event in only] == ["message_received"]
    first, after = await poll.events(core.workspace_id, viewer(core), 0, limit=1)
    assert (len(first), after) == (1, 1)


async def test_a_server_that_stops_answers_long_polls(core: Core) -> None:
    poll = LongPoll(core.database, core.directory, LocalWakeups(), Moment())
    waiting = asyncio.create_task(poll.events(core.workspace_id, viewer(core), 0, wait_s=30))
    await poll.events(core.workspace_id, viewer(core), 0)
    poll.close()
    assert await waiting == ([], 0)


async def test_a_long_poll_moves_past_what_one_may_not_see(core: Core) -> None:
    await core.policy(visibility=Visibility.OWNER)
    received = await core.receive("Hello")
    assert received.message is not None
    await core.writer.execute(ClaimConversation(received.message.conversation_id or 0), core.admin)
    before = (await heads(core))[-1]
    for number in range(5):
        await core.receive(str(number))
    poll = LongPoll(core.database, core.directory, LocalWakeups(), Moment())
    found, after = await poll.events(core.workspace_id, viewer(core, Role.AGENT), before, limit=2)
    assert (found, after) == ([], (await heads(core))[-1])
