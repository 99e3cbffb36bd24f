"""Figures as the pages show them, day by day where the reader is, against a plain recount of the tables."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from statistics import median_low
from zoneinfo import ZoneInfo

import pytest

from gateway.core.campaigning import cause_of_campaign
from gateway.core.commands.campaigns import CreateCampaign, RemoveCampaign, StartCampaign
from gateway.core.commands.contacts import EraseContact, MergeContacts
from gateway.core.commands.questions import AskQuestion
from gateway.domain.campaigns import CampaignRecipient
from gateway.domain.events import EventType
from gateway.domain.message import Direction
from gateway.domain.model import Conversation, Event, Message
from gateway.domain.nature import Nature
from gateway.domain.questions import Question
from gateway.domain.statistics import Dimension, Measure, Tally, outcome_of
from gateway.domain.status import Status
from gateway.feed.follower import Follower
from gateway.feed.tally import FOLLOWER, tally
from gateway.sdk.registration import Scale
from gateway.storage.query import Query
from gateway.storage.records import TALLIES
from gateway.storage.statistics_again import begin_again, is_whole
from gateway.web.reports.period import Period
from gateway.web.reports.ratings import rating_of
from gateway.web.reports.reading import Scope, load_overview, load_subjects
from tests.core.running import Core, running_core
from tests.core.test_campaigns import Run
from tests.feed.test_following import follower
from tests.feed.test_tally import Week, arrived

UTC = ZoneInfo("UTC")
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
        theirs = max(
            (one for one in await core.all(Message) if one.contact_id == found.contact_id), key=lambda one: one.id
        )
        if number % 2:  # at the number that asked
            words = "5" if number % 4 == 1 else "1"
            await core.receive(words, sender=theirs.their_address, to=theirs.our_address)


class Followed(Week):
    """Counted after every step, so that tags and numbers are those of the moment."""

    async def write(self) -> None:
        await self.following.catch_up()
        await super().write()

    async def conversation(self) -> Conversation:
        await self.following.catch_up()
        return await super().conversation()

    async def pass_by(self, steps: int, following: Follower) -> None:
        self.following = following
        await super().pass_by(steps, following)


Times = dict[tuple[date, str, int, str], list[int]]


@dataclass
class Life:
    """A conversation from one opening to its end."""

    began: int = 0
    asked: bool = False
    replied_after: int | None = None
    tags: set[int] = field(default_factory=set)


def recount_end(life: Life, event: Event, day: date, messages: dict[int, Message], found: Times) -> None:
    """An end counts for who did it, for the number written to or from last and for the tags that are there."""
    theirs = (one for one in messages.values() if one.conversation_id == event.conversation_id)
    last = max((one for one in theirs if one.created_at <= event.at), key=lambda one: one.id)
    user, tags = int(event.actor.partition(":")[2]), [("tag", one) for one in life.tags]
    for dimension, one in (("user", user), ("sender", last.sender_id or 0), *tags):
        found[day, dimension, one, "resolution"].append(event.at - life.began)
    if life.replied_after is not None:
        for dimension, one in tags:
            found[day, dimension, one, "first_reply"].append(life.replied_after)


def recount_times(log: list[Event], messages: dict[int, Message], zone: ZoneInfo) -> Times:
    """First replies and resolutions of each local day, by user, sender and tag: each life on its own."""
    lives: dict[int, Life] = defaultdict(Life)
    found: Times = defaultdict(list)
    for event in log:
        if event.conversation_id is None:
            continue
        life, day, message = lives[event.conversation_id], day_of(event.at, zone), messages.get(event.message_id or 0)
        match event.type:
            case EventType.CONVERSATION_OPENED | EventType.CONVERSATION_REOPENED:
                life.began, life.asked, life.replied_after = event.at, False, None
            case EventType.TAG_ADDED:
                life.tags.add(event.data["tag_id"])
            case EventType.MESSAGE_RECEIVED if message is not None:
                life.asked = life.asked or event.at == life.began
            case EventType.MESSAGE_QUEUED if message is not None:
                if life.asked and message.nature is Nature.NATURAL:
                    life.asked, life.replied_after = False, event.at - life.began
                    user = int(message.author.partition(":")[2])
                    for subject in (("user", user), ("sender", message.sender_id or 0)):
                        found[day, *subject, "first_reply"].append(life.replied_after)
            case EventType.CONVERSATION_COMPLETED | EventType.CONVERSATION_ARCHIVED | EventType.CONVERSATION_CLOSED:
                if life.began and event.data.get("ended_by") != "merge":
                    recount_end(life, event, day, messages, found)
                life.began, life.asked, life.replied_after = 0, False, None
    return found


@pytest.mark.parametrize("seed", [5, 8])
async def test_times_of_every_local_day_by_user_sender_and_tag(core: Core, seed: int) -> None:
    following = follower(core, FOLLOWER, tally, batch=17)
    week = Followed(core, seed)
    await week.pass_by(170, following)
    contacts = sorted({one.contact_id for one in await core.conversations()})
    await core.writer.execute(MergeContacts(contacts[0], contacts[1]), core.admin)
    await week.pass_by(50, following)
    await following.catch_up()

    messages = {one.id: one for one in await core.all(Message)}
    log = await core.events()
    for zone in map(ZoneInfo, ZONES):
        wanted = recount_times(log, messages, zone)
        dimensions = {key[1] for key in wanted}
        assert dimensions == {"user", "sender", "tag"}
        assert {key[3] for key in wanted} == {"first_reply", "resolution"}
        days = sorted({day_of(one.at, zone) for one in log})
        assert len(days) > 2
        for day in days:
            for dimension in (Dimension.USER, Dimension.SENDER, Dimension.TAG):
                read = partial(
                    load_subjects,
                    workspace_id=core.workspace_id,
                    dimension=dimension,
                    period=Period(day, day, zone),
                )
                subjects = await core.database.read(read)
                for measure in (Measure.FIRST_REPLY, Measure.RESOLUTION):
                    shown = {id_: one for id_, one in subjects.items() if one.count(measure)}
                    place = (day, dimension, measure)
                    times = {key[2]: value for key, value in wanted.items() if (*key[:2], key[3]) == place}
                    assert {id_: one.count(measure) for id_, one in shown.items()} == {
                        id_: len(one) for id_, one in times.items()
                    }, (zone, day, dimension, measure)
                    for id_, one in shown.items():
                        assert one.mean(measure) == round(sum(times[id_]) / len(times[id_]))
                        assert one.median(measure) == pytest.approx(median_low(times[id_]), rel=0.05)


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


async def settle(core: Core, following: Follower) -> None:
    """What is queued leaves; by turns it arrives, is lost, or nobody hears of it again."""
    for number, work in enumerate(await core.claim()):
        await core.accepted(work, await core.begin(work))
        await arrived(core, work, (Status.DELIVERED, Status.UNDELIVERED, Status.SENT)[number % 3])
    await following.catch_up()


def recount_campaign(campaign_id: int, messages: list[Message], rows: list[CampaignRecipient]) -> dict[str, int]:
    """What became of one campaign, straight from its messages and its recipients."""
    sent = [one for one in messages if one.cause == cause_of_campaign(campaign_id) and one.status not in NEVER]
    counted = Counter([Measure.OUTBOUND] * len(sent) + [outcome_of(one.status) for one in sent])
    mine = [one for one in rows if one.campaign_id == campaign_id]
    counted[Measure.REPLIED] = sum(one.replied_at is not None for one in mine)
    counted[Measure.OPTED_OUT] = sum(one.opted_out_at is not None for one in mine)
    return {str(measure): count for measure, count in counted.items() if measure and count}


async def count_again(core: Core, following: Follower) -> None:
    """From nothing, as if nothing had been counted yet, and from what is there: the same comes of it."""

    async def tallies() -> set[Tally]:
        found = await core.database.read(partial(TALLIES.fetch, query=Query(TALLIES.select())))
        return {one for one in found if one.count}

    before = await tallies()
    await core.database.write(lambda session: TALLIES.delete(session, list(before)))
    for _ in range(2):
        assert await core.database.read(partial(is_whole, workspace_id=core.workspace_id))
        await core.database.write(partial(begin_again, workspace_id=core.workspace_id, follower=FOLLOWER))
        await following.catch_up()
        assert await tallies() == before


async def test_every_campaign_on_its_days(core: Core) -> None:
    following = follower(core, FOLLOWER, tally, batch=17)
    numbers = tuple(f"+1415555{2000 + n}" for n in range(9))
    first, second = Run(core), Run(core)
    await first.start(numbers=numbers)
    while "waiting" in await first.states() or not await first.rows():
        await first.turn()
        await settle(core, following)
        core.clock.forward(1_000)
    core.clock.forward(86_400_000)
    second.results, second.followed, second.ids = first.results, first.followed, first.ids
    given = {"list_ids": (first.list,), "body": "Still there?"}
    second.campaign = (await core.writer.execute(CreateCampaign("Summer", given), core.admin)).id
    await core.writer.execute(StartCampaign(second.campaign), core.admin)
    for body, number in (("Yes!", numbers[0]), ("And more", numbers[0]), ("STOP", numbers[1]), ("Maybe", numbers[2])):
        await core.receive(body, sender=number)
    await second.follow()
    while len([one for one in await second.rows() if one.campaign_id == second.campaign]) < len(numbers):
        await second.turn()
    core.clock.forward(1_000)
    for _ in range(3):
        await second.turn()
        await settle(core, following)
        core.clock.forward(1_000)
    await core.receive("Yes again", sender=numbers[0])
    await second.follow()
    await following.catch_up()

    messages, rows = await core.all(Message), await core.all(CampaignRecipient)
    expected = {one: recount_campaign(one, messages, rows) for one in (first.campaign, second.campaign)}
    assert (expected[first.campaign]["replied"], expected[first.campaign]["opted_out"]) == (2, 1)
    assert expected[second.campaign]["replied"] == 1
    assert expected[second.campaign]["outbound"] < expected[first.campaign]["outbound"], "STOP left one out"

    today = day_of(core.clock.now, UTC)
    whole, one_day = Period(today - timedelta(days=9), today, UTC), Period(today, today, UTC)

    async def shown(period: Period) -> dict[int, dict[str, int]]:
        read = partial(load_subjects, workspace_id=core.workspace_id, dimension=Dimension.CAMPAIGN, period=period)
        found = await core.database.read(read)
        return {id_: {name: count for name, count in one.counts.items() if count} for id_, one in found.items()}

    assert await shown(whole) == expected
    assert await shown(one_day) == {second.campaign: expected[second.campaign]}

    await count_again(core, following)
    await core.writer.execute(EraseContact(first.ids[0]), core.admin)
    await core.writer.execute(RemoveCampaign(first.campaign), core.admin)
    await following.catch_up()
    assert await shown(whole) == expected, "what happened stays counted when its people and its words are gone"
