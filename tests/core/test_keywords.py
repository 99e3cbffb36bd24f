"""Keywords in the core, on both databases: what a word does, what it doesn't, and who gets a message."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.commands.contacts import EraseContact
from gateway.core.commands.talks import RemoveForm, RemoveKeyword, RemovePoll, SaveKeyword
from gateway.core.errors import Reason, Refused
from gateway.domain.keywords import ANSWERS_AN_HOUR, KeywordUse, Match
from gateway.domain.lists import ListMember
from gateway.domain.model import ConsentRecord, Contact, Message, ReadCursor, Thread
from gateway.domain.policy import QuietHours
from gateway.domain.settings import Sender
from gateway.domain.visibility import Role
from gateway.storage.facts import ConversationTag
from tests.core.running import DESK, MAYA, OTHER_DESK, Core, running_core, together
from tests.core.talking import a_list, a_tag, form, keyword, poll, tell, texts


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def senders(core: Core) -> dict[str, int]:
    return {one.value: one.id for one in await core.all(Sender)}


async def refused(core: Core, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        await core.writer.execute(SaveKeyword(**fields), core.admin)
    return caught.value


async def test_a_word_opts_in_with_proof_and_is_answered_without_opening_anything(core: Core) -> None:
    known = await a_list(core)
    await keyword(core, "JOIN", "Beitreten", list_id=known.id, answer="Welcome to {{ keyword }} at {{ sender.value }}.")
    assert await tell(core, "  jöin! ") == ["keyword>   jöin! ", f"keyword< Welcome to jöin! at {DESK}."]
    [member], [contact] = await core.all(ListMember), await core.all(Contact)
    assert (member.list_id, member.contact_id) == (known.id, contact.id)
    [proof] = await core.all(ConsentRecord)
    assert (proof.words, proof.state, proof.purpose, proof.source) == ("jöin!", "subscribed", "marketing", "contact")
    assert (proof.sender_scope, proof.value, proof.at) == (DESK, MAYA, core.clock.now)
    assert await core.conversations() == []
    [thread] = await core.all(Thread)
    assert thread.inbound_count == 0
    assert await core.all(ReadCursor) == []
    assert [one.type for one in await core.events()][-5:] == [
        "contact_created",
        "message_received",
        "contact_opted_in",
        "message_queued",
        "keyword_received",
    ]
    event = (await core.events())[-1]
    assert (event.data["answered"], event.cause, event.contact_id) == (
        True,
        (await core.events())[-2].cause,
        contact.id,
    )
    answer = (await core.all(Message))[-1]
    assert (answer.author, answer.author_name) == ("automation", "JOIN, Beitreten")


KNOWN: tuple[tuple[str, Match, bool], ...] = (
    ("JOIN", Match.WHOLE, True),
    ("  “Join”. 🎉", Match.WHOLE, True),
    ("\uff2a\uff2f\uff29\uff2e", Match.WHOLE, True),
    ("join me", Match.WHOLE, False),
    ("I want to join", Match.FIRST, False),
    ("join me please", Match.FIRST, True),
    ("joined", Match.FIRST, False),
    ("early  BIRD!", Match.WHOLE, True),
    ("early bird ticket", Match.FIRST, True),
    ("early", Match.FIRST, False),
    ("join please stop texting me", Match.FIRST, False),  # somebody wants out: a person looks at that
    ("", Match.FIRST, False),
)


async def test_how_a_word_is_known(core: Core) -> None:
    made = await keyword(core, "JOIN", "Early bird")
    for place, (text, match, hit) in enumerate(KNOWN):
        await core.writer.execute(SaveKeyword(made.id, match=match), core.admin)
        said = await tell(core, text, sender=f"+14155550{place:03}")
        assert said == ([f"keyword> {text}", "keyword< Thanks!"] if hit else [f"natural> {text}"]), text


async def test_words_of_law_belong_to_nobody(core: Core) -> None:
    for word in ("STOP", "s.t.o.p", "Stop all", "QUIT", "cancel", "START", "unstop", "opt out", "STOP NEWS"):
        error = await refused(core, words=(word,), answer="Ha")
        assert (error.reason, error.code, error.errors[0].field) == (Reason.INVALID, "legal-word", "words"), word
    assert "law" in (await refused(core, words=("Stop",), answer="Ha")).detail
    assert (await refused(core, words=("HELP",))).errors[0].field == "answer"
    tag = await a_tag(core)
    assert (await refused(core, words=("HELP",), answer="Call us.", tag_id=tag.id)).code == "legal-word"
    assert "of their own" in (await refused(core, words=("HELP", "MENU"), answer="Call us.")).detail


async def test_help_is_answered_with_the_numbers_own_text(core: Core) -> None:
    ours = await senders(core)
    assert await tell(core, "HELP", sender="+14155550001") == ["natural> HELP"]
    await keyword(core, "HELP", "Info", answer="Write to us.")
    await keyword(core, "HELP", answer="Call us.", sender_ids=(ours[OTHER_DESK],))
    assert (await tell(core, "help?"))[-1] == "keyword< Write to us."
    assert (await tell(core, "INFO", to=OTHER_DESK))[-1] == "keyword< Call us."
    assert (await tell(core, "help me choose"))[-1] == "natural> help me choose"


async def test_a_word_is_one_keywords_on_a_number(core: Core) -> None:
    ours = await senders(core)
    first = await keyword(core, "MENU", sender_ids=(ours[DESK],))
    taken = await refused(core, words=("ménu!",), answer="No", sender_ids=tuple(ours.values()))
    assert (taken.reason, taken.code) == (Reason.CONFLICT, "word-taken")
    assert f"on {DESK} by the keyword MENU" in taken.detail
    other = await keyword(core, "MENU", sender_ids=(ours[OTHER_DESK],), answer="Other")
    assert (await tell(core, "menu"))[-1] == "keyword< Thanks!"
    assert (await tell(core, "menu", to=OTHER_DESK))[-1] == "keyword< Other"
    await core.writer.execute(SaveKeyword(other.id, enabled=False), core.admin)
    assert (await tell(core, "menu", to=OTHER_DESK))[-1] == "natural> menu"
    await core.writer.execute(RemoveKeyword(first.id), core.admin)
    await keyword(core, "MENU", answer="All")
    with pytest.raises(Refused, match="on all numbers by the keyword MENU"):
        await core.writer.execute(SaveKeyword(other.id, enabled=True), core.admin)
    at_once = await together(*(keyword(core, "ONCE") for _ in range(5)))
    assert sum(isinstance(one, Refused) for one in at_once) == 4


async def test_stop_is_obeyed_and_a_word_of_ones_own_starts_again(core: Core) -> None:
    known = await a_list(core)
    await keyword(core, "JOIN", list_id=known.id)
    await keyword(core, "MENU")
    said = await tell(core, "STOP", "menu", "JOIN", "menu")
    assert said == [
        *("keyword> STOP", "keyword> menu"),
        *("keyword> JOIN", "keyword< Thanks!", "keyword> menu", "keyword< Thanks!"),
    ]
    codes = [one.data["code"] for one in await core.events() if one.type == "keyword_received"]
    assert codes == ["recipient-opted-out", None, None]
    back = (await core.all(ConsentRecord))[-1]
    assert (back.purpose, back.words) == ("any", "JOIN")


async def test_only_the_word_alone_lifts_a_stop(core: Core) -> None:
    known = await a_list(core)
    await keyword(core, "JOIN", list_id=known.id, match=Match.FIRST)
    said = await tell(core, "STOP", "Join was a mistake", "join!")
    assert said == ["keyword> STOP", "keyword> Join was a mistake", "keyword> join!", "keyword< Thanks!"]
    assert [one.state for one in await core.all(ConsentRecord)] == ["unsubscribed", "subscribed"]
    codes = [one.data["code"] for one in await core.events() if one.type == "keyword_received"]
    assert codes == ["recipient-opted-out", None]


async def test_leaving_a_list_and_a_tag_on_what_is_open(core: Core) -> None:
    known, tag = await a_list(core), await a_tag(core)
    await keyword(core, "IN", list_id=known.id, consent=False)
    await keyword(core, "OUT", off_list_id=known.id, tag_id=tag.id, answer=None)
    await tell(core, "in", "out")
    assert (await core.all(ListMember), await core.all(ConsentRecord), await core.all(ConversationTag)) == ([], [], [])
    assert await tell(core, "Hello", "out") == [
        *("keyword> in", "keyword< Thanks!", "keyword> out", "natural> Hello", "keyword> out"),
    ]
    [conversation] = await core.conversations()
    assert conversation.needs_reply
    assert [one.tag_id for one in await core.all(ConversationTag)] == [tag.id]


async def test_the_same_text_twice_is_answered_once_and_a_machine_not_for_ever(core: Core) -> None:
    await keyword(core, "PING")
    await together(*(core.receive("ping", key="same") for _ in range(20)))
    assert await texts(core) == ["keyword> ping", "keyword< Thanks!"]
    await together(*(core.receive("ping") for _ in range(30)))
    answers = [one for one in await texts(core) if "<" in one]
    assert len(answers) == ANSWERS_AN_HOUR
    [use] = await core.all(KeywordUse)
    assert use.times == 31
    core.clock.forward(3_600_001)
    assert (await tell(core, "ping"))[-1] == "keyword< Thanks!"


async def test_an_answer_at_night_goes_out_at_night(core: Core) -> None:
    await keyword(core, "MENU")
    await core.policy(quiet_hours=QuietHours(0, 1439, "UTC"))
    await tell(core, "menu")
    assert [str(one.status) for one in await core.all(Message)] == ["received", "queued"]


async def test_nobody_but_who_runs_outreach_makes_keywords_and_an_erasure_forgets_who_used_them(core: Core) -> None:
    with pytest.raises(Refused, match="role"):
        await core.writer.execute(SaveKeyword(words=("X",), answer="Y"), core.agent)
    made = await core.writer.execute(SaveKeyword(words=("X",), answer="Y"), core.caller(Role.SUPERVISOR))
    await tell(core, "x")
    [contact] = await core.all(Contact)
    await core.writer.execute(EraseContact(contact.id), core.admin)
    assert await core.all(KeywordUse) == []
    assert made.words == ("X",)


NO_KEYWORDS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"words": ()}, "words"),
    ({"words": ("🎉",)}, "words"),
    ({"words": ("x" * 41,)}, "words"),
    ({"words": ("A",)}, "answer"),
    ({"words": ("A",), "answer": "Hi {{ contact.first_name }}"}, "answer"),  # nobody knows a stranger's name
    ({"words": ("A",), "answer": "Hi {{ contact.shoe }}"}, "answer"),
    ({"words": ("A",), "answer": "{% if %}"}, "answer"),
    ({"words": ("A",), "answer": "Hi", "list_id": 1}, "add_to_list"),
    ({"words": ("A",), "answer": "Hi", "sender_ids": (1,)}, "senders"),
    ({"words": ("A",), "answer": "Hi", "choice": "Red"}, "vote"),
)


async def test_what_is_no_keyword(core: Core) -> None:
    for fields, field in NO_KEYWORDS:
        error = await refused(core, **fields)
        assert (error.reason, error.errors[0].field) == (Reason.INVALID, field), fields
    assert (await keyword(core, "A", answer="Hi {{ contact.first_name | default: 'there' }}")).enabled


async def test_words_that_begin_forms_and_ask_polls_hold_them(core: Core) -> None:
    sizes, colours = await form(core), await poll(core)
    await keyword(core, "SIZES", form_id=sizes.id)
    await keyword(core, "RED", poll_id=colours.id, choice="red", answer=None)
    said = await tell(core, "sizes")
    assert said[1:] == ["keyword< Thanks!", "form< What is your name?"]
    assert await tell(core, "red", sender="+14155550002") == ["poll> red", "poll< Counted."]
    for command in (RemoveForm(sizes.id), RemovePoll(colours.id)):
        with pytest.raises(Refused, match="first"):
            await core.writer.execute(command, core.admin)
    both = await refused(core, words=("BOTH",), form_id=sizes.id, poll_id=colours.id)
    assert both.errors[0].field == "start_form"
