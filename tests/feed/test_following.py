"""Followers: everything once, in order, whoever else follows; work and the index made of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.domain.ids import IdSource
from gateway.domain.model import Event, Work
from gateway.feed import indexer
from gateway.feed.follower import Follower, FollowingWay
from gateway.feed.metrics import FeedMetrics
from gateway.feed.tail import EventTail
from gateway.feed.to_work import ToWork
from gateway.feed.wakeups import EVENTS, SENDS, WORK, LocalWakeups, notify
from gateway.storage.find import find_messages
from gateway.storage.session import Session
from tests.core.running import Core, running_core
from tests.host.parts import Moment, until


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


class Seen:
    """What a follower was handed."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.faults = 0

    def apply(self, session: Session, workspace_id: int, events: Sequence[Event]) -> None:
        if self.faults:
            self.faults -= 1
            raise ValueError("not today")
        self.positions += [event.position for event in events]


def follower(
    core: Core, name: str, apply: Any, moment: Moment | None = None, batch: int = 3, tail: EventTail | None = None
) -> Follower:
    return Follower(
        name, apply, core.database, core.directory.workspace_ids, FeedMetrics(CollectorRegistry()),
        moment or Moment(), way=FollowingWay(batch=batch, tail=tail or EventTail()),
    )  # fmt: skip


async def test_what_this_node_wrote_is_not_read_back(core: Core) -> None:
    seen, tail = Seen(), EventTail()
    following = follower(core, "test", seen.apply, batch=100, tail=tail)
    await core.receive("first")
    await following.catch_up()
    core.writer.on_commit.append(tail.take)
    await core.receive("here")
    reads: list[Any] = []
    event_log_after = following._read
    following._read = lambda *given, **named: reads.append(given) or event_log_after(*given, **named)  # type: ignore[method-assign,func-returns-value]
    await following.catch_up()
    assert reads == []
    tail._pieces.clear()
    await core.receive("elsewhere")
    await following.catch_up()
    assert seen.positions == [event.position for event in await core.events()]


async def test_everything_comes_once_and_in_order(core: Core) -> None:
    seen = Seen()
    following = follower(core, "test", seen.apply)
    for number in range(4):
        await core.receive(str(number))
    count = await following.catch_up()
    expected = [event.position for event in await core.events()]
    assert seen.positions == expected
    assert count == len(expected)
    assert await following.catch_up() == 0
    await core.receive("more")
    await follower(core, "test", seen.apply).catch_up()
    assert seen.positions == [event.position for event in await core.events()]


async def test_two_nodes_with_one_follower_do_the_work_once(core: Core) -> None:
    listeners: Callable[[str], Sequence[tuple[str, str]]] = lambda event_type: (("audit", "any_event"),)  # noqa: E731
    nodes = [
        follower(core, "to_work", ToWork(listeners, IdSource(number, core.clock), core.clock).apply)
        for number in (2, 3)
    ]
    for number in range(5):
        await core.receive(str(number))
        await asyncio.gather(*(node.catch_up() for node in nodes))
    await nodes[0].catch_up()
    made = sorted(work.data["position"] for work in await core.all(Work) if work.kind == "hook")
    assert made == [event.position for event in await core.events()]


async def test_a_batch_that_fails_is_tried_again_later(core: Core) -> None:
    seen, moment = Seen(), Moment()
    following = follower(core, "test", seen.apply, moment)
    await core.receive()
    seen.faults = 2
    assert await following.catch_up() == 0
    assert await following.catch_up() == 0
    assert seen.faults == 1, "it pauses"
    moment.now += 1.1
    await following.catch_up()
    moment.now += 2.1
    await following.catch_up()
    assert seen.positions == [event.position for event in await core.events()]


async def test_a_wake_up_is_enough(core: Core) -> None:
    seen, wakeups, woken = Seen(), LocalWakeups(), []
    core.writer.on_commit.append(lambda events: notify(wakeups, events))
    following = asyncio.create_task(follower(core, "test", seen.apply).run(wakeups, lambda: woken.append(True)))
    await core.receive()
    await until(lambda: bool(woken))
    assert seen.positions == [event.position for event in await core.events()]
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def test_message_text_is_found_a_moment_later(core: Core) -> None:
    received = await core.receive("The lighthouse keeper")
    sent = await core.send("Ferry at noon")
    assert received.message is not None

    async def found(words: str) -> list[int]:
        hits = await core.database.read(lambda session: find_messages(session, core.workspace_id, words, 10))
        return [hit.message_id for hit in hits]

    assert await found("lighthouse") == []
    await follower(core, indexer.FOLLOWER, indexer.index).catch_up()
    assert await found("lighthouse") == [received.message.id]
    assert await found("ferry") == [sent.id]


@pytest.mark.parametrize(
    ("type_", "status", "wakes"),
    [
        ("message_queued", "queued", True),
        ("message_status_changed", "queued", True),
        ("message_status_changed", "failed", True),
        ("message_status_changed", "uncertain", True),
        ("settings_changed", None, True),
        ("message_status_changed", "sending", False),
        ("message_status_changed", "sent", False),
        ("message_status_changed", "delivered", False),
        ("message_received", None, False),
        ("conversation_opened", None, False),
    ],
)
async def test_the_sender_is_woken_where_a_send_may_be_due(type_: str, status: str | None, wakes: bool) -> None:
    wakeups = LocalWakeups()
    events, sends = wakeups.listen(EVENTS), wakeups.listen(SENDS)
    notify(wakeups, [Event(1, 1, type_, 0, "system", data={} if status is None else {"status": status})])
    assert await events.wait(0)
    assert await sends.wait(0) is wakes


async def test_bells_remember_and_topics_differ() -> None:
    wakeups = LocalWakeups()
    events, work = wakeups.listen(EVENTS), wakeups.listen(WORK)
    wakeups.wake(EVENTS)
    wakeups.wake(EVENTS)
    assert await events.wait(0)
    assert not await events.wait(0)
    assert not await work.wait(0)
    waiting = asyncio.create_task(wakeups.wait(WORK, 5))
    await asyncio.sleep(0)
    wakeups.wake(WORK)
    assert await waiting
    events.close()
    wakeups.wake(EVENTS)
    assert not await events.wait(0)
