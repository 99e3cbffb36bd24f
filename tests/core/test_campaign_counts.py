"""What is kept of campaigns that are over is what a plain recount finds, on both databases and from two nodes."""

from collections import Counter
from collections.abc import AsyncIterator
from functools import partial

import pytest

from gateway.core.caller import system
from gateway.core.commands.contacts import EraseContact
from gateway.core.commands.messages import RecordReceipt
from gateway.domain.campaigns import CampaignCounts, CampaignState, RecipientState
from gateway.domain.status import Status
from gateway.sdk.values import Receipt
from gateway.storage.campaign_counts import Results, keep_counts, results_of
from gateway.storage.records import CAMPAIGN_COUNTS
from tests.core.running import ACCOUNT, running_core, together
from tests.core.test_campaigns import Run


@pytest.fixture
async def run(database_url: str) -> AsyncIterator[Run]:
    async with running_core(database_url) as core:
        yield Run(core)


async def same_as_recounted(run: Run) -> Results:
    """What is shown is what its recipients are, counted plainly."""
    core = run.core
    shown = await core.database.read(partial(results_of, workspace_id=core.workspace_id, campaign_id=run.campaign))
    rows = await run.rows()
    assert shown.states == Counter(str(one.state) for one in rows)
    assert shown.skipped == Counter(one.code for one in rows if one.state is RecipientState.SKIPPED)
    assert (shown.replies, shown.opted_out) == (
        sum(one.replied_at is not None for one in rows),
        sum(one.opted_out_at is not None for one in rows),
    )
    gone = {RecipientState.SKIPPED, RecipientState.CANCELLED}
    assert shown.segments == sum(one.segments or 0 for one in rows if one.state not in gone)
    return shown


async def test_a_count_that_is_kept_is_what_a_recount_finds_whatever_comes_later(run: Run) -> None:
    core = run.core

    async def keep() -> list[CampaignCounts]:
        await core.database.write(partial(keep_counts, now=core.clock.now))
        ws = core.workspace_id
        return await core.database.read(lambda session: CAMPAIGN_COUNTS.by(session, ws, "workspace_id", [ws]))

    await run.start(6)
    await core.receive("STOP", sender="+14155552000")
    for _ in range(3):
        await run.turn()
        core.clock.forward(1000)
    assert await keep() == [], "it is under way"
    works = await core.claim()
    for work in works:
        await core.accepted(work, await core.begin(work), prefix=str(work.id))
    await run.follow()
    for _ in range(4):
        core.clock.forward(1000)
        await run.turn()
    assert await run.state() is CampaignState.COMPLETED
    assert await keep() == [], "somebody may still be at it"
    core.clock.forward(601_000)
    (first,) = await keep()
    assert (await same_as_recounted(run)).sent == 5
    for work, status in zip(works, (Status.DELIVERED, Status.UNDELIVERED), strict=False):
        receipt = Receipt((f"{work.id}-{work.subject_id}-1",), status)
        assert await core.writer.execute(RecordReceipt(core.gateway_id, ACCOUNT, receipt), system(core.workspace_id))
    await run.follow()
    results = await same_as_recounted(run)
    assert (results.delivered, results.failed) == (1, 1)
    await core.receive("Thanks!", sender="+14155552003")
    await run.follow()
    assert (await same_as_recounted(run)).replies == 1
    (second,) = await keep()
    assert second.touched != first.touched
    assert (await same_as_recounted(run)).replies == 1
    await core.writer.execute(EraseContact(run.ids[4]), core.admin)
    await core.receive("STOP", sender="+14155552005")
    await run.follow()
    assert (await same_as_recounted(run)).opted_out == 1


async def test_counting_on_one_node_and_following_on_another_agree(database_url: str) -> None:
    async with running_core(database_url) as core, running_core(database_url, node=2) as other:
        run = await Run(core).start(8)
        for _ in range(4):
            await run.turn()
            core.clock.forward(1000)
        works = await core.claim()
        for work in works:
            await core.accepted(work, await core.begin(work), prefix=str(work.id))
        await run.follow()
        for _ in range(4):
            core.clock.forward(1000)
            await run.turn()
        assert await run.state() is CampaignState.COMPLETED
        core.clock.forward(601_000)
        for work in works:
            receipt = Receipt((f"{work.id}-{work.subject_id}-1",), Status.DELIVERED)
            await core.writer.execute(RecordReceipt(core.gateway_id, ACCOUNT, receipt), system(core.workspace_id))
            keeping = other.database.write(partial(keep_counts, now=core.clock.now))
            await together(run.follow(), keeping)
            await same_as_recounted(run)
        await core.database.write(partial(keep_counts, now=core.clock.now))
        assert (await same_as_recounted(run)).delivered == 8
