"""What a user has half written: reply and note beside each other, each forgotten alone."""

from collections.abc import AsyncIterator

import pytest

from gateway.core.caller import Caller
from gateway.core.commands.conversations import CloseConversation, SaveDraft
from gateway.domain.visibility import Role
from gateway.storage.conversation_rows import rows_of
from gateway.storage.drafts import draft
from gateway.storage.facts import Draft
from tests.core.running import Core, running_core


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def test_a_reply_and_a_note_are_kept_and_forgotten_apart(core: Core) -> None:
    await core.receive("Hello")
    thread_id, me = (await core.conversations())[-1].thread_id, core.caller(Role.AGENT)

    async def kept(command: SaveDraft, *, turned: bool = False) -> Draft | None:
        assert (await core.writer.execute(command, me)).turned is turned
        assert me.user_id is not None
        user_id = me.user_id
        return await core.database.read(lambda session: draft(session, me.workspace_id, user_id, thread_id))

    both = await kept(SaveDraft(thread_id, "Dear Maya", "Your order", (), "Ask the depot"), turned=True)
    assert both is not None
    assert (both.body, both.subject, both.note) == ("Dear Maya", "Your order", "Ask the depot")
    sent = await kept(SaveDraft(thread_id, ""))
    assert sent is not None
    assert (sent.body, sent.subject, sent.note) == ("", None, "Ask the depot")
    blank = await kept(SaveDraft(thread_id, note=""), turned=True)
    assert blank is not None
    assert not blank.holds_anything
    assert await kept(SaveDraft(thread_id, note=" ")) == blank


async def test_what_a_browser_kept_is_saved_unless_the_draft_was_changed_since(core: Core) -> None:
    await core.receive("Hello")
    thread_id, me = (await core.conversations())[-1].thread_id, core.caller(Role.AGENT)

    async def save(body: str, over: int | None = None) -> int:
        return (await core.writer.execute(SaveDraft(thread_id, body, over=over), me)).at

    async def body() -> str | None:
        assert me.user_id is not None
        user_id = me.user_id
        found = await core.database.read(lambda session: draft(session, me.workspace_id, user_id, thread_id))
        return found.body if found else None

    first = await save("Typed offline", over=0)
    assert (await body(), first > 0) == ("Typed offline", True)
    assert await save("Older than that", over=0) == first
    assert await body() == "Typed offline"
    second = await save("Typed over it", over=first)
    assert (await body(), second > first) == ("Typed over it", True)
    sent = await save("")
    for over in (0, first, second):
        assert await save("From before it was sent", over=over) == sent
        assert await body() == ""
    assert await save("After it was sent", over=sent) > sent
    assert await body() == "After it was sent"


async def test_a_tab_knows_its_own_draft_again_whose_answer_it_never_had(core: Core) -> None:
    await core.receive("Hello")
    thread_id, me = (await core.conversations())[-1].thread_id, core.caller(Role.AGENT)

    async def save(body: str | None, tab: str | None, over: int | None = None, note: str | None = None) -> str:
        await core.writer.execute(SaveDraft(thread_id, body, note=note, over=over, tab=tab), me)
        assert me.user_id is not None
        user_id = me.user_id
        found = await core.database.read(lambda session: draft(session, me.workspace_id, user_id, thread_id))
        return found.body if found else ""

    steps = [  # what is saved, by which tab, over which draft; what there is then
        ("Half", "one", None, "Half"),
        ("Half a thought", "one", 0, "Half a thought"),  # it knows no time of a draft
        ("From elsewhere", "two", 0, "Half a thought"),
        ("From nowhere", None, 0, "Half a thought"),
        ("Half a thought", "two", None, "Half a thought"),
        ("Typed before that", "one", 0, "Half a thought"),
        ("", "two", None, ""),  # sent
        ("Typed before it was sent", "one", 0, ""),
        ("And then", "two", 0, "And then"),
        ("", None, None, ""),
        ("By no tab that says so", None, 0, ""),
    ]
    for body, tab, over, kept in steps:
        assert await save(body, tab, over) == kept, (body, tab)
    await save(None, "one", note="Ask the depot")
    assert await save("After the note", "one", 0) == "After the note"


async def test_the_list_marks_it_for_its_writer_and_on_the_newest_conversation_alone(core: Core) -> None:
    await core.receive("Hello")
    first = (await core.conversations())[-1]
    mine, theirs = core.caller(Role.AGENT), core.caller(Role.ADMINISTRATOR)

    async def marks(caller: Caller) -> list[bool]:
        user_id = caller.user_id
        assert user_id is not None
        found = sorted(await core.conversations(), key=lambda one: one.id)
        rows = await core.database.read(lambda session: rows_of(session, caller.workspace_id, user_id, found))
        return [row.drafted for row in rows]

    await core.writer.execute(SaveDraft(first.thread_id, note="Ask the depot"), mine)
    assert (await marks(mine), await marks(theirs)) == ([True], [False])
    await core.writer.execute(CloseConversation(first.id), mine)
    await core.receive("One more thing")
    assert await marks(mine) == [False, True]
