"""Inbound, through the writer, on both databases."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from gateway.domain.conversation import State
from gateway.domain.model import Contact, Conversation, Direction, Entry, Message, Thread
from gateway.domain.nature import Nature
from tests.core.running import MAYA, OTHER_DESK, Core, running_core, together


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def test_a_first_text_makes_one_of_everything(core: Core) -> None:
    received = await core.receive("Hi, is the lamp back?")

    [contact] = await core.all(Contact)
    [thread] = await core.all(Thread)
    [conversation] = await core.conversations()
    assert received.message is not None
    assert (thread.contact_id, thread.conversation_id) == (contact.id, conversation.id)
    assert (thread.inbound_count, conversation.number, conversation.state) == (1, 1, State.OPEN)
    assert conversation.needs_reply
    assert conversation.preview == "Hi, is the lamp back?"
    assert [entry.kind for entry in await core.all(Entry)] == ["event", "message"]
    assert [event.type for event in await core.events()] == [
        "contact_created",
        "conversation_opened",
        "message_received",
    ]
    assert [event.position for event in await core.events()] == [1, 2, 3]


async def test_the_same_provider_message_again_changes_nothing(core: Core) -> None:
    await core.receive("Hello", key="a|1")
    again = await together(*(core.receive("Hello", key="a|1") for _ in range(50)))

    assert all(received.duplicate for received in again)
    assert len(await core.all(Message)) == 1
    assert len(await core.events()) == 3


async def test_fifty_first_texts_of_a_new_contact_in_parallel_are_one_thread(core: Core) -> None:
    spellings = itertools.cycle([MAYA, "14155550148", "0014155550148", "tel:+14155550148", "+1 (415) 555-0148"])
    await asyncio.gather(*(core.receive(f"text {i}", sender=next(spellings)) for i in range(50)))

    assert (len(await core.all(Contact)), len(await core.all(Thread)), len(await core.conversations())) == (1, 1, 1)
    messages = await core.all(Message)
    assert len({message.body for message in messages}) == 50
    assert [entry.seq for entry in await core.all(Entry)] == list(range(1, 52))


async def test_senders_and_gateways_share_the_thread(core: Core) -> None:
    await core.receive("to the first number")
    await core.receive("to the second number", to=OTHER_DESK)

    first, second = await core.all(Message)
    assert first.thread_id == second.thread_id
    assert first.sender_id != second.sender_id
    [thread] = await core.all(Thread)
    assert thread.inbound_sender_id == second.sender_id


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
async def test_parts_join_in_any_order(core: Core, order: tuple[int, ...]) -> None:
    texts = {1: "One two ", 2: "three ", 3: "four"}
    answers = [await core.part(texts[index], index, 3) for index in (*order[:2], order[0], order[2])]

    assert [answer.message for answer in answers[:-1]] == [None, None, None]
    [message] = await core.all(Message)
    assert message.body == "One two three four"


async def test_parts_of_two_contacts_with_the_same_reference_stay_apart(core: Core) -> None:
    await core.part("a1", 1, 2)
    await core.part("b1", 1, 2, sender="+14155550199")
    await core.part("b2", 2, 2, sender="+14155550199")
    await core.part("a2", 2, 2)

    assert sorted(message.body for message in await core.all(Message)) == ["a1a2", "b1b2"]


async def test_stop_is_a_keyword_and_opens_nothing(core: Core) -> None:
    await core.receive("Stop.")

    [message] = await core.all(Message)
    assert (message.nature, message.direction, message.conversation_id) == (
        Nature.KEYWORD,
        Direction.INBOUND,
        None,
    )
    assert await core.all(Conversation) == []
    assert [event.type for event in await core.events()][-1] == "contact_opted_out"
