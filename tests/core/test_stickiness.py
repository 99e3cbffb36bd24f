"""The number a contact is used to: what they wrote to, what was used last, and what proved to arrive."""

from collections.abc import AsyncIterator

import pytest

from gateway.core.caller import system
from gateway.core.commands.messages import RecordReceipt, RecordSendFailure, ReleaseScheduled, Start
from gateway.domain.model import Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.status import Status
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.values import Receipt
from tests.core.running import ACCOUNT, DESK, OTHER_DESK, Core, running_core

NOBODY_YET = None


@pytest.fixture
async def core(sqlite_url: str) -> AsyncIterator[Core]:
    async with running_core(sqlite_url) as core:
        yield core


async def sticky(core: Core) -> str | None:
    """The number the only thread there is sticks to."""
    (thread,) = await core.all(Thread)
    view = await core.directory.get(core.workspace_id)
    return view.senders[thread.sticky_sender_id].value if thread.sticky_sender_id else None


async def leaves(core: Core, message: Message) -> None:
    """A worker sends what is due, and the provider takes it."""
    for work in await core.claim():
        start = await core.begin(work)
        assert isinstance(start, Start)
        await core.accepted(work, start)


async def receipt(core: Core, message: Message, state: Status) -> None:
    """The provider says what became of it."""
    command = RecordReceipt(core.gateway_id, ACCOUNT, Receipt((f"p-{message.id}-1",), state))
    await core.writer.execute(command, system(core.workspace_id))


async def test_what_they_wrote_to_then_what_was_used_last(core: Core) -> None:
    await core.receive("Hi", to=OTHER_DESK)
    assert await sticky(core) == OTHER_DESK
    await core.send("From the desk", from_=DESK)
    assert await sticky(core) == DESK
    assert (await core.send("And again")).our_address == DESK


@pytest.mark.parametrize("kind", [SendErrorKind.REJECTED, SendErrorKind.OPTED_OUT])
async def test_a_number_that_was_refused_is_not_kept(core: Core, kind: SendErrorKind) -> None:
    await core.receive("Hi", to=OTHER_DESK)
    await core.send("From the desk", from_=DESK)
    (work,) = await core.claim()
    await core.begin(work)
    await core.writer.execute(RecordSendFailure(work, kind, "No."), system(core.workspace_id))
    assert await sticky(core) == OTHER_DESK


async def test_what_was_not_delivered_is_forgotten_and_learnt_again_if_it_was_after_all(core: Core) -> None:
    await core.receive("Hi", to=OTHER_DESK)
    message = await core.send("From the desk", from_=DESK)
    await leaves(core, message)
    await receipt(core, message, Status.UNDELIVERED)
    assert await sticky(core) == OTHER_DESK
    await receipt(core, message, Status.DELIVERED)
    assert await sticky(core) == DESK


async def test_a_late_receipt_takes_nothing_from_what_was_said_since(core: Core) -> None:
    first = await core.send("One", from_=OTHER_DESK)
    await leaves(core, first)
    await core.send("Two", from_=DESK)
    await receipt(core, first, Status.DELIVERED)
    assert await sticky(core) == DESK
    await receipt(core, first, Status.READ)
    assert await sticky(core) == DESK


async def test_a_scheduled_message_counts_when_it_arrives(core: Core) -> None:
    message = await core.send("Later", from_=OTHER_DESK, send_at=core.clock.now + 60_000)
    assert await sticky(core) is NOBODY_YET
    core.clock.forward(60_000)
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    await leaves(core, message)
    await receipt(core, message, Status.DELIVERED)
    assert await sticky(core) == OTHER_DESK


async def test_a_campaign_tells_a_number_only_to_those_who_know_none(core: Core) -> None:
    message = await core.send("Sale", from_=OTHER_DESK, nature=Nature.CAMPAIGN)
    await leaves(core, message)
    await receipt(core, message, Status.DELIVERED)
    assert await sticky(core) == OTHER_DESK
    await core.send("Hello", from_=DESK)
    again = await core.send("Sale", from_=OTHER_DESK, nature=Nature.CAMPAIGN)
    await leaves(core, again)
    await leaves(core, again)
    await receipt(core, again, Status.DELIVERED)
    assert await sticky(core) == DESK
