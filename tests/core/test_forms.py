"""Forms in the core, on both databases: question by question, and every way in which one ends."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import system
from gateway.core.commands.contacts import ChangeConsent, DecideWish, EraseContact
from gateway.core.commands.settings import CreatePool, RemoveSender
from gateway.core.commands.talks import ExpireForm, RemoveForm, SaveForm, StartForm, StopForm
from gateway.core.errors import Reason, Refused
from gateway.domain.address import provider_address
from gateway.domain.forms import Form, FormResponse, Question, QuestionType, ResponseState
from gateway.domain.lists import ListMember
from gateway.domain.model import Contact, Message, Thread, Work
from gateway.domain.policy import QuietHours
from gateway.domain.settings import Sender
from tests.core.running import MAYA, OTHER_DESK, Core, running_core, together
from tests.core.talking import SIZES, a_list, form, keyword, tell, texts


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def start(core: Core, sizes: Form, to: str = MAYA, caller: Any = None) -> FormResponse:
    return await core.writer.execute(StartForm(sizes.id, to=provider_address(to)), caller or core.agent)


async def responses(core: Core) -> list[FormResponse]:
    return await core.all(FormResponse)


async def test_questions_answers_and_what_is_kept(core: Core) -> None:
    known = await a_list(core)
    sizes = await form(core, list_id=known.id)
    await keyword(core, "SIZES", form_id=sizes.id, answer=None)
    said = await tell(core, "Sizes", "Maya Ortiz", "medium", "big", "thirty", "34")
    assert said == [
        *("keyword> Sizes", "form< What is your name?", "form> Maya Ortiz"),
        *("form< Which size, Maya Ortiz?\n1 Small\n2 Large", "form> medium", "form< 1 or 2, please."),
        *("form> big", "form< How old are you?", "form> thirty", "form< Please answer with a number."),
        *("form> 34", "form< Thanks, Maya Ortiz."),
    ]
    [done], [contact] = await responses(core), await core.all(Contact)
    assert (done.state, [one["value"] for one in done.answers]) == (
        ResponseState.COMPLETED,
        ["Maya Ortiz", "Large", "34"],
    )
    assert (contact.name, contact.saved, contact.fields) == ("Maya Ortiz", True, {"age": "34"})
    assert [one.list_id for one in await core.all(ListMember)] == [known.id]
    assert (await core.conversations(), [one.asking for one in await core.all(Thread)]) == ([], [None])
    types = [one.type for one in await core.events()]
    assert (types.count("form_started"), types.count("form_completed"), types.count("form_ended")) == (1, 1, 0)
    assert (await tell(core, "Hello?"))[-1] == "natural> Hello?"


async def test_stop_in_the_middle_ends_it_at_once(core: Core) -> None:
    sizes = await form(core)
    await start(core, sizes)
    assert (await tell(core, "Maya", "STOP", "2"))[-2:] == ["keyword> STOP", "natural> 2"]
    [ended] = await responses(core)
    assert (ended.state, len(ended.answers)) == (ResponseState.OPTED_OUT, 1)
    with pytest.raises(Refused) as caught:
        await start(core, sizes)
    assert caught.value.code == "recipient-opted-out"
    assert len(await responses(core)) == 1


async def test_an_opt_out_that_the_team_records_ends_it_too(core: Core) -> None:
    """What they say next is for people, and no answer to a form that can't ask any more."""
    sizes = await form(core)
    await start(core, sizes)
    await tell(core, "Maya")
    [contact] = await core.all(Contact)
    await core.writer.execute(ChangeConsent(contact.id, False, "marketing"), core.agent)
    assert (await responses(core))[0].state is ResponseState.RUNNING, "a form is no advertising"
    await core.writer.execute(ChangeConsent(contact.id, False, "any"), core.agent)
    assert (await tell(core, "2"))[-1] == "natural> 2"
    [ended] = await responses(core)
    assert (ended.state, len(ended.answers)) == (ResponseState.OPTED_OUT, 1)


async def test_words_that_were_decided_to_be_an_opt_out_end_it(core: Core) -> None:
    sizes = await form(core)
    await start(core, sizes)
    await tell(core, "please stop texting me")
    [contact], [thread] = await core.all(Contact), await core.all(Thread)
    await core.writer.execute(DecideWish(contact.id, thread.wish_message_id, True), core.agent)
    assert (await tell(core, "Delete what you know of me"))[-1] == "natural> Delete what you know of me"
    assert (await responses(core))[0].state is ResponseState.OPTED_OUT


