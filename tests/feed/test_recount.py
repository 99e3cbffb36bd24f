"""Figures as the pages show them, day by day where the reader is, against a plain recount of the tables."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from gateway.core.commands.contacts import EraseContact, MergeContacts
from gateway.core.commands.questions import AskQuestion
from gateway.domain.message import Direction
from gateway.domain.model import Message
from gateway.domain.nature import Nature
from gateway.domain.questions import Question
from gateway.domain.statistics import Dimension, Measure, outcome_of
from gateway.domain.status import Status
from gateway.feed.tally import FOLLOWER, tally
from gateway.sdk.registration import Scale
from gateway.web.reports.period import Period
from gateway.web.reports.ratings import rating_of
from gateway.web.reports.reading import Scope, load_overview, load_subjects
from tests.core.running import Core, running_core
from tests.feed.test_following import follower
from tests.feed.test_tally import Week

ZONES = ("UTC", "Asia/Kathmandu", "America/New_York")
SCALE = Scale("survey_five", "Stars", {value: str(value) for value in range(1, 6)}, frozenset({4, 5}))
NEVER = {Status.SCHEDULED, Status.HELD, Status.CANCELLED}


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


def day_of(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at / 1000, zone).date()


def recount(messages: list[Message], zone: ZoneInfo) -> Counter[tuple[date, str]]:
    """Volumes and outcomes of each local day, straight from the messages."""
    counted: Counter[tuple[date, str]] = Counter()
    for one in messages:
        if one.nature is Nature.TEST:
            continue
        day, outcome = day_of(one.created_at, zone), outcome_of(one.status)
        if one.direction is Direction.INBOUND:
            counted[day, Measure.INBOUND] += 1
        else:
            counted[day, Measure.OUTBOUND] += one.status not in NEVER
            if outcome is not None:
                counted[day, outcome] += 1
    return Counter({key: count for key, count in counted.items() if count})


async def ask_some(core: Core) -> None:
    """Every second contact is asked how it was, and half of those answer."""
    threads = {one.thread_id: one for one in await core.conversations()}
    for number, found in enumerate(threads.values()):
        asked = AskQuestion("survey", f"k{number}", found.thread_id, "1 to 5?", 72, SCALE.name, {"1": (), "5": ()})
        await core.writer.execute(asked, core.admin)
        core.clock.forward(3_600_000)
        address = next(one.their_address for one in await core.all(Message) if one.contact_id == found.contact_id)
        if number % 2:
            await core.receive("5" if number % 4 == 1 else "1", sender=address)


async def test_every_local_day_and_every_rating(core: Core) -> None:
    following = follower(core, FOLLOWER, tally, batch=17)
    week = Week(core, 3)
    await week.pass_by(110, following)
    await ask_some(core)
    contacts = sorted({one.contact_id for one in await core.conversations()})
    await core.writer.execute(MergeContacts(contacts[0], contacts[1]), core.admin)
    await core.writer.execute(EraseContact(contacts[-1]), core.admin)
    await week.pass_by(20, following)
    await following.catch_up()

    messages = await core.all(Message)
    questions: list[Question] = await core.all(Question)
    assert {one.value for one in questions} == {None, 1, 5}
    for zone in map(ZoneInfo, ZONES):
        last = day_of(core.clock.now, zone)
        period = Period(last - timedelta(days=60), last, zone)
        read = partial(load_overview, workspace_id=core.workspace_id, scope=Scope(), period=period)
        found = await core.database.read(read)
        measures = (Measure.INBOUND, Measure.OUTBOUND, Measure.SENT, Measure.DELIVERED, Measure.FAILED)
        shown = {(day, one): figures.count(one) for day, figures in found.days.items() for one in measures}
        assert {key: count for key, count in shown.items() if count} == recount(messages, zone)
        rating = rating_of(SCALE, found.now)
        answered = [one.value for one in questions if one.value is not None]
        assert (rating.asked, rating.counts) == (len(questions), dict(Counter(answered)))
        assert rating.average == sum(answered) / len(answered)
        for day, figures in found.days.items():
            assert rating_of(SCALE, figures).asked == sum(day_of(one.asked_at, zone) == day for one in questions)
    by_sender = await core.database.read(
        lambda session: load_subjects(session, core.workspace_id, Dimension.SENDER, period)
    )
    asked = {id_: rating_of(SCALE, one).asked for id_, one in by_sender.items() if rating_of(SCALE, one).asked}
    assert asked == dict(Counter(one.sender_id for one in questions))
