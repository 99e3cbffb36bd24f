"""Words that may mean "no more messages": a person decides, and until then no machine writes to this contact."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import Caller, system
from gateway.core.commands.contacts import ChangeConsent, DecideWish, MergeContacts, UnmergeContact
from gateway.core.commands.messages import Dropped, ReleaseScheduled, Start
from gateway.core.commands.settings import UpdateWorkspace
from gateway.core.errors import Refused
from gateway.core.explanation import explain
from gateway.core.wishes import SENTENCE
from gateway.domain.address import provider_address
from gateway.domain.model import ConsentRecord, Message, Thread, Work
from gateway.domain.nature import Nature
from gateway.domain.status import Status
from gateway.domain.visibility import Role
from tests.core.running import MAYA, OTHER_DESK, Core, running_core, together
from tests.core.talking import keyword

WORDS = "please stop texting me"
BEN = "+14155550777"
MACHINES = [Nature.KEYWORD, Nature.POLL, Nature.FORM, Nature.AUTO, Nature.CAMPAIGN]


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def thread(core: Core) -> Thread:
    found: Thread = next(one for one in await core.all(Thread) if one.merged_into is None)
    return found


async def wish(core: Core, words: str = WORDS) -> Message:
    received = await core.receive(words)
    assert received.message is not None
    return received.message


async def decide(core: Core, message: Message, *, unsubscribe: bool, by: Caller | None = None) -> None:
    await core.writer.execute(DecideWish(message.contact_id, message.id, unsubscribe), by or core.agent)


async def release_all(core: Core) -> None:
    for one in await core.all(Work):
        if one.kind == "release" and one.due_at <= core.clock.now:
            await core.writer.execute(ReleaseScheduled(one.subject_id or 0), system(core.workspace_id))


async def said(core: Core, kind: str) -> list[dict[str, Any]]:
    return [dict(one.data) for one in await core.events() if one.type == kind]


async def test_nobody_is_stopped_by_a_guess_and_every_machine_waits(core: Core) -> None:
    message = await wish(core)
    assert (message.nature, (await thread(core)).wish_message_id) == (Nature.NATURAL, message.id)
    assert await core.all(ConsentRecord) == []
    assert len(await said(core, "opt_out_suggested")) == 1
    for nature in MACHINES:
        held = await core.send("A machine's", nature=nature)
        assert (held.status, explain(held).wish) == (Status.HELD, SENTENCE)
    automation = Caller(core.workspace_id, "automation", name="a rule")
    assert (await core.send("A rule's", caller=automation)).status is Status.HELD
    assert (await core.send("A person's")).status is Status.QUEUED
    assert (await core.send("A test", test=True)).status is Status.QUEUED
    assert [one.kind for one in await core.all(Work) if one.kind == "release"] == []


async def test_a_workspace_s_own_phrases_are_wishes_and_no_keywords(core: Core) -> None:
    phrases = ["Paus nu", "nööd no more"]
    await core.writer.execute(UpdateWorkspace(policy={"stop_phrases": phrases}), core.admin)
    with pytest.raises(Refused, match="sounds like somebody who wants no more"):
        await keyword(core, "paus nu")
    for words in ("Paus", "I will paus nut bread", "noeed no more"):
        await wish(core, words)
        assert (await thread(core)).wish_message_id is None, words
    message = await wish(core, "please PAUS,  nu! thanks")
    assert (await thread(core)).wish_message_id == message.id
    await core.writer.execute(UpdateWorkspace(preset="chat"), core.admin)
    assert (await core.directory.get(core.workspace_id)).policy.stop_phrases == tuple(phrases)


async def test_what_was_queued_before_is_held_at_the_last_look(core: Core) -> None:
    await core.receive("Hello")
    message = await core.send("An offer", nature=Nature.CAMPAIGN)
    (claimed,) = await core.claim()
    words = await wish(core)
    assert isinstance(await core.begin(claimed), Dropped)
    assert (await core.message(message.id)).status is Status.HELD
    await decide(core, words, unsubscribe=False)
    await release_all(core)
    (claimed,) = await core.claim()
    assert isinstance(await core.begin(claimed), Start)


async def test_one_that_was_scheduled_waits_when_its_time_comes(core: Core) -> None:
    await core.receive("Hello")
    message = await core.send("Later", nature=Nature.AUTO, send_at=core.clock.now + 1000)
    await wish(core)
    core.clock.forward(2000)
    await release_all(core)
    assert (await core.message(message.id)).status is Status.HELD


async def test_to_keep_lets_go_what_waited_and_is_kept_with_the_words(core: Core) -> None:
    words = await wish(core)
    held = await core.send("Thanks", nature=Nature.AUTO)
    await decide(core, words, unsubscribe=False)
    (line,) = await core.all(ConsentRecord)
    assert (line.state, line.source, line.words, line.actor) == ("unknown", "agent", WORDS, core.agent.actor)
    await release_all(core)
    assert (await core.message(held.id)).status is Status.QUEUED
    assert (await core.send("And more", nature=Nature.CAMPAIGN)).status is Status.QUEUED
    assert [one["decided"] for one in await said(core, "opt_out_decided")] == ["keep"]


async def test_to_unsubscribe_is_kept_with_the_words_and_nothing_that_waited_leaves(core: Core) -> None:
    words = await wish(core)
    held = await core.send("Thanks", nature=Nature.AUTO)
    await decide(core, words, unsubscribe=True)
    (line,) = await core.all(ConsentRecord)
    assert (line.state, line.purpose, line.source, line.words) == ("unsubscribed", "any", "agent", WORDS)
    await release_all(core)
    (claimed,) = await core.claim()
    assert isinstance(await core.begin(claimed), Dropped)
    dropped = await core.message(held.id)
    assert (dropped.status, dropped.error_code) == (Status.FAILED, "recipient-opted-out")
    with pytest.raises(
        Refused, match="The team recorded that this contact wants no messages: “please stop texting me”"
    ):
        await core.send("Another", nature=Nature.CAMPAIGN)


async def test_one_decides_and_the_other_is_told(core: Core) -> None:
    words = await wish(core)
    answers = await together(
        decide(core, words, unsubscribe=True), decide(core, words, unsubscribe=False, by=core.caller(Role.SUPERVISOR))
    )
    (late,) = [one for one in answers if isinstance(one, Refused)]
    assert late.code == "nothing-to-decide"
    assert len(await core.all(ConsentRecord)) == 1


@pytest.mark.parametrize("word", ["STOP", "START"])
async def test_the_contact_s_own_word_leaves_nothing_to_decide(core: Core, word: str) -> None:
    await wish(core)
    await core.receive(word)
    assert (await thread(core)).wish_message_id is None
    assert [one["decided"] for one in await said(core, "opt_out_decided")] == ["withdrawn"]


async def test_the_menu_decides_too(core: Core) -> None:
    words = await wish(core)
    await core.writer.execute(ChangeConsent(words.contact_id, subscribed=False), core.agent)
    assert (await thread(core)).wish_message_id == words.id  # campaigns alone: the others still wait
    await core.writer.execute(ChangeConsent(words.contact_id, subscribed=False, purpose="any"), core.agent)
    assert (await thread(core)).wish_message_id is None


async def test_said_twice_is_asked_once_and_again_after_a_decision(core: Core) -> None:
    words = await wish(core)
    await core.receive("LEAVE ME ALONE")
    assert (await thread(core)).wish_message_id == words.id
    await decide(core, words, unsubscribe=False)
    again = await wish(core, "I said leave me alone")
    assert (await thread(core)).wish_message_id == again.id
    assert len(await said(core, "opt_out_suggested")) == 2


async def test_a_merged_contact_s_words_hold_for_whom_they_are_now(core: Core) -> None:
    words = await wish(core)
    ben = await core.receive("Hello", sender=BEN)
    assert ben.message is not None
    await core.writer.execute(MergeContacts(words.contact_id, ben.message.contact_id), core.admin)
    held = await core.send("An offer", to=provider_address(BEN), nature=Nature.CAMPAIGN)
    assert held.status is Status.HELD
    await core.writer.execute(UnmergeContact(words.contact_id), core.admin)
    for address in (MAYA, BEN):
        assert (await core.send("Both", to=provider_address(address), nature=Nature.AUTO)).status is Status.HELD


async def test_another_number_of_ours_changes_nothing(core: Core) -> None:
    await wish(core)
    assert (await core.send("From there", from_=OTHER_DESK, nature=Nature.AUTO)).status is Status.HELD