async def test_nobody_is_trapped(core: Core) -> None:
    sizes = await form(core)
    await start(core, sizes)
    said = await tell(core, "Maya", "what?", "I have a question", "Which ones do you have?")
    assert said[-1] == "natural> Which ones do you have?"
    assert (await responses(core))[0].state is ResponseState.GIVEN_UP
    assert [one.needs_reply for one in await core.conversations()] == [True]

    await start(core, sizes, "+14155550001")
    said = await tell(core, "Exit!", "Hello", sender="+14155550001")
    assert said[1:] == ["form> Exit!", "form< Left.", "natural> Hello"]

    await start(core, sizes, "+14155550002")
    said = await tell(core, "please stop texting me", sender="+14155550002")
    assert said[-1] == "natural> please stop texting me"
    assert {one.state for one in await responses(core)} == {
        *(ResponseState.GIVEN_UP, ResponseState.LEFT, ResponseState.RUNNING),
    }


async def test_the_answer_is_for_whoever_asked_last(core: Core) -> None:
    sizes = await form(core)
    await keyword(core, "SIZES", form_id=sizes.id, answer=None)
    await tell(core, "sizes", "Maya")
    await core.send("Hi Maya, still there?", caller=core.agent)
    said = await tell(core, "1", "Yes, I am", "sizes", "1")
    assert said[-6:] == [
        *("natural> 1", "natural> Yes, I am"),
        *("keyword> sizes", "form< Which size, Maya?\n1 Small\n2 Large", "form> 1", "form< How old are you?"),
    ]
    assert (await responses(core))[0].question == 2
    assert len(await responses(core)) == 1


async def test_an_answer_is_what_comes_to_where_it_was_asked(core: Core) -> None:
    """To another of our numbers it is said to whoever is there; in a pool with the one that asked it is an answer."""
    sizes = await form(core)
    await start(core, sizes)
    assert (await tell(core, "Is the lamp back?", to=OTHER_DESK))[-1] == "natural> Is the lamp back?"
    [waiting] = await responses(core)
    assert (waiting.state, waiting.answers, waiting.sender_id) == (ResponseState.RUNNING, (), core.sender_id)
    assert (await tell(core, "Maya"))[-2:] == ["form> Maya", "form< Which size, Maya?\n1 Small\n2 Large"]
    numbers = tuple(one.id for one in await core.all(Sender))
    await core.writer.execute(CreatePool("Shared", numbers), core.admin)
    assert (await tell(core, "2", to=OTHER_DESK))[-2:] == ["form> 2", "form< How old are you?"]


async def test_a_keyword_of_another_number_is_heard_in_the_middle_and_the_question_waits(core: Core) -> None:
    other = next(one for one in await core.all(Sender) if one.value == OTHER_DESK)
    await keyword(core, "HOURS", answer="9 to 5.", sender_ids=(other.id,))
    await start(core, await form(core))
    assert (await tell(core, "Hours", to=OTHER_DESK))[-2:] == ["keyword> Hours", "keyword< 9 to 5."]
    assert (await tell(core, "Hours"))[-2] == "form> Hours", "where it is no keyword it is the answer"
    await core.writer.execute(RemoveSender(core.sender_id), core.admin)
    assert (await tell(core, "1", to=OTHER_DESK))[-2] == "form> 1", "the number that asked is gone"


async def test_one_at_a_time(core: Core) -> None:
    sizes, other = await form(core), await form(core, "Other", Question("a", "A?"))
    await keyword(core, "OTHER", form_id=other.id, answer=None)
    begun = await together(*(start(core, sizes) for _ in range(5)))
    refusals = [one for one in begun if isinstance(one, Refused)]
    assert (len(refusals), {one.code for one in refusals}) == (4, {"form-running"})
    assert "Sizes" in refusals[0].detail
    assert (await tell(core, "other"))[-1] == "form< Which size, other?\n1 Small\n2 Large"  # an answer, not a word
    [response] = await responses(core)
    await core.writer.execute(StopForm(sizes.id, response.id, response.thread_id), core.agent)
    with pytest.raises(Refused, match="over"):
        await core.writer.execute(StopForm(sizes.id, response.id, response.thread_id), core.agent)
    assert (await tell(core, "other"))[-1] == "form< A?"
    await core.send("Wait", caller=core.agent)
    await keyword(core, "SIZES", form_id=sizes.id, answer=None)
    assert (await tell(core, "sizes"))[-1] == "form< What is your name?"
    assert [one.state for one in await responses(core)] == [
        *(ResponseState.STOPPED, ResponseState.REPLACED, ResponseState.RUNNING),
    ]


async def test_two_answers_at_once_and_one_delivered_twice(core: Core) -> None:
    sizes = await form(core)
    await start(core, sizes)
    await together(*(core.receive("Maya", key="one") for _ in range(10)), core.receive("2", key="two"))
    [response] = await responses(core)
    assert [one["value"] for one in response.answers] == ["Maya", "Large"]
    assert [one for one in await texts(core) if "<" in one][1:] == [
        *("form< Which size, Maya?\n1 Small\n2 Large", "form< How old are you?"),
    ]


