"""Statistics: a busy week is told by the log, tallied by a follower, and counted again from the tables."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import system
from gateway.core.commands.contacts import MergeContacts
from gateway.core.commands.conversations import (
    ArchiveConversation,
    ChangeTags,
    CloseConversation,
    CompleteConversation,
    ReopenConversation,
)
from gateway.core.commands.messages import CancelMessage, RecordReceipt
from gateway.core.errors import Refused, invalid
from gateway.domain.events import EventType
from gateway.domain.message import Direction
from gateway.domain.model import Conversation, Event, Message, Work
from gateway.domain.moves import State
from gateway.domain.nature import Nature
from gateway.domain.statistics import Measure, Tally, band_of, outcome_of, quarter_of
from gateway.domain.status import Status
from gateway.feed.follower import Follower
from gateway.feed.tally import FOLLOWER, tally
from gateway.sdk.values import Receipt
from gateway.storage.records import CONVERSATION_TAGS, CONVERSATIONS, EVENTS, MESSAGES, TALLIES
from tests.core.running import ACCOUNT, DESK, OTHER_DESK, Core, running_core
from tests.feed.test_following import follower

Counted = dict[tuple[str, int, int, str, int], int]


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


async def _all(core: Core, table: Any) -> list[Any]:
    found: list[Any] = await core.database.read(
        lambda session: table.by(session, core.workspace_id, "workspace_id", [core.workspace_id])
    )
    return found


async def arrived(core: Core, work: Work, status: Status) -> None:
    """The provider reports on the only part of a message."""
    command = RecordReceipt(core.gateway_id, ACCOUNT, Receipt((f"p-{work.subject_id}-1",), status))
    assert await core.writer.execute(command, system(core.workspace_id))


class Week:
    """What people do to a shop, a few hundred things, at random but the same each time."""

    def __init__(self, core: Core, seed: int) -> None:
        self.core, self.random = core, random.Random(seed)

    async def pass_by(self, steps: int, following: Follower) -> None:
        for _ in range(steps):
            self.core.clock.forward(self.random.randrange(1_000, 3_000_000))
            step = self.random.choice(
                [self.write, self.write, self.answer, self.answer, self.act, self.tag, self.settle]
            )
            try:
                await step()
            except Refused:
                continue  # sealed, withdrawn, completed before: people try that too
            if self.random.random() < 0.1:
                await following.catch_up()

    def number(self) -> str:
        return f"+1415555{self.random.randrange(12):04}"

    async def write(self) -> None:
        await self.core.receive("Hello", sender=self.number(), to=self.random.choice([DESK, OTHER_DESK]))

    async def conversation(self) -> Conversation:
        found: list[Conversation] = await _all(self.core, CONVERSATIONS)
        if not found:
            raise invalid("conversation", "Nobody wrote yet.")
        return self.random.choice(found)

    async def answer(self) -> None:
        found = await self.conversation()
        nature = self.random.choice([Nature.NATURAL, Nature.NATURAL, Nature.CAMPAIGN, Nature.TEST])
        late = {"send_at": self.core.clock.now + 900_000} if self.random.random() < 0.2 else {}
        who = self.random.choice([self.core.admin, self.core.agent])
        message = await self.core.send("Yes", contact_id=found.contact_id, nature=nature, caller=who, **late)
        if self.random.random() < 0.2:
            await self.core.writer.execute(CancelMessage(message.id), self.core.admin)

    async def act(self) -> None:
        found = await self.conversation()
        command = self.random.choice(
            [CompleteConversation, CompleteConversation, ArchiveConversation, CloseConversation, ReopenConversation]
        )
        await self.core.writer.execute(command(found.id), self.random.choice([self.core.admin, self.core.agent]))

    async def tag(self) -> None:
        found = await self.conversation()
        await self.core.writer.execute(ChangeTags(found.id, (self.random.choice(["vip", "order"]),)), self.core.admin)

    async def settle(self) -> None:
        """A worker sends what waits, and some of it arrives."""
        for work in await self.core.claim():
            await self.core.accepted(work, await self.core.begin(work))
            await arrived(self.core, work, self.random.choice([Status.DELIVERED, Status.UNDELIVERED, Status.SENT]))


def recount_messages(found: list[Message]) -> Counted:
    """Volumes and outcomes, straight from the messages."""
    counted: Counter[tuple[str, int, int, str, int]] = Counter()
    for one in found:
        if one.nature is Nature.TEST:
            continue
        measures: list[str] = [Measure.INBOUND]
        reasons = [f"failed:{one.error_code}"] if one.error_code else []
        if one.direction is Direction.OUTBOUND:
            never = one.status in {Status.SCHEDULED, Status.HELD, Status.CANCELLED}
            outcome = outcome_of(one.status)
            measures = ([] if never else [Measure.OUTBOUND]) + ([outcome] if outcome else []) + reasons
        for measure in measures:
            subjects = [("all", 0), ("sender", one.sender_id), ("gateway", one.gateway_id)]
            if one.direction is Direction.OUTBOUND:
                subjects.append(("user", int(one.author.partition(":")[2])))
            for dimension, subject in subjects:
                if measure in reasons and dimension == "user":
                    continue
                counted[dimension, quarter_of(one.created_at), subject or 0, str(measure), 0] += 1
    return dict(counted)


def recount_episodes(log: list[Event], messages: dict[int, Message]) -> Counted:
    """Conversations and durations: each conversation's life on its own, from its first event to its last."""
    counted: Counter[tuple[str, int, int, str, int]] = Counter()
    lives: dict[int, list[Event]] = {}
    for event in log:
        if event.conversation_id is not None:
            lives.setdefault(event.conversation_id, []).append(event)
    for life in lives.values():
        began, asked = 0, False
        for event in life:
            at, message = quarter_of(event.at), messages.get(event.message_id or 0)
            if event.type in {EventType.CONVERSATION_OPENED, EventType.CONVERSATION_REOPENED}:
                counted["all", at, 0, str(event.type).removeprefix("conversation_"), 0] += 1
                began, asked = event.at, False
            elif event.type == EventType.MESSAGE_RECEIVED and event.at == began:
                asked = True
            elif event.type == EventType.MESSAGE_QUEUED and message is not None and message.nature is Nature.NATURAL:
                if asked:
                    counted["all", at, 0, "first_reply", band_of(event.at - began)] += 1
                asked = False
            elif event.type in {
                EventType.CONVERSATION_COMPLETED,
                EventType.CONVERSATION_ARCHIVED,
                EventType.CONVERSATION_CLOSED,
            }:
                merged = event.data.get("ended_by") == "merge"
                completed = event.type == EventType.CONVERSATION_COMPLETED
                if not merged and (began or completed):
                    counted["all", at, 0, "completed" if completed else "ended", 0] += 1
                if not merged and began:
                    counted["all", at, 0, "resolution", band_of(event.at - began)] += 1
                began, asked = 0, False
    return dict(counted)


