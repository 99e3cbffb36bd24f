"""What is counted of keywords, forms and polls, on both databases."""

from collections.abc import AsyncIterator

import pytest

from gateway.core.commands.contacts import MergeContacts
from gateway.domain.forms import Choice, Question, QuestionType
from gateway.domain.model import Contact
from gateway.domain.polls import Voters
from gateway.storage import talk_reads
from tests.core.running import Core, running_core
from tests.core.talking import form, keyword, poll, tell


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def test_people_times_states_and_votes(core: Core) -> None:
    ws, people = core.workspace_id, [f"+1415555000{one}" for one in range(4)]
    word, silent = await keyword(core, "HI"), await keyword(core, "NOBODY")
    short = await form(core, "Short", Question("a", "A?"), thanks=None)
    await keyword(core, "SHORT", form_id=short.id, answer=None)
    colours = await poll(core, "Colours", "Red", "Blue", voters=Voters.ANYBODY)
    for place, one in enumerate(people):
        await tell(core, "hi", "hi", "short", *(["x"] if place else []), sender=one)
        if place:
            await tell(core, str(1 + place % 2), sender=one)
    read = core.database.read
    assert await read(lambda session: talk_reads.keyword_uses_of(session, ws, [word.id, silent.id])) == {
        word.id: (4, 8),
        silent.id: (0, 0),
    }
    states = await read(lambda session: talk_reads.response_counts(session, ws, [short.id, 5]))
    assert states == {short.id: {"running": 1, "completed": 3}, 5: {}}
    page = await read(lambda session: talk_reads.response_page(session, ws, short.id, 2))
    rest = await read(lambda session: talk_reads.response_page(session, ws, short.id, 9, page[-1].id, "running"))
    assert ([str(one.state) for one in page], [str(one.state) for one in rest]) == (["completed"] * 2, ["running"])
    found = await read(lambda session: talk_reads.form_response(session, ws, rest[0].id))
    assert found == rest[0]
    assert await read(lambda session: talk_reads.form_response(session, ws, 1)) is None
    assert await read(lambda session: talk_reads.vote_counts(session, ws, [colours.id])) == {colours.id: {1: 2, 0: 1}}
    contacts = [one.id for one in await core.all(Contact)]
    await core.writer.execute(MergeContacts(contacts[1], contacts[3]), core.admin)
    counts = await read(lambda session: talk_reads.vote_counts(session, ws, [colours.id]))
    assert sum(counts[colours.id].values()) == 2
    votes = await read(lambda session: talk_reads.vote_page(session, ws, colours.id, 10))
    assert [one.contact_id for one in votes] == [contacts[3], contacts[2]]
    assert await read(lambda session: talk_reads.vote_page(session, ws, colours.id, 10, contacts[2])) == []


async def test_answers_are_counted_question_by_question(core: Core) -> None:
    ws = core.workspace_id
    size = Question("size", "Size?", QuestionType.CHOICE, (Choice("Small"), Choice("Large", ("l",))))
    asked = await form(
        core, "Order", size, Question("count", "How many?", QuestionType.NUMBER), Question("who", "Who?"), thanks=None
    )
    other = await form(core, "Other", Question("size", "Size?"), thanks=None)
    await keyword(core, "ORDER", form_id=asked.id, answer=None)
    await keyword(core, "OTHER", form_id=other.id, answer=None)
    said = (("l", "2", "Ann \"'"), ("small", "10"), ("l", "2", "Bob"), ())
    for place, answers in enumerate(said):
        await tell(core, "order", *answers, sender=f"+1415555010{place}")
    await tell(core, "other", "Whatever", sender="+14155550109")

    async def count(form_id: int, *keys: str) -> dict[str, dict[str | None, int]]:
        return await core.database.read(lambda session: talk_reads.answer_counts(session, ws, form_id, keys))

    assert await count(asked.id, "size", "count") == {
        "size": {"Large": 2, "Small": 1},
        "count": {"2": 2, "10": 1},
        "who": {None: 2},
    }
    assert await count(other.id) == {"size": {None: 1}}
    assert await count(1, "size") == {}
