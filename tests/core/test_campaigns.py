"""Campaigns on real databases: nobody twice, nobody forgotten, whatever is claimed twice; STOP, nights, erasures."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from gateway.core.caller import system
from gateway.core.commands.campaigns import (
    CancelCampaign,
    CreateCampaign,
    PauseCampaign,
    RemoveCampaign,
    ResumeCampaign,
    StartCampaign,
)
from gateway.core.commands.contacts import CreateContact, DecideWish, EraseContact, MergeContacts
from gateway.core.commands.lists import ChangeMembers, CreateList
from gateway.core.commands.messages import Dropped, ReleaseScheduled, Start
from gateway.core.commands.settings import SuspendWorkspace
from gateway.core.directory import load_view
from gateway.domain.address import provider_address
from gateway.domain.campaigns import (
    Campaign,
    CampaignProgress,
    CampaignRecipient,
    CampaignState,
    RecipientState,
)
from gateway.domain.model import Message, Work
from gateway.domain.policy import QuietHours
from gateway.domain.status import Status
from gateway.feed.campaigns import CampaignResults
from gateway.host.pace import Pace
from gateway.storage import campaign_reads, work_queue
from gateway.storage.campaign_reads import recipient_page
from gateway.workers.campaigns import Campaigns
from tests.core.running import Core, running_core, together

HOUR = 3_600_000


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


class Run:
    """One campaign to a list of its own, and whoever works on it."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.ids: list[int] = []
        self.campaign = 0
        self.list = 0
        self.followed = 0
        self.results = CampaignResults()
        self.ticks = 0.0

    async def start(self, count: int = 3, numbers: tuple[str, ...] = (), **fields: Any) -> "Run":
        core = self.core
        self.list = (await core.writer.execute(CreateList("Everybody"), core.admin)).id
        for n, number in enumerate(numbers or [f"+1415555{2000 + n}" for n in range(count)]):
            command = CreateContact(name=f"Person {n}", addresses=(provider_address(number),))
            self.ids.append((await core.writer.execute(command, core.admin)).id)
        await core.writer.execute(ChangeMembers(self.list, add=tuple(self.ids)), core.admin)
        given = {"list_ids": (self.list,), "body": "Hello {{ contact.name }}", **fields}
        self.campaign = (await core.writer.execute(CreateCampaign("Spring", given), core.admin)).id
        await core.writer.execute(StartCampaign(self.campaign), core.admin)
        return self

    async def rows(self) -> list[CampaignRecipient]:
        return await self.core.all(CampaignRecipient)

    async def state(self) -> CampaignState:
        (found,) = await self.core.all(Campaign)
        state: CampaignState = found.state
        return state

    async def states(self) -> list[str]:
        return [str(one.state) for one in await self.rows()]

    def worker(self) -> Campaigns:
        core = self.core

        def monotonic() -> float:
            self.ticks += 0.01
            return self.ticks

        async def sleep(seconds: float) -> None:
            self.ticks += max(seconds, 0.5)

        pace = Pace(core.clock, monotonic, lambda: 0.5, sleep)
        return Campaigns(core.database, core.writer.execute, core.writer.ask, core.directory.get, pace)

    async def claimed(self) -> list[Work]:
        core = self.core
        return await core.database.write(
            lambda session: work_queue.claim(session, ["campaign"], "worker", core.clock.now, 10, 60_000)
        )

    async def turn(self) -> None:
        """One row of work, done."""
        for work in await self.claimed():
            await self.worker().go_on(work)
            await self.core.database.write(lambda session, work=work: work_queue.finish(session, [work]))  # type: ignore[misc]
        await self.follow()

    async def follow(self) -> None:
        """What the log says of its messages is written down."""
        events = [one for one in await self.core.events() if one.position > self.followed]
        if events:
            self.followed = events[-1].position
            await self.core.database.write(lambda session: self.results.apply(session, self.core.workspace_id, events))

    async def sent(self) -> list[Message]:
        return [one for one in await self.core.all(Message) if one.nature == "campaign"]


@pytest.fixture
def run(core: Core) -> Run:
    return Run(core)


async def test_work_claimed_twice_at_once_writes_to_nobody_twice(run: Run) -> None:
    """A lease that ran out while its worker went on: both do the row, at once."""
    await run.start(30)
    for _ in range(4):
        work = await run.claimed()
        workers = [run.worker().go_on(one) for one in work for _ in range(2)]
        await together(*workers)
        run.core.clock.forward(1000)
        await run.follow()
    sent = await run.sent()
    assert len(sent) == len({one.contact_id for one in sent}) == 30
    assert await run.states() == ["queued"] * 30
    progress: list[CampaignProgress] = await run.core.all(CampaignProgress)
    assert progress[0].loaded