def _as_counted(found: list[Tally]) -> Counted:
    return {(t.dimension, t.quarter, t.subject_id, t.measure, t.band): t.count for t in found if t.count}


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_tallies_are_what_a_plain_recount_finds(core: Core, seed: int) -> None:
    following = follower(core, FOLLOWER, tally, batch=17)
    await Week(core, seed).pass_by(220, following)
    contacts = {one.contact_id for one in await _all(core, CONVERSATIONS)}
    loser, winner = sorted(contacts)[:2]
    await core.writer.execute(MergeContacts(loser, winner), core.admin)
    await following.catch_up()

    found = _as_counted(await _all(core, TALLIES))
    messages: list[Message] = await _all(core, MESSAGES)
    log = sorted(await _all(core, EVENTS), key=lambda event: event.position)
    episodes = {"opened", "reopened", "completed", "ended", "first_reply", "resolution"}
    of_messages = {key: count for key, count in found.items() if key[3] not in episodes | {"tagged"}}
    assert of_messages == recount_messages(messages)
    of_episodes = {key: count for key, count in found.items() if key[3] in episodes and key[0] == "all"}
    assert of_episodes == recount_episodes(log, {one.id: one for one in messages})
    tagged = sum(count for key, count in found.items() if key[3] == "tagged")
    assert tagged == sum(event.type == EventType.TAG_ADDED for event in log)
    measures = {key[3] for key in found}
    assert measures >= {"inbound", "outbound", "sent", *episodes, "tagged"}, "the week was too quiet to prove anything"
    by_user = {
        measure: sum(c for key, c in found.items() if key[0] == "user" and key[3] == measure)
        for measure in ("outbound", "first_reply")
    }
    overall = {
        measure: sum(c for key, c in found.items() if key[0] == "all" and key[3] == measure) for measure in by_user
    }
    assert by_user == overall
    assert all(count > 0 for count in found.values())


async def test_an_outcome_moves_with_its_message_and_stays_in_its_quarter(core: Core) -> None:
    following = follower(core, FOLLOWER, tally)
    message = await core.send("Hello")
    (work,) = await core.claim()
    await core.accepted(work, await core.begin(work))
    await following.catch_up()
    counted = _as_counted(await _all(core, TALLIES))
    place = ("all", quarter_of(message.created_at), 0)
    assert {key[3]: count for key, count in counted.items() if key[:3] == place} == {
        "opened": 1,
        "outbound": 1,
        "sent": 1,
    }
    core.clock.forward(3 * 900_000)
    await arrived(core, work, Status.UNDELIVERED)
    await following.catch_up()
    await arrived(core, work, Status.DELIVERED)
    await following.catch_up()
    counted = _as_counted(await _all(core, TALLIES))
    assert {key[3]: count for key, count in counted.items() if key[:3] == place} == {
        "opened": 1,
        "outbound": 1,
        "delivered": 1,
    }


async def test_what_a_tag_is_on_when_work_ends_counts_for_the_tag(core: Core) -> None:
    following = follower(core, FOLLOWER, tally)
    await core.receive()
    (conversation,) = await _all(core, CONVERSATIONS)
    core.clock.forward(20_000)
    await core.send("Yes", contact_id=conversation.contact_id)
    await core.writer.execute(ChangeTags(conversation.id, ("vip",)), core.admin)
    core.clock.forward(90_000)
    await core.writer.execute(CompleteConversation(conversation.id), core.agent)
    await following.catch_up()
    (row,) = await _all(core, CONVERSATION_TAGS)
    of_tag = {
        key[3]: count
        for key, count in _as_counted(await _all(core, TALLIES)).items()
        if key[:1] + key[2:3] == ("tag", row.tag_id)
    }
    assert of_tag == {"tagged": 1, "completed": 1, "resolution": 1, "first_reply": 1}
    assert (await _all(core, CONVERSATIONS))[0].state is State.COMPLETED
