"""The verbs of a conversation through the writer, on both databases."""

from collections.abc import AsyncIterator

import pytest

from gateway.core.caller import system
from gateway.core.commands.conversations import (
    AddNote,
    ArchiveConversation,
    AssignConversation,
    ChangeTags,
    ClaimConversation,
    CloseConversation,
    CompleteConversation,
    FireTimer,
    MarkRead,
    MarkUnread,
    ReleaseConversation,
    ReopenConversation,
    SnoozeConversation,
    WakeConversation,
)
from gateway.core.errors import Reason, Refused
from gateway.domain.conversation import State
from gateway.domain.model import Conversation, Entry, Message, Note, ReadCursor, Thread, Work
from gateway.domain.policy import AfterInbound, CompleteRepeat, Visibility
from gateway.domain.visibility import Role
from gateway.storage.facts import ViewCount
from tests.core.running import Core, running_core, together


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def opened(core: Core) -> Conversation:
    await core.receive("Hello")
    return (await core.conversations())[-1]


async def do(core: Core, command: object, role: Role = Role.ADMINISTRATOR) -> Conversation:
    return await core.writer.execute(command, core.caller(role))  # type: ignore[arg-type]


async def test_of_two_claims_at_once_one_wins_and_the_other_hears_who(core: Core) -> None:
    conversation = await opened(core)
    claim = ClaimConversation(conversation.id)
    answers = await together(
        core.writer.execute(claim, core.caller(Role.AGENT)), core.writer.execute(claim, core.caller(Role.SUPERVISOR))
    )
    won = [answer for answer in answers if isinstance(answer, Conversation)]
    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert (len(won), len(lost)) == (1, 1)
    winner = next(user for user in core.users.values() if user.id == won[0].user_id)
    assert lost[0].reason is Reason.CONFLICT
    assert winner.name in lost[0].detail


async def test_completed_comes_back_and_counts_each_time(core: Core) -> None:
    conversation = await opened(core)
    assert (await do(core, CompleteConversation(conversation.id))).completed_count == 1
    assert (await do(core, CompleteConversation(conversation.id))).completed_count == 1
    await core.receive("One more thing")
    [again] = await core.conversations()
    assert (again.state, again.number) == (State.OPEN, 1)
    assert (await do(core, CompleteConversation(conversation.id))).completed_count == 2
    types = [event.type for event in await core.events()]
    assert types.count("conversation_completed") == 2
    assert types.count("conversation_reopened") == 1


async def test_a_closing_text_goes_out_without_opening_anything(core: Core) -> None:
    conversation = await opened(core)
    ended = await do(core, CompleteConversation(conversation.id, message="Thanks, goodbye!"))
    assert ended.state is State.COMPLETED
    assert [message.body for message in await core.all(Message)] == ["Hello", "Thanks, goodbye!"]
    assert len(await core.conversations()) == 1
    last = (await core.all(Entry))[-1]
    assert (last.kind, last.event) == ("event", "conversation_completed")


async def test_complete_once_offers_archive_and_sends_nothing(core: Core) -> None:
    await core.policy(complete_repeat=CompleteRepeat.ONCE)
    conversation = await opened(core)
    await do(core, CompleteConversation(conversation.id))
    await do(core, ReopenConversation(conversation.id))
    with pytest.raises(Refused, match=r"[Aa]rchive"):
        await do(core, CompleteConversation(conversation.id, message="Bye"))
    assert [message.body for message in await core.all(Message)] == ["Hello"]
    assert (await do(core, ArchiveConversation(conversation.id))).state is State.ARCHIVED


async def test_a_sealed_conversation_stays_as_it_is_and_the_next_is_linked(core: Core) -> None:
    conversation = await opened(core)
    await do(core, CloseConversation(conversation.id))
    for command in (
        ReopenConversation(conversation.id),
        CompleteConversation(conversation.id),
        SnoozeConversation(conversation.id, core.clock.now + 1000),
        ClaimConversation(conversation.id),
        ChangeTags(conversation.id, add=("VIP",)),
        AddNote(conversation.thread_id, "too late"),
    ):
        with pytest.raises(Refused) as refused:
            await do(core, command)
        assert refused.value.reason is Reason.CONFLICT
    await core.receive("Me again")
    first, second = await core.conversations()
    assert (first.state, second.state, second.number, second.previous_id) == (State.CLOSED, State.OPEN, 2, first.id)