async def test_a_worker_that_died_is_followed_by_another(run: Run) -> None:
    await run.start(20)
    work = (await run.claimed())[0]
    dead = asyncio.create_task(run.worker().go_on(work))
    await asyncio.sleep(0)
    dead.cancel()
    await asyncio.gather(dead, return_exceptions=True)
    await run.worker().go_on(work)
    await run.turn()
    assert len({one.contact_id for one in await run.sent()}) == len(await run.sent()) == 20


async def test_only_what_is_sending_leaves_after_a_stop(run: Run) -> None:
    await run.start(3)
    await run.turn()
    sends = await run.core.claim()
    first = await run.core.begin(sends[0])
    assert isinstance(first, Start)
    for n in range(3):
        await run.core.receive("STOP", sender=f"+1415555{2000 + n}")
    dropped = [await run.core.begin(one) for one in sends[1:]]
    assert [one.code for one in dropped if isinstance(one, Dropped)] == ["recipient-opted-out"] * 2
    await run.core.accepted(sends[0], first)
    await run.follow()
    assert sorted(await run.states()) == ["failed", "failed", "sent"]
    assert [bool(one.opted_out_at) for one in await run.rows()] == [True] * 3
    read = partial(recipient_page, workspace_id=run.core.workspace_id, campaign_id=run.campaign)
    told = [(str(one.state), one.code) for one in (await run.core.database.read(read)).items]
    assert sorted(told, key=str) == [("failed", "recipient-opted-out")] * 2 + [("sent", None)]


async def test_a_stop_told_by_a_clock_that_is_behind_is_counted(run: Run) -> None:
    """Stored after the message it met in the queue, on a node whose clock says before."""
    await run.start(1)
    await run.turn()
    run.core.clock.forward(-3_000)
    await run.core.receive("STOP", sender="+14155552000")
    await run.follow()
    assert [bool(one.opted_out_at) for one in await run.rows()] == [True]


async def test_stopped_before_its_turn_somebody_is_skipped_and_the_others_go_on(run: Run) -> None:
    await run.start(3, pace=60)
    await run.turn()
    assert sorted(await run.states()) == ["queued", "waiting", "waiting"]
    waiting = next(one for one in await run.rows() if one.state is RecipientState.WAITING)
    await run.core.receive("STOP", sender=f"+1415555{2000 + run.ids.index(waiting.contact_id)}")
    for _ in range(3):
        run.core.clock.forward(2000)
        await run.turn()
    assert sorted(await run.states()) == ["queued", "queued", "skipped"]
    (skipped,) = [one for one in await run.rows() if one.state is RecipientState.SKIPPED]
    assert (skipped.code, skipped.contact_id) == ("recipient-opted-out", waiting.contact_id)


async def test_paused_what_is_queued_waits_and_cancelled_it_does_not_leave(run: Run) -> None:
    await run.start(2)
    await run.turn()
    core = run.core
    await core.writer.execute(PauseCampaign(run.campaign), core.admin)
    sends = await core.claim()
    assert [await core.begin(one) for one in sends] == [Dropped("quiet-hours")] * 2
    await run.follow()
    assert await run.states() == ["held"] * 2
    await core.writer.execute(ResumeCampaign(run.campaign), core.admin)
    core.clock.forward(60_000)
    await run.turn()
    assert await run.state() is CampaignState.RUNNING, "what was put aside is still to go"
    for one in await run.sent():
        await core.writer.execute(ReleaseScheduled(one.id), system(core.workspace_id))
    assert {one.status for one in await run.sent()} == {Status.QUEUED}
    await core.writer.execute(CancelCampaign(run.campaign), core.admin)
    assert [await core.begin(one) for one in await core.claim()] == [Dropped("campaign-cancelled")] * 2
    await run.turn()
    assert await run.states() == ["cancelled"] * 2
    assert await run.state() is CampaignState.CANCELLED
    await core.writer.execute(RemoveCampaign(run.campaign), core.admin)
    (gone,) = await core.all(Campaign)
    assert (gone.name, gone.state, gone.body, gone.list_ids) == ("Spring", CampaignState.CANCELLED, "", ())


async def test_cancelled_what_was_put_aside_does_not_seem_to_wait_on(run: Run) -> None:
    await run.start(3)
    await run.turn()
    core = run.core
    await core.writer.execute(PauseCampaign(run.campaign), core.admin)
    for one in await core.claim():
        await core.begin(one)
    await run.follow()
    assert await run.states() == ["held"] * 3
    await core.writer.execute(CancelCampaign(run.campaign), core.admin)
    await run.turn()
    assert {one.status for one in await run.sent()} == {Status.CANCELLED}
    assert await run.states() == ["cancelled"] * 3