async def test_two_nodes_take_one_answer_each(database_url: str) -> None:
    async with running_core(database_url) as one, running_core(database_url, node=2) as two:
        sizes = await form(one, "Sizes", Question("a", "A?"), Question("b", "B?"), Question("c", "C?"))
        two.directory.forget(two.workspace_id)
        await start(one, sizes)
        await together(one.receive("first", key="1"), two.receive("second", key="2"), two.receive("first", key="1"))
        [response] = await responses(one)
        assert sorted(one["value"] for one in response.answers) == ["first", "second"]
        assert [one["key"] for one in response.answers] == ["a", "b"]


async def test_time_runs_out_from_the_last_question(core: Core) -> None:
    sizes = await form(core)
    await start(core, sizes)
    [work] = [one for one in await core.all(Work) if one.kind == "form"]
    assert work.due_at == core.clock.now + 3_600_000
    core.clock.forward(3_000_000)
    await tell(core, "Maya")
    core.clock.forward(700_000)
    [response] = await responses(core)
    look = ExpireForm(response.id, response.thread_id)
    await core.writer.execute(look, system(core.workspace_id))
    assert (await responses(core))[0].state is ResponseState.RUNNING
    again = [one for one in await core.all(Work) if one.kind == "form"][-1]
    assert again.due_at == response.asked_at + 3_600_000
    core.clock.forward(3_600_000)
    await core.writer.execute(look, system(core.workspace_id))
    await core.writer.execute(look, system(core.workspace_id))
    assert (await responses(core))[0].state is ResponseState.EXPIRED
    assert (await tell(core, "2"))[-1] == "natural> 2"
    assert [one.data["how"] for one in await core.events() if one.type == "form_ended"] == ["expired"]


async def test_whoever_begins_it_at_night_waits_and_whoever_answers_does_not(core: Core) -> None:
    sizes = await form(core)
    await keyword(core, "SIZES", form_id=sizes.id, answer=None)
    await core.policy(quiet_hours=QuietHours(0, 1439, "UTC"))
    await start(core, sizes)
    await tell(core, "sizes", "Maya", sender="+14155550001")
    outbound = [str(one.status) for one in await core.all(Message) if one.direction == "outbound"]
    assert outbound == ["held", "queued", "queued"]


async def test_a_change_is_for_those_who_begin_later_and_an_erasure_takes_answers_along(core: Core) -> None:
    sizes = await form(core)
    await start(core, sizes)
    await core.writer.execute(SaveForm(sizes.id, questions=(Question("z", "Z?"),)), core.admin)
    assert (await tell(core, "Maya"))[-1].startswith("form< Which size")
    await core.writer.execute(RemoveForm(sizes.id), core.admin)
    assert (await tell(core, "1"))[-1] == "form< How old are you?"
    [contact] = await core.all(Contact)
    await core.writer.execute(EraseContact(contact.id), core.admin)
    assert (await responses(core), [one.asking for one in await core.all(Thread)]) == ([], [None])


NO_FORMS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"questions": ()}, "questions"),
    ({"way_out": "Cancel"}, "way_out"),
    ({"way_out": "!"}, "way_out"),
    ({"timeout": 5}, "timeout"),
    ({"thanks": "Hi {{ answers.nothing }}"}, "thanks"),
    ({"thanks": "Hi {{ contact.first_name }}"}, "thanks"),
    ({"questions": (Question("a b", "A?"),)}, "questions[0].key"),
    ({"questions": (Question("a", "A?"), Question("a", "B?"))}, "questions[1].key"),
    ({"questions": (Question("a", " "),)}, "questions[0].text"),
    ({"questions": (Question("a", "A?", QuestionType.CHOICE, SIZES[:1]),)}, "questions[0].choices"),
    ({"questions": (Question("a", "A?", keep="shoe"),)}, "questions[0].keep"),
    ({"questions": (Question("a", "A?", tries=0),)}, "questions[0].tries"),
    ({"questions": (Question("a", "A?", least=5, most=1),)}, "questions[0].most"),
    ({"questions": (Question("a", "{{ answers.a }}?"),)}, "questions[0].text"),
    ({"list_id": 5}, "add_to_list"),
)


async def test_what_is_no_form(core: Core) -> None:
    for fields, field in NO_FORMS:
        given: dict[str, Any] = {"name": "X", "questions": (Question("a", "A?"),), **fields}
        with pytest.raises(Refused) as caught:
            await core.writer.execute(SaveForm(**given), core.admin)
        assert (caught.value.reason, caught.value.errors[0].field) == (Reason.INVALID, field), fields
