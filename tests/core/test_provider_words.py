"""What providers say beside the text and the status: consent, cost, and which sender a number is here."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import system
from gateway.core.commands.messages import RecordReceipt, RecordSendFailure
from gateway.domain.consent_words import ConsentWord
from gateway.domain.ids import format_id
from gateway.domain.model import ConsentRecord, Message, Part, Work
from gateway.domain.nature import Nature
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Sender
from gateway.domain.status import Status
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.values import Receipt
from gateway.storage.records import SENDERS
from gateway.workers.inquiries import inquiry_about
from tests.core.running import ACCOUNT, DESK, MAYA, Core, running_core


@pytest.fixture
async def core(sqlite_url: str) -> AsyncIterator[Core]:
    async with running_core(sqlite_url) as running:
        yield running


async def ledger(core: Core) -> list[tuple[str, str, str, str | None]]:
    return [(one.value, one.state, one.source, one.words) for one in await core.all(ConsentRecord)]


async def told(core: Core, work: Work, **more: Any) -> Message:
    """A receipt that names our attempt."""
    receipt = Receipt(("theirs",), attempt=f"{format_id('msg', work.subject_id or 0)}-1", **more)
    await core.writer.execute(RecordReceipt(core.gateway_id, ACCOUNT, receipt), system(core.workspace_id))
    return await core.message(work.subject_id or 0)


async def begun(core: Core) -> Work:
    await core.send()
    [work] = await core.claim()
    await core.begin(work)
    return work


async def test_words_only_the_provider_knows_move_the_ledger(core: Core) -> None:
    stopped = await core.receive("Basta", consent=ConsentWord.STOP)
    started = await core.receive("Otra vez", consent=ConsentWord.START)
    assert await ledger(core) == [
        (MAYA, "unsubscribed", "contact", "Basta"),
        (MAYA, "subscribed", "contact", "Otra vez"),
    ]
    assert [one.message.nature for one in (stopped, started) if one.message] == [Nature.KEYWORD, Nature.KEYWORD]


async def test_a_receipt_tells_that_the_contact_opted_out_there(core: Core) -> None:
    work = await begun(core)
    for _ in range(3):
        message = await told(core, work, state=Status.FAILED, code="21610", text="They opted out.", opted_out=True)
    assert (message.status, message.error_provider_code) == (Status.FAILED, "21610")
    assert await ledger(core) == [(MAYA, "unsubscribed", "provider", "21610: They opted out.")]


async def test_a_receipt_tells_the_cost(core: Core) -> None:
    work = await begun(core)
    message = await told(core, work, state=Status.DELIVERED, cost_micros=7_900, currency="USD")
    assert (message.status, message.cost_micros, message.currency) == (Status.DELIVERED, 7_900, "USD")


async def test_one_number_may_be_two_senders(core: Core) -> None:
    twin = Sender(core.workspace_id, 99, SenderKind.WHATSAPP, DESK, core.clock(), gateway_ids=(core.gateway_id,))
    await core.database.write(lambda session: SENDERS.insert(session, [twin]))
    await core.policy()
    by_sms, by_whatsapp = await core.receive("SMS"), await core.receive("WhatsApp", channel="whatsapp")
    senders = [one.message.sender_id for one in (by_sms, by_whatsapp) if one.message]
    assert senders == [core.sender_id, 99]


async def test_an_inquiry_says_when_it_may_have_left(core: Core) -> None:
    work = await begun(core)
    core.clock.forward(20_000)
    lost = RecordSendFailure(work, SendErrorKind.UNCERTAIN, "No answer came.")
    message = await core.writer.execute(lost, system(core.workspace_id))
    assert message is not None
    parts = [one for one in await core.all(Part) if one.message_id == message.id]
    inquiry = inquiry_about(message, parts)
    assert (inquiry.body, inquiry.to, inquiry.sender) == ("Hello back", MAYA, DESK)
    assert (inquiry.since, inquiry.until) == (core.clock() - 20_000, core.clock())