async def test_in_a_workspace_that_is_suspended_it_rests_and_goes_on_where_it_was(run: Run) -> None:
    """Nobody there could pause it."""
    await run.start(3)
    core = run.core
    installation = system(core.workspace_id)
    await core.writer.execute(SuspendWorkspace(True), installation)
    for _ in range(3):
        await run.turn()
        core.clock.forward(120_000)
    assert await run.sent() == []
    await core.writer.execute(SuspendWorkspace(False), installation)
    for _ in range(3):
        core.clock.forward(120_000)
        await run.turn()
    assert len(await run.sent()) == 3


async def test_merged_and_erased_meanwhile(run: Run) -> None:
    await run.start(4, pace=60)
    await run.turn()
    core, waiting = run.core, [one.contact_id for one in await run.rows() if one.state is RecipientState.WAITING]
    await core.writer.execute(MergeContacts(waiting[0], waiting[1]), core.admin)
    await core.writer.execute(EraseContact(waiting[2]), core.admin)
    for _ in range(4):
        core.clock.forward(2000)
        await run.turn()
    codes = {one.contact_id: one.code for one in await run.rows()}
    assert (codes[waiting[0]], codes[waiting[1]], codes[waiting[2]]) == ("duplicate", None, "contact-gone")
    assert len(await run.sent()) == 2


async def test_whoever_turns_out_to_be_one_person_is_written_to_once(run: Run) -> None:
    """Written to and then merged into one who waits; two who wait, merged into a third who is on no list."""
    await run.start(4, pace=60)
    await run.turn()
    core, rows = run.core, await run.rows()
    (first,) = [one.contact_id for one in rows if one.state is RecipientState.QUEUED]
    second, third, fourth = (one.contact_id for one in rows if one.state is RecipientState.WAITING)
    known = await core.writer.execute(CreateContact("Known", (provider_address("+14155552998"),)), core.admin)
    await core.writer.execute(MergeContacts(first, second), core.admin)
    await core.writer.execute(MergeContacts(third, known.id), core.admin)
    await core.writer.execute(MergeContacts(fourth, known.id), core.admin)
    for _ in range(5):
        core.clock.forward(2000)
        await run.turn()
    codes = {one.contact_id: one.code for one in await run.rows()}
    assert len(await run.sent()) == 2
    assert (codes[first], codes[second], codes[third], codes[fourth]) == (None, "duplicate", None, "duplicate")
    assert await run.state() is CampaignState.RUNNING, "two are still in the queue"


async def test_a_list_that_changes_after_the_start_changes_nothing(run: Run) -> None:
    await run.start(2)
    core = run.core
    late = await core.writer.execute(CreateContact(None, (provider_address("+14155552999"),)), core.admin)
    core.clock.forward(1000)
    await core.writer.execute(ChangeMembers(run.list, add=(late.id,)), core.admin)
    await run.turn()
    assert {one.contact_id for one in await run.rows()} == set(run.ids)


async def test_without_a_sender_it_stands_still_and_says_why(run: Run) -> None:
    from gateway.core.commands.settings import RemoveSender

    await run.start(2, from_="+14155550132", pace=60)
    await run.turn()
    core = run.core
    await core.writer.execute(RemoveSender(core.sender_id), core.admin)
    core.clock.forward(2000)
    await run.turn()
    assert await run.state() is CampaignState.PAUSED
    (found,) = await core.all(Campaign)
    assert "was removed" in found.reason


# A number in each of several zones, and one whose country has many: all of them must be awake.
PEOPLE = {
    "+14155552001": ("America/Los_Angeles",),
    "+12125552001": ("America/New_York",),
    "+493012345601": ("Europe/Berlin",),
    "+81312345601": ("Asia/Tokyo",),
    "+919812345601": ("Asia/Kolkata",),
}
QUIET = {"quiet_start": 21 * 60, "quiet_end": 8 * 60}


