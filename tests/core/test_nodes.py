"""Two nodes on one PostgreSQL: as safe as one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from gateway.core.commands.conversations import ClaimConversation, CompleteConversation
from gateway.core.errors import Refused
from gateway.domain.model import Contact, Entry, Message, Thread
from gateway.domain.policy import AfterInbound
from gateway.domain.visibility import Role
from tests.core.running import Core, running_core, together


@asynccontextmanager
async def two_nodes(url: str) -> AsyncIterator[tuple[Core, Core]]:
    async with running_core(url) as one, running_core(url, node=2) as two:
        yield one, two


async def test_fifty_first_texts_over_two_nodes_are_one_thread(postgres_database: Callable[[], str]) -> None:
    async with two_nodes(postgres_database()) as (one, two):
        await asyncio.gather(
            *((one, two)[i % 2].receive(f"text {i}", key=f"a|{i}") for i in range(50)),
        )
        assert (len(await one.all(Contact)), len(await one.all(Thread)), len(await one.conversations())) == (1, 1, 1)
        assert len(await one.all(Message)) == 50
        assert [entry.seq for entry in await two.all(Entry)] == list(range(1, 52))
        positions = [event.position for event in await two.events()]
        assert positions == list(range(1, len(positions) + 1))


async def test_the_same_webhook_at_both_nodes_is_one_message(postgres_database: Callable[[], str]) -> None:
    async with two_nodes(postgres_database()) as (one, two):
        answers = await asyncio.gather(
            *((one, two)[i % 2].receive("Hello", key=f"a|{i // 2}") for i in range(40)),
        )
        assert len(await one.all(Message)) == 20
        assert sum(answer.duplicate for answer in answers) == 20


async def test_a_claim_on_each_node_has_one_winner(postgres_database: Callable[[], str]) -> None:
    async with two_nodes(postgres_database()) as (one, two):
        await one.receive()
        [conversation] = await one.conversations()
        claim = ClaimConversation(conversation.id)
        answers = await together(
            one.writer.execute(claim, one.caller(Role.AGENT)), two.writer.execute(claim, two.caller(Role.SUPERVISOR))
        )
        assert sum(isinstance(answer, Refused) for answer in answers) == 1


async def test_settings_changed_on_one_node_are_decided_by_on_the_other(postgres_database: Callable[[], str]) -> None:
    async with two_nodes(postgres_database()) as (one, two):
        await one.receive()
        await one.policy(after_inbound=AfterInbound.NEW)
        [conversation] = await one.conversations()
        await two.writer.execute(CompleteConversation(conversation.id), two.admin)
        await two.receive("again", key="a|again")
        assert [found.number for found in await one.conversations()] == [1, 2]
