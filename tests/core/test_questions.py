"""What plugins ask contacts: one thing at a time, answered in the transaction that stores the words, counted once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import Caller
from gateway.core.commands.contacts import EraseContact
from gateway.core.commands.conversations import ChangeTags, ClaimConversation, CompleteConversation
from gateway.core.commands.questions import AskQuestion
from gateway.core.errors import Refused
from gateway.domain.model import Conversation, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.questions import Question, QuestionState
from gateway.domain.settings import Sender
from gateway.domain.status import Status
from gateway.feed.tally import FOLLOWER, tally
from gateway.storage import question_reads
from gateway.storage.records import TALLIES
from tests.core.running import OTHER_DESK, Core, running_core, together
from tests.feed.test_following import follower

HOUR = 3_600_000
ANSWERS = {"1": ["bad"], "5": ["great"]}


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def done(core: Core) -> Conversation:
    """A conversation of the agent's, with a tag, completed."""
    await core.receive("Hello")
    (found,) = await core.conversations()
    await core.writer.execute(ClaimConversation(found.id), core.agent)
    await core.writer.execute(ChangeTags(found.id, ("vip",)), core.admin)
    await core.writer.execute(CompleteConversation(found.id), core.agent)
    (found,) = await core.conversations()
    return found


async def ask(core: Core, found: Conversation, key: str = "a", **more: Any) -> Question:
    fields = {"hours": 72, "scale": "survey_five", "answers": ANSWERS, "conversation_id": found.id, **more}
    command = AskQuestion("survey", key, found.thread_id, "How was it, 1 or 5?", **fields)
    return await core.writer.execute(command, Caller(core.workspace_id, "automation", name="survey"))


async def said(core: Core, words: str) -> Message:
    received = await core.receive(words)
    assert received.message is not None
    return received.message


async def question(core: Core) -> Question:
    found: Question = (await core.all(Question))[-1]
    return found


async def test_an_answer_opens_nothing_and_is_kept_with_whose_it_was(core: Core) -> None:
    found = await done(core)
    asked = await ask(core, found)
    assert (asked.user_id, asked.sender_id, len(asked.tag_ids)) == (core.agent.user_id, core.sender_id, 1)
    answer = await said(core, "Great!!")
    assert answer.nature is Nature.FORM
    known = await question(core)
    assert (known.state, known.value, known.answer_id) == (QuestionState.ANSWERED, 5, answer.id)
    assert [one.state for one in await core.conversations()] == ["completed"]
    assert [one.question_id for one in await core.all(Thread)] == [None]
    told = [one.data["value"] for one in await core.events() if one.type == "question_answered"]
    assert told == [5]
    assert (await said(core, "Great!!")).nature is Nature.NATURAL, "it was answered before"


@pytest.mark.parametrize("words", ["Where is my order?", "5 people are coming", "please stop texting me"])
async def test_what_is_no_answer_is_for_people(core: Core, words: str) -> None:
    await ask(core, await done(core))
    assert (await said(core, words)).nature is Nature.NATURAL
    assert [one.state for one in await core.conversations()] == ["open"]


async def test_a_late_answer_and_one_after_a_person_wrote_are_natural(core: Core) -> None:
    found = await done(core)
    await ask(core, found)
    core.clock.forward(72 * HOUR)
    assert (await said(core, "5")).nature is Nature.NATURAL
    await ask(core, found, "b")
    await core.send("How many do you want?")
    assert (await said(core, "5")).nature is Nature.NATURAL
    assert (await question(core)).state is QuestionState.ENDED


async def test_thanks_first_does_not_lose_the_answer(core: Core) -> None:
    await ask(core, await done(core))
    assert (await said(core, "Thanks!")).nature is Nature.NATURAL
    assert (await said(core, "5")).nature is Nature.FORM


async def test_stop_ends_it(core: Core) -> None:
    await ask(core, await done(core))
    await core.receive("STOP")
    assert (await question(core)).state is QuestionState.ENDED


