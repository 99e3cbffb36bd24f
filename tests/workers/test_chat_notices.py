"""What chat targets are told: of what is theirs, once, together, not at night, and nothing of what was read."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.core.caller import Caller, system
from gateway.core.commands.chat import AddChatTarget
from gateway.core.commands.contacts import EraseContact
from gateway.core.commands.conversations import AddNote, AssignConversation, ClaimConversation, MarkRead
from gateway.core.commands.settings import ReportHealth, SuspendWorkspace
from gateway.domain.chat import ChatTarget
from gateway.domain.model import Work
from gateway.domain.policy import Visibility
from gateway.domain.visibility import Role
from gateway.feed.chat import CHAT_NOTICE, ChatNoticesDue
from gateway.feed.to_work import FOLLOWER, ToWork
from gateway.host.notifiers import Notifiers
from gateway.host.registry import Registered
from gateway.host.secrets import SecretBox
from gateway.sdk.errors import NoticeFailed
from gateway.sdk.registration import Notifier
from gateway.workers.backoff import Backoff
from gateway.workers.chat_notices import ChatNotices
from gateway.workers.metrics import WorkMetrics
from gateway.workers.runner import Kind, Runner
from tests.core.running import Core, running_core
from tests.feed.test_following import follower
from tests.host.parts import KEY, Moment

BOX = SecretBox([KEY])
OTHER = "+14155550149"
EVERYTHING = ("message", "assigned", "mention", "failed", "gateway")


@dataclass
class Bell:
    """A node that tells, and a service that takes what it is told, or doesn't."""

    core: Core
    moment: Moment
    runner: Runner
    follower: Any
    fails: int = 0
    told: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, _: Any, target: str, text: str) -> None:
        if self.fails:
            self.fails -= 1
            raise NoticeFailed("It is closed.")
        self.told.append((target, text))

    async def target(self, caller: Caller, address: str, *of: str, **more: Any) -> ChatTarget:
        command = AddChatTarget("bell", address, BOX.seal(address), of or ("message",), **more)
        made: ChatTarget = await self.core.writer.execute(command, caller)
        return made

    async def pass_time(self, seconds: float = 5) -> list[tuple[str, str]]:
        """What was told in the meantime."""
        before = len(self.told)
        await self.follower.catch_up()
        self.core.clock.forward(round(seconds * 1000))
        self.moment.now += seconds
        while await self.runner.round(lambda: None):
            await self.runner.settled()
        return self.told[before:]


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


@pytest.fixture
async def bell(core: Core, moment: Moment) -> Bell:
    async def send(*given: Any) -> None:
        await found.send(*given)

    no_context: Any = lambda *_: None  # noqa: E731
    notifiers = Notifiers({"bell": Registered("shop", Notifier("bell", "Bell", send))}, no_context)
    notices = ChatNotices(
        core.database, core.writer.execute, core.directory.get, notifiers, BOX, "https://desk.example", core.clock
    )
    kinds = {CHAT_NOTICE: Kind(notices.tell, Backoff(5.0, 60.0, 3), at_once=4)}
    runner = Runner(core.database, kinds, WorkMetrics(CollectorRegistry()), moment.pace(core.clock), "node/1")
    ids = core.around.ids
    to_work = ToWork(lambda _: (), ids, core.clock, (ChatNoticesDue(ids, core.clock).work,))
    found = Bell(core, moment, runner, follower(core, FOLLOWER, to_work.apply, batch=100))
    return found


async def the_conversation(core: Core) -> int:
    return (await core.conversations())[0].id


async def test_who_wrote_and_where_and_never_what(bell: Bell, core: Core) -> None:
    await bell.target(core.agent, "tom")
    await core.receive("My secret")
    assert await bell.pass_time(1) == [], "whoever looks at it has read it in a moment"
    ((target, text),) = await bell.pass_time(5)
    assert target == "tom"
    assert text.startswith("+1 415-555-0148 wrote. https://desk.example/conversations/cnv_")
    assert "secret" not in text
    assert await bell.pass_time(60) == [], "once"


async def test_nothing_leaves_a_workspace_that_is_suspended(bell: Bell, core: Core) -> None:
    await bell.target(core.admin, "desk")
    await core.writer.execute(SuspendWorkspace(True), system(core.workspace_id))
    await core.receive("Hello")
    assert await bell.pass_time(120) == []
    await core.writer.execute(SuspendWorkspace(False), system(core.workspace_id))
    assert len(await bell.pass_time(120)) == 1


