"""A provider is asked about a send whose answer was lost: after a minute by itself, at once by a person."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.core.caller import system
from gateway.core.commands.messages import RecordSendFailure, Settlement, SettleMessage
from gateway.domain.ids import format_id
from gateway.domain.model import Work
from gateway.domain.status import Status
from gateway.host.channels import ChannelUnavailable
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.values import Inquiry, Receipt
from gateway.workers.chores import ChoreFailed
from gateway.workers.inquiries import Inquiries
from tests.core.running import ACCOUNT, Core, running_core


class Provider:
    """The far side: what it answers, and what it was asked."""

    def __init__(self, *answers: Receipt, away: bool = False) -> None:
        self.answers = answers
        self.asked: list[Inquiry] = []
        self.away = away

    async def ask(self, inquiry: Inquiry) -> Sequence[Receipt]:
        self.asked.append(inquiry)
        return self.answers

    @asynccontextmanager
    async def borrow(self, *gateway: int, paused_too: bool) -> AsyncIterator[Any]:
        if self.away:
            raise ChannelUnavailable("It is switched off.", lasting=False)
        yield SimpleNamespace(type="far", ask=self.ask, account=lambda: ACCOUNT)


@pytest.fixture
async def core(sqlite_url: str) -> AsyncIterator[Core]:
    async with running_core(sqlite_url) as running:
        yield running


async def asked_for(core: Core) -> tuple[int, Work]:
    """An uncertain message, and the work that a person's "check" made."""
    message = await core.send()
    [work] = await core.claim()
    await core.begin(work)
    lost = RecordSendFailure(work, SendErrorKind.UNCERTAIN, "No answer came.")
    await core.writer.execute(lost, system(core.workspace_id))
    [by_itself] = await core.all(Work)
    assert (by_itself.kind, by_itself.due_at - core.clock()) == ("check", 60_000)
    await core.writer.execute(SettleMessage(message.id, Settlement.CHECK), core.admin)
    [check] = [one for one in await core.all(Work) if one.due_at <= core.clock()]
    return message.id, check


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((), Status.UNCERTAIN),
        ((Receipt(("theirs",), Status.DELIVERED),), Status.DELIVERED),
        ((Receipt(("theirs",), Status.FAILED),), Status.FAILED),
    ],
)
async def test_what_it_answers_settles_the_message(core: Core, answers: tuple[Receipt, ...], expected: Status) -> None:
    message_id, work = await asked_for(core)
    named = tuple(Receipt(one.provider_ids, one.state, f"{name_of(message_id)}-1") for one in answers)
    provider = Provider(*named)
    await Inquiries(core.database, core.writer.execute, provider).ask(work)  # type: ignore[arg-type]
    assert [one.message_id for one in provider.asked] == [name_of(message_id)]
    assert (await core.message(message_id)).status is expected


async def test_it_is_asked_later_when_it_is_away(core: Core) -> None:
    _, work = await asked_for(core)
    with pytest.raises(ChoreFailed, match="switched off"):
        await Inquiries(core.database, core.writer.execute, Provider(away=True)).ask(work)  # type: ignore[arg-type]


def name_of(message_id: int) -> str:
    return format_id("msg", message_id)