async def test_an_answer_is_what_comes_to_where_it_was_asked(core: Core) -> None:
    """What is written to another of our numbers is for whoever is there: neither a value nor a remark."""
    found = await done(core)
    first = await ask(core, found)
    assert first.asked_from == core.sender_id
    elsewhere = await core.receive("5", to=OTHER_DESK)
    assert elsewhere.message is not None
    assert (elsewhere.message.nature, (await question(core)).state) == (Nature.NATURAL, QuestionState.OPEN)
    assert (await said(core, "5")).nature is Nature.FORM
    remark = await ask(core, found, "b", answers={}, about=first.id, from_=OTHER_DESK)
    other = next(one.id for one in await core.all(Sender) if one.value == OTHER_DESK)
    assert (remark.sender_id, remark.asked_from) == (core.sender_id, other)
    assert (await said(core, "Where is my parcel")).nature is Nature.NATURAL
    there = await core.receive("Too slow", to=OTHER_DESK)
    assert there.message is not None
    assert there.message.nature is Nature.FORM


async def test_any_words_are_a_remark_and_one_that_asks_back_reaches_people(core: Core) -> None:
    found = await done(core)
    first = await ask(core, found)
    await said(core, "1")
    await ask(core, found, "b", answers={}, about=first.id)
    assert (await said(core, "Too slow.")).nature is Nature.FORM
    await ask(core, found, "c", answers={}, about=first.id)
    assert (await said(core, "When does it come?")).nature is Nature.NATURAL
    read = await core.database.read(
        lambda session: question_reads.remarks(session, core.workspace_id, "survey_five", 0, core.clock.now + 1)
    )
    assert {(one.words, one.value, one.user_id) for one in read} == {
        ("Too slow.", 1, core.agent.user_id),
        ("When does it come?", 1, core.agent.user_id),
    }
    await core.writer.execute(EraseContact(found.contact_id), core.admin)
    read = await core.database.read(
        lambda session: question_reads.remarks(session, core.workspace_id, "survey_five", 0, core.clock.now + 1)
    )
    assert read == []


async def test_the_first_that_asked_goes_before_and_the_same_key_asks_once(core: Core) -> None:
    found = await done(core)
    first, again, other = await together(ask(core, found), ask(core, found), ask(core, found, "b"))
    assert first.id == again.id
    assert isinstance(other, Refused)
    assert other.code == "being-asked"
    assert len([one for one in await core.all(Message) if one.nature is Nature.FORM]) == 1
    await said(core, "5")
    with pytest.raises(Refused, match="was asked within 30 days"):
        await ask(core, found, "c", not_within_days=30)
    core.clock.forward(31 * 24 * HOUR)
    assert (await ask(core, found, "c", not_within_days=30)).id != first.id


async def test_a_question_is_held_while_it_is_open_whether_they_want_messages(core: Core) -> None:
    found = await done(core)
    await core.receive("leave me alone")
    await ask(core, found)
    assert [one.status for one in await core.all(Message) if one.nature is Nature.FORM] == [Status.HELD]


async def test_values_are_tallied_where_they_were_asked(core: Core) -> None:
    following = follower(core, FOLLOWER, tally)
    found = await done(core)
    await ask(core, found)
    asked_at = core.clock.now
    core.clock.forward(2 * HOUR)
    await said(core, "5")
    await following.catch_up()
    tallies = await core.database.read(
        lambda session: TALLIES.by(session, core.workspace_id, "workspace_id", [core.workspace_id])
    )
    counted = {
        (one.dimension, one.measure, one.band, one.count) for one in tallies if one.measure.endswith("survey_five")
    }
    assert {one.quarter for one in tallies if one.measure.endswith("survey_five")} == {asked_at // 900_000}
    assert counted == {
        (dimension, measure, band, 1)
        for dimension in ("all", "user", "sender", "gateway", "tag")
        for measure, band in (("asked:survey_five", 0), ("answered:survey_five", 5))
    }
