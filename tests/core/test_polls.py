"""Polls in the core, on both databases: one vote for each contact, who is counted, and when."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.commands.settings import CreatePool, RemoveSender
from gateway.core.commands.talks import AskPoll, OpenPoll, RemovePoll, SavePoll
from gateway.core.errors import Reason, Refused
from gateway.domain.address import provider_address
from gateway.domain.model import Message, Thread
from gateway.domain.polls import Poll, PollVote, Voters
from gateway.domain.settings import Sender
from tests.core.running import MAYA, OTHER_DESK, Core, running_core, together
from tests.core.talking import form, keyword, poll, tell


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def ask(core: Core, colours: Poll, to: str = MAYA) -> Message:
    return await core.writer.execute(AskPoll(colours.id, to=provider_address(to)), core.agent)


async def votes(core: Core) -> list[int]:
    return [one.choice for one in await core.all(PollVote)]


async def test_who_was_asked_votes_once_and_may_change_it_for_a_day(core: Core) -> None:
    colours = await poll(core)
    assert (await ask(core, colours)).body == "Which colour?\n1 Red\n2 Blue"
    said = await tell(core, "What is this?", "2", "sorry, red", "RED", "Red!")
    assert said[1:] == [
        *("natural> What is this?", "poll> 2", "poll< Counted.", "natural> sorry, red"),
        *("poll> RED", "poll< Counted.", "poll> Red!", "poll< Counted."),
    ]
    assert await votes(core) == [0]
    facts = [one.data for one in await core.events() if one.type == "poll_answered"]
    assert [(one["choice"], one["number"], one["changed"]) for one in facts] == [("Blue", 2, False), ("Red", 1, True)]
    core.clock.forward(86_400_001)
    assert (await tell(core, "2"))[-1] == "natural> 2"
    assert await votes(core) == [0]


async def test_a_vote_is_what_comes_to_where_it_was_asked(core: Core) -> None:
    """To another of our numbers a bare "2" is said to whoever is there, unless the numbers are shared."""
    colours = await poll(core)
    await ask(core, colours)
    [thread] = await core.all(Thread)
    assert thread.asking == f"poll:{colours.id}@{core.sender_id}"
    assert (await tell(core, "2", to=OTHER_DESK))[-1] == "natural> 2"
    assert await votes(core) == []
    assert (await tell(core, "2"))[-2:] == ["poll> 2", "poll< Counted."]
    await core.writer.execute(CreatePool("Shared", tuple(one.id for one in await core.all(Sender))), core.admin)
    assert (await tell(core, "1", to=OTHER_DESK))[-2:] == ["poll> 1", "poll< Counted."]
    other = "+14155550001"
    await keyword(core, "COLOUR", poll_id=colours.id, answer=None)
    assert (await tell(core, "colour", sender=other))[-1] == "poll< Which colour?\n1 Red\n2 Blue"
    await core.writer.execute(RemoveSender(core.sender_id), core.admin)
    assert (await tell(core, "red", sender=other, to=OTHER_DESK))[-2] == "poll> red", "the number that asked is gone"


async def test_a_vote_that_stands(core: Core) -> None:
    colours = await poll(core, change=False, already="You voted.")
    await ask(core, colours)
    assert (await tell(core, "1", "2"))[-2:] == ["poll< Counted.", "natural> 2"]
    await ask(core, colours)
    assert (await tell(core, "2"))[-1] == "poll< You voted."
    assert await votes(core) == [0]


async def test_votes_in_parallel_and_twice_are_one_each(core: Core) -> None:
    colours = await poll(core, voters=Voters.ANYBODY)
    people = [f"+14155550{one:03}" for one in range(20)]
    await together(
        *(
            core.receive(str(1 + place % 2), sender=one, key=f"{one}|{twice}")
            for place, one in enumerate(people)
            for twice in (1, 1, 2)
        )
    )
    assert sorted(await votes(core)) == [0] * 10 + [1] * 10
    assert colours.voters is Voters.ANYBODY


async def test_anybodys_choice_counts_but_not_in_a_conversation(core: Core) -> None:
    await poll(core, "Colours", "Red", "Blue", voters=Voters.ANYBODY)
    assert await tell(core, "blue") == ["poll> blue", "poll< Counted."]
    said = await tell(core, "How many can I order?", "2", sender="+14155550001")
    assert said == ["natural> How many can I order?", "natural> 2"]
    with pytest.raises(Refused, match="taken on all numbers by the poll Colours"):
        await keyword(core, "Blue")
    with pytest.raises(Refused, match="taken"):
        await poll(core, "Numbers", "One", "Two", voters=Voters.ANYBODY)


async def test_from_and_until(core: Core) -> None:
    now = core.clock.now
    colours = await poll(core, voters=Voters.ANYBODY, opens_at=now + 1000, closes_at=now + 9000, closed="Not open.")
    other = next(one.id for one in await core.all(Sender) if one.value == OTHER_DESK)
    window = {"closes_at": now + 5000, "sender_ids": (other,)}
    with pytest.raises(Refused, match="“1” is taken"):
        await poll(core, "Silent", "Ja", "Nee", voters=Voters.ANYBODY, **window)
    await core.writer.execute(SavePoll(colours.id, sender_ids=(core.sender_id,)), core.admin)
    silent = await poll(core, "Silent", "Ja", "Nee", voters=Voters.ANYBODY, **window)
    await keyword(core, "VOTE", poll_id=colours.id, answer=None)
    assert (await tell(core, "red"))[-1] == "poll< Not open."
    assert (await tell(core, "vote"))[-1] == "poll< Not open."
    with pytest.raises(Refused, match="not open"):
        await ask(core, colours)
    core.clock.forward(1000)
    assert (await tell(core, "vote"))[-1] == "poll< Which colour?\n1 Red\n2 Blue"
    assert (await tell(core, "red"))[-1] == "poll< Counted."
    core.clock.forward(8000)
    assert (await tell(core, "blue"))[-1] == "poll< Not open."
    assert (await tell(core, "ja", sender="+14155550003", to=OTHER_DESK))[-1] == "natural> ja"
    assert await votes(core) == [0]
    again = await core.writer.execute(OpenPoll(colours.id, True), core.admin)
    assert (again.opens_at, again.closes_at) == (core.clock.now, None)
    assert (await tell(core, "blue", sender="+14155550004"))[-1] == "poll< Counted."
    shut = await core.writer.execute(OpenPoll(colours.id, False), core.admin)
    assert shut.closes_at == core.clock.now
    assert (await tell(core, "red", sender="+14155550005"))[-1] == "poll< Not open."
    assert await core.writer.execute(OpenPoll(silent.id, False), core.admin) == silent


async def test_a_poll_that_is_asked_ends_a_form_and_a_person_who_writes_rests_it(core: Core) -> None:
    colours, sizes = await poll(core), await form(core)
    await keyword(core, "SIZES", form_id=sizes.id, answer=None)
    await tell(core, "sizes")
    await ask(core, colours)
    assert (await tell(core, "1"))[-1] == "poll< Counted."
    await ask(core, colours, "+14155550001")
    await core.send("Hello, a word?", to=provider_address("+14155550001"), caller=core.agent)
    assert (await tell(core, "1", sender="+14155550001"))[-1] == "natural> 1"
    assert [one.asking for one in await core.all(Thread)][1] == f"paused:poll:{colours.id}@{core.sender_id}"


async def test_choices_that_were_voted_for_stay(core: Core) -> None:
    colours = await poll(core, "Colours", "Red", "Blue", "Green")
    with pytest.raises(Refused, match="not taken away"):
        await core.writer.execute(SavePoll(colours.id, choices=({"label": "A"}, {"label": "B"})), core.admin)
    more = tuple({"label": one} for one in ("Crimson", "Blue", "Green", "Gold"))
    assert len((await core.writer.execute(SavePoll(colours.id, choices=more), core.admin)).choices) == 4
    await core.writer.execute(RemovePoll(colours.id), core.admin)
    with pytest.raises(Refused, match="No such poll"):
        await ask(core, colours)


NO_POLLS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"question": " "}, "question"),
    ({"choices": ({"label": "A"},)}, "choices"),
    ({"choices": ({"label": "A"}, {"label": "á!"})}, "choices"),
    ({"choices": ({"label": "A"}, {"label": "Stop"})}, "choices"),
    ({"choices": ({"label": "A"}, {"label": "B", "words": ("a",)})}, "choices"),
    ({"opens_at": 5, "closes_at": 5}, "closes_at"),
    ({"sender_ids": (7,)}, "senders"),
    ({"thanks": "{{ contact.name }}"}, "thanks"),
)


async def test_what_is_no_poll(core: Core) -> None:
    for fields, field in NO_POLLS:
        given = {"name": "X", "question": "Q?", "choices": ({"label": "A"}, {"label": "B"}), **fields}
        with pytest.raises(Refused) as caught:
            await core.writer.execute(SavePoll(**given), core.admin)
        assert (caught.value.reason, caught.value.errors[0].field) == (Reason.INVALID, field), fields