@pytest.mark.parametrize("day", [(2026, 7, 1), (2026, 3, 29), (2026, 10, 25)], ids=["summer", "spring", "autumn"])
async def test_at_every_hour_of_the_day_only_those_awake_are_written_to(run: Run, day: tuple[int, int, int]) -> None:
    """Over a whole day, the two on which Europe changes its clocks among them: everybody once, by day."""
    core = run.core
    core.clock.now = int(datetime(*day, 0, 0, tzinfo=UTC).timestamp() * 1000)
    await run.start(numbers=tuple(PEOPLE), **QUIET)
    at: dict[str, int] = {}
    for _ in range(25):
        await run.turn()
        for one in await run.sent():
            at.setdefault(one.their_address, core.clock.now)
        core.clock.forward(HOUR)
        await run.turn()
        for one in await run.sent():
            at.setdefault(one.their_address, core.clock.now)
    assert set(at) == set(PEOPLE)
    for number, zones in PEOPLE.items():
        local = datetime.fromtimestamp(at[number] / 1000, ZoneInfo(zones[0]))
        assert 8 <= local.hour < 21, f"{number} at {local:%H:%M}"
    assert len({one // HOUR for one in at.values()}) > 1, "not everybody is awake at midnight in London"


async def test_a_window_that_never_opens_ends_it(run: Run) -> None:
    core = run.core
    core.clock.now = int(datetime(2026, 7, 1, 23, 0, tzinfo=UTC).timestamp() * 1000)
    await run.start(numbers=("+493012345601",), **QUIET, expires_at=core.clock.now + 2 * HOUR)
    await run.turn()
    await run.turn()
    (row,) = await run.rows()
    assert (row.state, row.code) == (RecipientState.SKIPPED, "expired")
    assert await run.state() is CampaignState.COMPLETED


async def test_its_own_hours_count_before_the_workspaces_and_until_the_send_begins(run: Run) -> None:
    core = run.core
    core.clock.now = int(datetime(2026, 7, 1, 17, 59, tzinfo=UTC).timestamp() * 1000)
    await core.policy(quiet_hours=QuietHours(0, 23 * 60, "UTC"))
    await run.start(numbers=("+493012345601",), quiet_start=20 * 60, quiet_end=8 * 60)
    await run.turn()
    assert await run.states() == ["queued"]
    core.clock.forward(2 * 60_000)  # 20:01 in Berlin
    assert [await core.begin(one) for one in await core.claim()] == [Dropped("quiet-hours")]
    await run.follow()
    assert await run.states() == ["held"]


async def test_what_waits_for_a_decision_when_it_completes_keeps_its_hours(run: Run) -> None:
    """The workspace's would hold it nearly all day. Its own let it go at eight."""
    core = run.core
    core.clock.now = int(datetime(2026, 7, 1, 17, 50, tzinfo=UTC).timestamp() * 1000)
    await core.policy(quiet_hours=QuietHours(0, 23 * 60, "UTC"))
    await run.start(numbers=("+493012345601",), quiet_start=20 * 60, quiet_end=8 * 60)
    await run.turn()
    asked = await core.receive("Please stop texting me", sender="+493012345601")
    assert [await core.begin(one) for one in await core.claim()] == [Dropped("wish-undecided")]
    await run.follow()
    for _ in range(4):
        core.clock.forward(60_000)
        await run.turn()
    assert await run.state() is CampaignState.COMPLETED
    core.clock.now = int(datetime(2026, 7, 1, 18, 1, tzinfo=UTC).timestamp() * 1000)  # 20:01 in Berlin
    assert asked.message is not None
    decided = DecideWish(asked.message.contact_id, asked.message.id, unsubscribe=False)
    await core.writer.execute(decided, core.admin)
    (message,) = await run.sent()
    morning = int(datetime(2026, 7, 2, 6, 0, tzinfo=UTC).timestamp() * 1000)
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    assert max(one.due_at for one in await core.all(Work) if one.kind == "release") == morning
    core.clock.now = morning
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    (work,) = await core.claim()
    await core.accepted(work, await core.begin(work))
    await run.follow()
    assert await run.states() == ["sent"]
    view = await core.database.read(partial(load_view, workspace_id=core.workspace_id))
    assert view is not None
    assert run.campaign not in view.campaigns, "and then nobody needs it"


async def test_a_gateway_that_takes_nothing_is_looked_at_less_and_less_and_soon_again_once_it_does(run: Run) -> None:
    await run.start(40)
    core, worker, looks = run.core, run.worker(), list[float]()
    read = core.database.read

    async def counted(what: Any) -> Any:
        if getattr(what, "func", None) is campaign_reads.bulk_waiting:
            looks.append(core.clock.now / 1000)
        return await read(what)

    worker._database = cast("Any", SimpleNamespace(read=counted))

    async def go_on(seconds: int) -> None:
        for _ in range(seconds):
            for work in await run.claimed():
                await worker.go_on(work)
                await core.database.write(lambda session, work=work: work_queue.finish(session, [work]))  # type: ignore[misc]
            core.clock.forward(1000)

    await go_on(10)
    assert len(await run.sent()) == 32, "as many as may wait at a gateway"
    looks.clear()
    await go_on(60)
    assert 8 <= len(looks) <= 16
    for work in await core.claim():
        await core.accepted(work, await core.begin(work), prefix=str(work.id))
    await go_on(6)
    assert len(await run.sent()) == 40


async def test_a_clock_that_jumps_stops_no_pace(run: Run) -> None:
    await run.start(4, pace=60)
    await run.turn()
    core = run.core
    core.clock.forward(-HOUR)
    core.clock.forward(HOUR + 2000)
    await run.turn()
    progress: list[CampaignProgress] = await core.all(CampaignProgress)
    assert progress[0].paced_at <= core.clock.now + 61_000
    assert len(await run.sent()) in {2, 3}
