"""Ids are the provider's: what becomes of messages that it calls the same."""

from gateway.core.caller import system
from gateway.core.commands.messages import RecordReceipt, RecordSent, Start
from gateway.domain.model import Work
from gateway.domain.status import Status
from gateway.sdk.ids import format_message_id
from gateway.sdk.values import PartResult, Receipt, SendResult
from tests.core.running import ACCOUNT, Core, running_core


async def told(core: Core, provider_id: str, state: Status, *, attempt: str | None = None) -> bool:
    command = RecordReceipt(core.gateway_id, ACCOUNT, Receipt((provider_id,), state, attempt=attempt))
    return await core.writer.execute(command, system(core.workspace_id))


async def test_an_id_that_the_provider_gives_twice_holds_nothing_up(database_url: str) -> None:
    """A message centre that starts again counts from one; a path in the settings may lead to `ok` instead of an id."""
    async with running_core(database_url) as core:
        sent = []
        for body in ("first", "second"):
            sent.append(await core.send(body))
            [work] = await core.claim()
            start = await core.begin(work)
            assert isinstance(start, Start)
            command = RecordSent(work, start.outbound.attempt, ACCOUNT, SendResult((PartResult(1, "1"),)))
            await core.writer.execute(command, system(core.workspace_id))
        assert [(await core.message(one.id)).status for one in sent] == [Status.SENT, Status.SENT]
        assert await told(core, "1", Status.DELIVERED)
        assert [(await core.message(one.id)).status for one in sent] == [Status.SENT, Status.DELIVERED]
        assert await told(core, "1", Status.DELIVERED, attempt=f"{format_message_id(sent[0].id)}-1")
        assert (await core.message(sent[0].id)).status is Status.DELIVERED
        assert await core.all(Work) == []
