"""What a message costs: said before, kept afterwards, corrected by whoever sends the bill."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import system
from gateway.core.commands.messages import RecordReceipt, RecordSent
from gateway.core.commands.settings import UpdateGateway, UpdateSender
from gateway.core.explanation import explain
from gateway.domain.model import Message
from gateway.domain.prices import Price
from gateway.domain.status import Status
from gateway.sdk.values import PartResult, Receipt, SendResult
from tests.core.running import ACCOUNT, Core, running_core

TABLE = {"sms": "0.0079", "currency": "USD"}


@pytest.fixture
async def core(sqlite_url: str) -> AsyncIterator[Core]:
    async with running_core(sqlite_url) as core:
        await core.writer.execute(UpdateGateway(core.gateway_id, prices={"sms": "1", "currency": "EUR"}), core.admin)
        await core.writer.execute(UpdateSender(core.sender_id, prices=TABLE), core.admin)
        yield core


async def sent(core: Core, **result: Any) -> Message:
    """A message that the provider took, with what it said of the price."""
    message = await core.send("Hello")
    (work,) = await core.claim()
    start = await core.begin(work)
    answer = SendResult((PartResult(1, f"p-{message.id}"),), **result)
    await core.writer.execute(RecordSent(work, start.outbound.attempt, ACCOUNT, answer), system(core.workspace_id))
    return await core.message(message.id)


async def test_what_nobody_corrects_stays(core: Core) -> None:
    found = explain(await sent(core))
    assert (found.estimate, found.cost, found.corrected) == (Price(7_900, "USD"), Price(7_900, "USD"), False)


async def test_the_provider_s_answer_corrects_it(core: Core) -> None:
    found = explain(await sent(core, cost_micros=8_500, currency="USD"))
    assert (found.estimate, found.cost, found.corrected) == (Price(7_900, "USD"), Price(8_500, "USD"), True)


async def test_a_receipt_corrects_it_once_more(core: Core) -> None:
    message = await sent(core, cost_micros=8_500, currency="USD")
    receipt = Receipt((f"p-{message.id}",), Status.DELIVERED, cost_micros=9_000, currency="EUR")
    await core.writer.execute(RecordReceipt(core.gateway_id, ACCOUNT, receipt), system(core.workspace_id))
    found = explain(await core.message(message.id))
    assert (found.estimate, found.cost) == (Price(7_900, "USD"), Price(9_000, "EUR"))


async def test_without_a_price_of_its_own_a_sender_costs_what_its_gateway_does(core: Core) -> None:
    await core.writer.execute(UpdateSender(core.sender_id, prices={}), core.admin)
    message = await core.send("x" * 161)
    assert (message.cost_micros, message.currency) == (2_000_000, "EUR")
    await core.writer.execute(UpdateGateway(core.gateway_id, prices={}), core.admin)
    unpriced = await core.send("Hello")
    assert (unpriced.cost_micros, unpriced.currency) == (None, None)