async def test_what_was_read_is_not_told(bell: Bell, core: Core) -> None:
    await bell.target(core.agent, "tom")
    await bell.target(core.admin, "ana")
    received = await core.receive("Hello")
    assert received.message is not None
    await core.writer.execute(MarkRead(thread_id=received.message.thread_id), core.agent)
    assert [target for target, _ in await bell.pass_time()] == ["ana"]


async def test_only_what_is_mine(bell: Bell, core: Core) -> None:
    await bell.target(core.agent, "tom", only_mine=True)
    await bell.target(core.admin, "ana")
    await core.receive("Hello")
    assert [target for target, _ in await bell.pass_time()] == ["ana"], "nobody's is nobody's yet"
    await core.writer.execute(ClaimConversation(await the_conversation(core)), core.agent)
    await core.receive("Still there?")
    assert [target for target, _ in await bell.pass_time()] == ["tom"], "it is nobody else's any more"


async def test_what_comes_meanwhile_is_told_together_and_not_at_night(bell: Bell, core: Core) -> None:
    await bell.target(core.agent, "tom", digest=15)
    await core.receive("One")
    assert await bell.pass_time(60) == []
    await core.receive("Two")
    await core.receive("From another", sender=OTHER)
    assert await bell.pass_time(60) == []
    ((_, text),) = await bell.pass_time(15 * 60)
    assert [line.partition(" wrote")[0] for line in text.splitlines()] == ["+1 415-555-0148", "+1 415-555-0149"]
    now = core.clock() // 60_000 % 1_440
    night = {"quiet_start": now, "quiet_end": (now + 120) % 1_440, "timezone": "UTC"}
    await bell.target(core.admin, "ana", **night)
    await core.receive("In the night")
    assert [target for target, _ in await bell.pass_time(60)] == []
    assert "ana" in [target for target, _ in await bell.pass_time(7_200)]


async def test_each_kind_is_told_to_whom_it_is_for(bell: Bell, core: Core) -> None:
    await bell.target(core.agent, "tom", *EVERYTHING)
    await bell.target(core.admin, "team", *EVERYTHING, everybody=True)
    tom = core.users[Role.AGENT]
    received = await core.receive("Hello")
    assert received.message is not None
    await bell.pass_time()
    conversation = await the_conversation(core)
    await core.writer.execute(AssignConversation(conversation, user_id=tom.id), core.admin)
    ((target, text),) = await bell.pass_time()
    assert target == "tom"
    assert "is yours now" in text
    await core.writer.execute(AddNote(received.message.thread_id, "@Tom Becker look"), core.admin)
    ((target, text),) = await bell.pass_time()
    assert (target, "names you" in text, "look" in text) == ("tom", True, False)
    await core.writer.execute(ReportHealth(core.gateway_id, "down", "No bind"), core.admin)
    ((target, text),) = await bell.pass_time()
    assert (target, text) == ("team", "The gateway one is down. https://desk.example/settings/gateways")


async def test_where_not_everybody_sees_everything_several_people_read_no_name(bell: Bell, core: Core) -> None:
    await bell.target(core.admin, "team", everybody=True)
    await core.policy(visibility=Visibility.OWNER)
    await core.receive("Hello")
    ((_, text),) = await bell.pass_time()
    assert text.startswith("Somebody wrote. ")
    await core.receive("More")
    await core.send("Here you are")
    assert await bell.pass_time() == [], "it was answered"


async def test_what_fails_is_tried_again_then_parked_and_said(bell: Bell, core: Core) -> None:
    target = await bell.target(core.agent, "tom")
    await core.receive("Hello")
    bell.fails = 1
    assert await bell.pass_time() == []
    assert [one.last_error for one in await core.all(ChatTarget)] == ["It is closed."]
    assert len(await bell.pass_time(10)) == 1
    (after,) = await core.all(ChatTarget)
    assert (after.last_error, after.told_at is not None) == (None, True)
    bell.fails = 100
    await core.receive("Again")
    for _ in range(4):
        await bell.pass_time(120)
    assert [(one.kind, one.state, one.subject_id) for one in await core.all(Work) if one.state == "parked"] == [
        (CHAT_NOTICE, "parked", target.id)
    ]
    bell.fails = 0
    await core.receive("And again", sender=OTHER)
    assert len(await bell.pass_time()) == 1, "what is parked holds up nothing"


async def test_an_erased_contact_is_named_to_nobody(bell: Bell, core: Core) -> None:
    await bell.target(core.agent, "tom", digest=15)
    received = await core.receive("Hello")
    assert received.message is not None
    await bell.follower.catch_up()
    await core.writer.execute(EraseContact(received.message.contact_id), core.admin)
    assert await bell.pass_time(1_000) == []