async def test_a_new_conversation_each_time_where_the_policy_says_so(core: Core) -> None:
    await core.policy(after_inbound=AfterInbound.NEW)
    conversation = await opened(core)
    await do(core, CompleteConversation(conversation.id))
    await core.receive("Something else")
    first, second = await core.conversations()
    assert (first.state, first.ended_by, second.state) == (State.CLOSED, "inbound", State.OPEN)


async def test_snoozed_until_its_timer_or_until_they_write(core: Core) -> None:
    conversation = await opened(core)
    until = core.clock.now + 60_000
    snoozed = await do(core, SnoozeConversation(conversation.id, until))
    assert (snoozed.state, snoozed.snoozed_until) == (State.SNOOZED, until)
    [timer] = await core.all(Work)
    assert (timer.kind, timer.due_at, timer.subject_id) == ("timer", until, conversation.id)

    await core.writer.execute(FireTimer(conversation.id), system(core.workspace_id))
    assert (await core.conversations())[0].state is State.SNOOZED
    core.clock.forward(60_001)
    await core.writer.execute(FireTimer(conversation.id), system(core.workspace_id))
    [woken] = await core.conversations()
    assert (woken.state, woken.woken) == (State.OPEN, True)

    await do(core, SnoozeConversation(conversation.id, core.clock.now + 60_000))
    await do(core, WakeConversation(conversation.id))
    await do(core, SnoozeConversation(conversation.id, core.clock.now + 60_000))
    await core.receive("Are you there?")
    assert (await core.conversations())[0].state is State.OPEN


async def test_unread_is_each_users_own(core: Core) -> None:
    conversation = await opened(core)
    await core.receive("And another")
    await do(core, MarkRead(conversation.thread_id), Role.AGENT)
    [cursor] = await core.all(ReadCursor)
    [thread] = await core.all(Thread)
    assert (cursor.user_id, thread.inbound_count - cursor.read_inbound) == (core.users[Role.AGENT].id, 0)
    await do(core, MarkUnread(conversation.thread_id), Role.AGENT)
    [cursor] = await core.all(ReadCursor)
    assert thread.inbound_count - cursor.read_inbound == 1
    await core.receive("Third")
    [thread] = await core.all(Thread)
    assert thread.inbound_count - cursor.read_inbound == 2


async def test_what_one_may_not_see_is_not_there(core: Core) -> None:
    await core.policy(visibility=Visibility.OWNER)
    conversation = await opened(core)
    await do(core, AssignConversation(conversation.id, user_id=core.users[Role.SUPERVISOR].id))
    for command in (
        CompleteConversation(conversation.id),
        ClaimConversation(conversation.id),
        AddNote(conversation.thread_id, "hm"),
        MarkRead(conversation.thread_id),
    ):
        with pytest.raises(Refused) as refused:
            await do(core, command, Role.AGENT)
        assert refused.value.reason is Reason.NOT_FOUND
    with pytest.raises(Refused) as refused:
        await core.send("Hi", caller=core.agent)
    assert refused.value.reason is Reason.CONFLICT
    assert "Priya" not in refused.value.detail
    assert (await do(core, ReleaseConversation(conversation.id))).user_id is None


async def test_tags_and_notes(core: Core) -> None:
    conversation = await opened(core)
    await do(core, ChangeTags(conversation.id, add=("VIP", "vip")))
    await do(core, ChangeTags(conversation.id, remove=("VIP",)))
    note = await core.writer.execute(AddNote(conversation.thread_id, "Prefers texts"), core.agent)
    assert note.conversation_id == conversation.id
    assert [one.body for one in await core.all(Note)] == ["Prefers texts"]
    types = [event.type for event in await core.events()]
    assert (types.count("tag_added"), types.count("tag_removed"), types.count("note_added")) == (1, 1, 1)
    assert "Prefers texts" not in str(await core.events())


async def test_counts_beside_the_views_are_kept(core: Core) -> None:
    conversation = await opened(core)
    await core.receive("Hi", sender="+14155550199")
    await do(core, ClaimConversation(conversation.id))
    await do(core, CompleteConversation(conversation.id))
    counts = {(one.state, one.user_id): one.count for one in await core.all(ViewCount) if one.count}
    me = core.users[Role.ADMINISTRATOR].id
    assert counts == {("open", 0): 1, ("completed", me): 1}


async def test_remove_hides_the_history_and_keeps_the_contact(core: Core) -> None:
    conversation = await opened(core)
    removed = await do(core, ArchiveConversation(conversation.id, remove=True))
    [thread] = await core.all(Thread)
    assert (removed.state, thread.floor_seq) == (State.ARCHIVED, thread.seq)
