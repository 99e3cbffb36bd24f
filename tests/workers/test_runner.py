"""Work that is no send: timers, hooks, files; done, tried again, parked; recovered and swept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.core.commands.conversations import SnoozeConversation
from gateway.domain.conversation import State
from gateway.domain.ids import IdSource
from gateway.domain.model import Message, Work
from gateway.domain.status import Status
from gateway.feed.follower import Follower
from gateway.feed.metrics import FeedMetrics
from gateway.feed.to_work import ToWork
from gateway.host.dispatch import Dispatcher
from gateway.host.faults import Faults
from gateway.host.metrics import HostMetrics
from gateway.sdk.events import EventView
from gateway.storage import work_queue, work_views
from gateway.storage.database import Conflict, StorageUnavailable
from gateway.storage.records import WORK
from gateway.workers.backoff import Backoff
from gateway.workers.chores import ChoreFailed, Hooks, Timers
from gateway.workers.janitor import Janitor
from gateway.workers.metrics import WorkMetrics
from gateway.workers.recovery import Recovery
from gateway.workers.runner import Kind, Runner
from tests.core.running import Core, running_core
from tests.host.parts import Moment, make_plugin, make_plugins, until

DAY = 86_400_000


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


def runner_of(core: Core, moment: Moment, **kinds: Kind) -> Runner:
    timers = Timers(core.writer.execute).chores()
    every = {kind: Kind(chore) for kind, chore in timers.items()} | kinds
    return Runner(core.database, every, WorkMetrics(CollectorRegistry()), moment.pace(core.clock), "node/1")


async def work_off(runner: Runner) -> int:
    total = 0
    while count := await runner.round(lambda: None):
        await runner.settled()
        total += count
    return total


async def add(core: Core, kind: str, **more: Any) -> Work:
    work = Work(core.workspace_id, core.around.ids.next(), kind, core.clock(), core.clock(), **more)
    await core.database.write(lambda session: WORK.insert(session, [work]))
    return work


async def test_a_scheduled_message_is_released_when_its_time_has_come(core: Core, moment: Moment) -> None:
    message = await core.send("Later", send_at=core.clock() + 60_000)
    runner = runner_of(core, moment)
    assert await work_off(runner) == 0
    core.clock.forward(60_001)
    assert await work_off(runner) == 1
    assert (await core.message(message.id)).status is Status.QUEUED
    assert [work.kind for work in await core.all(Work)] == ["send"]


async def test_a_snooze_ends_by_itself(core: Core, moment: Moment) -> None:
    received = await core.receive("Hello")
    assert received.message is not None
    conversation = received.message.conversation_id or 0
    await core.writer.execute(SnoozeConversation(conversation, core.clock() + DAY), core.admin)
    core.clock.forward(DAY + 1)
    await work_off(runner_of(core, moment))
    (woken,) = await core.conversations()
    assert (woken.state, woken.woken) == (State.OPEN, True)


async def test_parts_that_never_came_are_shown_as_missing(core: Core, moment: Moment) -> None:
    await core.part("Hello ", 1, 3)
    await core.part("!", 3, 3)
    core.clock.forward(DAY)
    await work_off(runner_of(core, moment))
    (message,) = await core.all(Message)
    assert (message.body, message.incomplete) == ("Hello […]!", True)


def hook_runner(core: Core, moment: Moment, hook: Callable[..., Any]) -> tuple[Follower, Runner, Dispatcher]:
    metrics = HostMetrics(CollectorRegistry())
    plugins = make_plugins(make_plugin("shop", hook))
    dispatcher = Dispatcher(
        plugins, lambda *_: None, Faults(moment, metrics, in_a_row=100), metrics, moment,  # type: ignore[arg-type]
    )  # fmt: skip
    to_work = ToWork(dispatcher.listeners, IdSource(9, core.clock), core.clock)
    following = Follower(
        "to_work", to_work.apply, core.database, core.directory.workspace_ids,
        FeedMetrics(CollectorRegistry()), moment,
    )  # fmt: skip
    kind = Kind(Hooks(core.database, dispatcher).tell, Backoff(5.0, 3600.0, 3))
    return following, runner_of(core, moment, hook=kind), dispatcher


async def test_a_plugin_is_told_of_every_event_once(core: Core, moment: Moment) -> None:
    told: list[EventView] = []

    async def any_event(event: EventView) -> None:
        told.append(event)

    following, runner, _ = hook_runner(core, moment, any_event)
    await core.receive("Hello")
    await following.catch_up()
    await work_off(runner)
    await following.catch_up()
    await work_off(runner)
    assert sorted(event.position for event in told) == [event.position for event in await core.events()]
    assert {event.workspace_id for event in told} == {core.workspace_id}


async def test_a_hook_that_fails_is_tried_again_and_then_parked(core: Core, moment: Moment) -> None:
    calls = 0

    async def message_received(event: Any) -> None:
        nonlocal calls
        calls += 1
        raise RuntimeError("bug")

    following, runner, _ = hook_runner(core, moment, message_received)
    await core.receive("Hello")
    await following.catch_up()
    for _ in range(6):
        await work_off(runner)
        core.clock.forward(3_600_000)
    assert calls == 3
    (parked,) = await core.database.read(lambda session: work_views.parked(session, core.workspace_id, 10))
    assert (parked.kind, parked.last_error) == ("hook", "message_received of the plugin shop failed: RuntimeError.")


def failing(*outcomes: BaseException | None) -> tuple[Callable[[Work], Awaitable[None]], list[int]]:
    left, done = list(outcomes), []

    async def chore(work: Work) -> None:
        outcome = left.pop(0) if left else None
        done.append(work.id)
        if outcome is not None:
            raise outcome

    return chore, done


@pytest.mark.parametrize(
    ("outcome", "attempts"),
    [
        (RuntimeError("bug"), 1),
        (ChoreFailed("no"), 1),
        (ChoreFailed("paused", 5.0, counts=False), 0),
    ],
)
async def test_what_fails_is_put_back(core: Core, moment: Moment, outcome: BaseException, attempts: int) -> None:
    chore, done = failing(outcome)
    runner = runner_of(core, moment, chore=Kind(chore))
    await add(core, "chore")
    await work_off(runner)
    (work,) = await core.all(Work)
    assert (work.state, work.attempts, work.due_at) == ("queued", attempts, core.clock() + 5_000)
    core.clock.forward(5_001)
    await work_off(runner)
    assert len(done) == 2
    assert await core.all(Work) == []


async def test_what_is_given_up_has_its_own_end(core: Core, moment: Moment) -> None:
    chore, _ = failing(ChoreFailed("gone"))
    end, ended = failing()
    work = await add(core, "file")
    await work_off(runner_of(core, moment, file=Kind(chore, Backoff(1.0, 1.0, 1), end)))
    assert ended == [work.id]
    assert await core.all(Work) == []


async def test_slow_work_of_one_kind_holds_up_no_other(core: Core, moment: Moment) -> None:
    free = asyncio.Event()

    async def slow(work: Work) -> None:
        await free.wait()

    quick, done = failing()
    for _ in range(40):
        await add(core, "slow")
    await add(core, "quick")
    runner = runner_of(core, moment, slow=Kind(slow), quick=Kind(quick))
    assert await runner.round(lambda: None) == 33
    await until(lambda: bool(done))
    assert await runner.round(lambda: None) == 0
    free.set()
    await runner.settled()
    assert await work_off(runner) == 8


@pytest.mark.parametrize("error", [StorageUnavailable("locked"), Conflict("taken")])
async def test_storage_that_was_away_for_a_moment_is_asked_again_soon(
    core: Core, moment: Moment, error: Exception
) -> None:
    chore, done = failing(error)
    runner = runner_of(core, moment, chore=Kind(chore))
    await add(core, "chore")
    await work_off(runner)
    (row,) = await core.all(Work)
    assert (row.state, row.attempts) == ("queued", 0)
    assert await work_off(runner) == 0
    core.clock.forward(2_001)
    await work_off(runner)
    assert len(done) == 2
    assert await core.all(Work) == []


async def test_storage_that_stays_away_leaves_the_row_to_its_lease(
    core: Core, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    chore, done = failing(StorageUnavailable("locked"))
    runner = runner_of(core, moment, chore=Kind(chore))
    recovery = Recovery(
        core.database, core.writer.execute, lambda: runner.under_way, never, WorkMetrics(CollectorRegistry()),
        moment.pace(core.clock),
    )  # fmt: skip
    await add(core, "chore")

    def gone(*_: object, **__: object) -> bool:
        raise StorageUnavailable("locked")

    with monkeypatch.context() as patched:
        patched.setattr(work_queue, "retry_later", gone)
        await work_off(runner)
    assert await recovery.sweep() == 0
    core.clock.forward(61_000)
    moment.now += 61
    assert await recovery.sweep() == 1
    core.clock.forward(5_001)
    await work_off(runner)
    assert len(done) == 2
    assert await core.all(Work) == []


async def test_work_that_keeps_killing_its_worker_is_parked(core: Core, moment: Moment) -> None:
    from gateway.storage import work_queue

    await add(core, "chore")
    recovery = Recovery(
        core.database, core.writer.execute, frozenset, never, WorkMetrics(CollectorRegistry()), moment.pace(core.clock),
        backoff=Backoff(1.0, 1.0, 3),
    )  # fmt: skip
    for _ in range(3):
        await core.database.write(
            lambda session: work_queue.claim(session, ["chore"], "node/0", core.clock(), 1, 60_000)
        )
        core.clock.forward(61_000)
        moment.now += 61
        await recovery.sweep()
        core.clock.forward(2_000)
        moment.now += 2
    (work,) = await core.all(Work)
    assert (work.state, work.last_error) == ("parked", "Its worker ended each time it was tried.")


async def nothing() -> int:
    return 0


async def test_the_janitor_removes_what_is_past_its_time_and_counts_the_rest(core: Core, moment: Moment) -> None:
    from gateway.storage.facts import InboundKey

    prometheus = CollectorRegistry()
    janitor = Janitor(core.database, nothing, WorkMetrics(prometheus), moment.pace(core.clock))
    await core.receive("Hello")
    await core.send("Hi")
    assert await janitor.clean() == 0
    core.clock.forward(100 * DAY)
    assert await janitor.clean() == len(["one inbound key"])
    assert await core.all(InboundKey) == []
    await janitor.count()
    assert prometheus.get_sample_value("onethread_work_rows", {"kind": "send", "state": "queued"}) == 1
    waited = prometheus.get_sample_value("onethread_work_oldest_seconds", {"kind": "send", "state": "queued"})
    assert waited == pytest.approx(100 * DAY / 1000)


async def never(work: Work) -> bool:
    """No provider here recognises a second try."""
    return False
